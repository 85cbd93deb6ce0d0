"""Names for types that many packages use, with a reason for each type that accepts anything."""

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
    """An array of any element type, since files and callers provide all of them."""

    DType = np.dtype[Any]
    """The element type of an array, which depends on the file."""
else:  # nothing uses these types at run time, and the window is painted before numpy is imported
    Float32 = Float64 = Int64 = Mask = UInt8 = Array = DType = object

Values = dict[str, Any]
"""Plain values by name, as in JSON and TOML: numbers, texts, lists, and nested values."""

Foreign = Any
"""An object of a library without type annotations: Open3D, trimesh, pandas, h5py, laspy, onnx and numba."""

Unchecked = object
"""Any value from a file or a caller, which is checked before it is used."""

Changed = Any
"""A new value of a field, passed by the field's name to `dataclasses.replace`."""

Progress = Callable[[float], None]
"""A callback with the finished share of a task, 0 to 1; an exception that it raises ends the task."""
