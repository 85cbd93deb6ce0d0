"""Fitting planes to small neighbourhoods, as a function that numba compiles: see `planes_cpu`.

Importing this module compiles it, or loads the function compiled earlier.
"""

from __future__ import annotations

from math import acos, cos, pi, sqrt
from typing import Any

from apsnet_core.ops.compiled import compiled
from apsnet_core.ops.smallest_axis import CLEAR

Array = Any  # a numpy array for mypy, and numba's own array for numba


@compiled(  # read-only, because the points of a mapped file are, and from scipy 1.18 on its tree's indices
    "void(Array(float32, 2, 'C', readonly=True), Array(int64, 1, 'C', readonly=True), int64[:,::1],"
    " float32[:,::1], float32[::1], float32[::1], boolean[::1])"
)
def fit(
    points: Array,
    rows: Array,
    index: Array,
    normals: Array,
    variation: Array,
    thickness: Array,
    unclear: Array,
) -> None:
    """Fit planes to the neighbours ``index`` (b, k) of the ``rows`` (b,) of ``points`` (n, 3).

    Fills ``normals`` (n, 3), ``variation`` (n,) and ``thickness`` (n,) at these rows. Where the normal is not
    unique they stay unchanged, and ``unclear`` (b,) is True. The algorithm is the same as in
    `apsnet_core.ops.smallest_axis.smallest_axes`.
    """
    k = index.shape[1]
    for i in range(len(rows)):
        row = rows[i]
        mx = my = mz = xx = xy = xz = yy = yz = zz = 0.0
        for j in range(k):
            other = index[i, j]
            mx += points[other, 0] - points[row, 0]
            my += points[other, 1] - points[row, 1]
            mz += points[other, 2] - points[row, 2]
        mx, my, mz = mx / k, my / k, mz / k
        for j in range(k):
            other = index[i, j]
            x = points[other, 0] - points[row, 0] - mx
            y = points[other, 1] - points[row, 1] - my
            z = points[other, 2] - points[row, 2] - mz
            xx, xy, xz = xx + x * x, xy + x * y, xz + x * z
            yy, yz, zz = yy + y * y, yz + y * z, zz + z * z
        xx, xy, xz, yy, yz, zz = xx / k, xy / k, xz / k, yy / k, yz / k, zz / k
        trace = xx + yy + zz
        mean = trace / 3
        a, b, c = xx - mean, yy - mean, zz - mean
        radius = sqrt((a * a + b * b + c * c + 2 * (xy * xy + xz * xz + yz * yz)) / 6)
        half = (a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz)) / 2
        cosine = half / (radius * radius * radius) if radius > 1e-100 else 1.0
        least = mean + 2 * radius * cos((acos(min(max(cosine, -1.0), 1.0)) + 2 * pi) / 3)
        a, b, c = xx - least, yy - least, zz - least
        px, py, pz = xy * yz - xz * b, xz * xy - a * yz, a * b - xy * xy
        longest = px * px + py * py + pz * pz
        qx, qy, qz = xy * c - xz * yz, xz * xz - a * c, a * yz - xy * xz
        length = qx * qx + qy * qy + qz * qz
        if length > longest:
            px, py, pz, longest = qx, qy, qz, length
        qx, qy, qz = b * c - yz * yz, yz * xz - xy * c, xy * yz - b * xz
        length = qx * qx + qy * qy + qz * qz
        if length > longest:
            px, py, pz, longest = qx, qy, qz, length
        length = sqrt(longest)
        unclear[i] = not length > CLEAR * trace * trace
        if unclear[i]:
            continue
        px, py, pz = px / length, py / length, pz / length
        least = (
            px * (xx * px + xy * py + xz * pz)
            + py * (xy * px + yy * py + yz * pz)
            + pz * (xz * px + yz * py + zz * pz)
        )
        least = max(least, 0.0)
        normals[row, 0], normals[row, 1], normals[row, 2] = px, py, pz
        variation[row] = least / trace
        thickness[row] = sqrt(least)
