"""numpy, imported at its first use, so that the window appears without waiting for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apsnet_core.lazy import LazyModule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    np = LazyModule("numpy")
    npt = LazyModule("numpy.typing")

__all__ = ["np", "npt"]
