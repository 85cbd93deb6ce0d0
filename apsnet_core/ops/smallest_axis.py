"""The direction of least variance of points, for many small neighbourhoods at once."""

from __future__ import annotations

import numpy as np

from apsnet_core.types import Float64

CLEAR = 1e-6  # times the squared trace: a shorter cross product does not determine a direction


def smallest_axes(matrices: Float64) -> tuple[Float64, Float64]:
    """Return the smallest eigenvalue (n,) of each symmetric matrix (n, 3, 3), and its eigenvector (n, 3).

    Eigenvalues below 0 become 0. The function uses the closed form (Smith, 1961), which takes a tenth of the
    time of `numpy.linalg.eigh`. The latter is used where the axis is not unique.
    """
    xx, xy, xz = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 0, 2]
    yy, yz, zz = matrices[:, 1, 1], matrices[:, 1, 2], matrices[:, 2, 2]
    trace = xx + yy + zz
    mean = trace / 3
    a, b, c = xx - mean, yy - mean, zz - mean
    radius = np.sqrt((a * a + b * b + c * c + 2 * (xy * xy + xz * xz + yz * yz)) / 6)
    half = (a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz)) / 2
    cosine = np.divide(half, radius**3, out=np.ones(len(half)), where=radius > 1e-100)
    least = mean + 2 * radius * np.cos((np.arccos(cosine.clip(-1, 1)) + 2 * np.pi) / 3)
    # The axis is orthogonal to the rows of matrix - least * I. Their longest cross product is the most exact.
    a, b, c = xx - least, yy - least, zz - least
    axes, length = _cross(xy, b, yz, xz, yz, c)
    for other in (_cross(a, xy, xz, xz, yz, c), _cross(a, xy, xz, xy, b, yz)):
        longer = other[1] > length
        axes[longer], length[longer] = other[0][longer], other[1][longer]
    length = np.sqrt(length)
    unclear = ~(length > CLEAR * trace * trace)
    axes /= np.where(unclear, 1, length)[:, None]
    # The Rayleigh quotient of the axis, in which the axis' error only counts squared.
    taken = np.stack([
        xx * axes[:, 0] + xy * axes[:, 1] + xz * axes[:, 2],
        xy * axes[:, 0] + yy * axes[:, 1] + yz * axes[:, 2],
        xz * axes[:, 0] + yz * axes[:, 1] + zz * axes[:, 2],
    ], axis=1)  # fmt: skip
    least = np.einsum("ni,ni->n", axes, taken)
    if unclear.any():
        values, vectors = np.linalg.eigh(matrices[unclear])
        least[unclear], axes[unclear] = values[:, 0], vectors[:, :, 0]
    return np.maximum(least, 0), axes


def _cross(a: Float64, b: Float64, c: Float64, d: Float64, e: Float64, f: Float64) -> tuple[Float64, Float64]:
    """The cross product (a, b, c) x (d, e, f), (n, 3), and its squared length (n,)."""
    found = np.stack([b * f - c * e, c * d - a * f, a * e - b * d], axis=1)
    return found, np.einsum("ni,ni->n", found, found)
