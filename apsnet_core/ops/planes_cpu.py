"""Fitting planes to the neighbourhoods of points, with the compiled kernel if available, else in numpy."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from apsnet_core.ops.compiled import Kernels
from apsnet_core.ops.smallest_axis import smallest_axes
from apsnet_core.types import Float32, Int64

# Loading the kernel pays off after this many planes.
_WORTH = 1 << 20

KERNELS = Kernels("apsnet_core.ops.plane_kernels", _WORTH)


class Planes(NamedTuple):
    """The planes around n points, all in float32: normals (n, 3), variation (n,) and thickness (n,)."""

    normals: Float32
    variation: Float32
    thickness: Float32


def fit_planes(
    points: Float32, rows: Int64, index: Int64, planes: Planes, kernels: ModuleType | None
) -> None:
    """Fill ``planes`` at the ``rows`` (b,) of ``points`` (n, 3) from their neighbours ``index`` (b, k)."""
    if kernels is not None:
        unclear = np.empty(len(rows), dtype=np.bool_)
        kernels.fit(points, rows, index, *planes, unclear)
        if not unclear.any():
            return
        rows, index = rows[unclear], index[unclear]
    around = (points[index] - points[rows, None]).astype(np.float64)  # near, so float32 is exact enough
    middle = np.full(index.shape[1], 1 / index.shape[1]) @ around
    squares = around.transpose(0, 2, 1) @ around / index.shape[1]
    squares -= middle[:, :, None] * middle[:, None]
    least, planes.normals[rows] = smallest_axes(squares)
    total = np.trace(squares, axis1=1, axis2=2)
    planes.variation[rows] = np.divide(least, total, out=np.zeros(len(total)), where=total > 0)
    planes.thickness[rows] = np.sqrt(least)
