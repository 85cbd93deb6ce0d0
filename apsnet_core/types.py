"""Names for the types that many rooms use, and the reason of each that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]
    Float64 = npt.NDArray[np.float64]
    Int64 = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    UInt8 = npt.NDArray[np.uint8]

    Array = npt.NDArray[Any]
    """An array of any type: files and callers bring all of them."""

    DType = np.dtype[Any]
    """The type of an array's elements, which a file decides."""
else:  # nothing asks for them while the program runs, and the window is painted before numpy is imported
    Float32 = Float64 = Int64 = Mask = UInt8 = Array = DType = object

Values = dict[str, Any]
"""Plain values by name, as JSON and TOML hold them: numbers, texts, lists, and such values again."""

Foreign = Any
"""An object of a library without types, as Open3D, trimesh, pandas, h5py, laspy, onnx and numba."""

Unchecked = object
"""Whatever a file or a caller gives: it is checked before anything is done with it."""

Changed = Any
"""A field's new value, by the field's name, as `dataclasses.replace` takes it."""

Progress = Callable[[float], None]
"""Told the share of a work that is done, 0 to 1; what it raises ends the work."""
