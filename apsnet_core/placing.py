"""Absolute coordinates as float32 relative to an offset, so that large ones keep their digits."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.types import Array, Float32, Float64, Mask

_ABREAST = 1024  # points in one long row of `corners`
_LARGEST = 1e18  # squared distances of larger coordinates overflow float32


def no_offset() -> Float64:
    """A zero offset (3,), for coordinates that are already absolute."""
    return np.zeros(3, dtype=np.float64)


def place(xyz: Array) -> tuple[Float32, Float64, Mask | None]:
    """Convert absolute positions (n, 3) to float32 relative to an offset.

    Returns the positions, the offset and a mask of the kept rows (None: all). Rows that are not finite are
    dropped. ValueError with one sentence if no row is left, if the values are not numbers, or if they are too
    large to be positions.
    """
    if not len(xyz):
        raise ValueError("there is no point in it; at least one is needed")
    if xyz.dtype.kind not in "fiu":
        raise ValueError(f"its coordinates are of type {xyz.dtype}; numbers are needed")
    keep: Mask | None = None
    if not np.isfinite(xyz).all():
        keep = np.asarray(np.isfinite(xyz).all(axis=1))
        xyz = xyz[keep]
        if not len(xyz):
            raise ValueError("none of its points is finite; at least one point without NaN or inf is needed")
    low, high = (corner.astype(np.float64) for corner in corners(xyz))
    check_range(low, high)
    offset = choose_offset(low, high)
    if not offset.any():
        return np.ascontiguousarray(xyz, dtype=np.float32), offset, keep
    relative = (xyz - offset).astype(np.float32)
    if xyz.dtype.itemsize <= 4 and xyz.dtype.kind == "f" and not np.array_equal(relative + offset, xyz):
        # The float32 values of the file are exact, and would be rounded relative to this offset.
        return np.ascontiguousarray(xyz, dtype=np.float32), np.zeros(3), keep
    return relative, offset, keep


def corners(points: Array) -> tuple[Array, Array]:
    """The lowest and the highest corner (k,) of the bounding box of points (n, k), in their type.

    Many points are first reduced in long rows, and the rest is reduced column by column: numpy takes many
    times as long for rows of three numbers.
    """
    whole = len(points) // _ABREAST * _ABREAST
    if whole > _ABREAST and points.flags.c_contiguous:
        rows = points[:whole].reshape(-1, _ABREAST * points.shape[1])
        ends = [row.reshape(_ABREAST, -1) for row in (rows.min(axis=0), rows.max(axis=0))]
        points = np.concatenate([*ends, points[whole:]])
    columns = points.T
    return np.array([column.min() for column in columns]), np.array([column.max() for column in columns])


def check_range(low: Float64, high: Float64) -> None:
    """Raise ValueError if the corners (3,) of the bounding box are too far out to be positions."""
    reach = max(float(np.abs(low).max()), float(np.abs(high).max()))
    if reach > _LARGEST:
        raise ValueError(
            f"it has coordinates as large as {reach:.1e}, which looks like damage; up to 1e18 is accepted"
        )


def are_positions(low: Float64, high: Float64) -> bool:
    """Whether the corners (3,) of a bounding box given in a file are plausible positions."""
    return bool((np.abs([low, high]) <= _LARGEST).all())


def choose_offset(low: Float64, high: Float64) -> Float64:
    """The offset for a box from ``low`` to ``high`` (3,): zero if float32 resolves the box well without one.

    float32 keeps 24 bits. If the box is further from the origin than 16 times its size, more than four of
    these bits say nothing about the shape; beyond 4096 units, the precision falls below a millimetre. The
    offset is then the centre, rounded to a binary grid about as coarse as the box, so that subtracting it is
    exact where possible.
    """
    size = float((high - low).max())
    reach = max(float(np.abs(low).max()), float(np.abs(high).max()))
    if reach <= 4096 and (reach <= 16 * size or size == 0):
        return np.zeros(3)
    step = 2.0 ** np.floor(np.log2(size)) if size > 0 else 1.0
    offset: Float64 = np.round((low + high) / 2 / step) * step
    return offset + 0.0  # no negative zeros


def coordinates_text(position: Array | tuple[float, float, float], extent: float) -> str:
    """Format an absolute position (3,) as text: "636927.412, 851062.070, 118.100".

    It has at least three decimals, and enough to distinguish points of a shape of that ``extent`` (its
    longest side, in the same units).
    """
    finer = 4 - int(np.floor(np.log10(extent))) if extent > 0 else 6
    digits = min(max(3, finer), 12)
    return ", ".join(f"{float(value):.{digits}f}" for value in position)


def finite_normals(normals: Array) -> tuple[Float32, tuple[str, ...]]:
    """Normals (n, 3) as float32, with zero for those that are not finite, and a note that counts these."""
    with np.errstate(over="ignore"):
        found = normals.astype(np.float32)
    broken = ~np.isfinite(found).all(axis=1)
    if not broken.any():
        return found, ()
    found[broken] = 0
    return found, (f"{counted(int(broken.sum()), 'normal')} not finite: (0, 0, 0) instead",)


def left_out(count: int) -> tuple[str, ...]:
    """A sentence on the ``count`` of points that were not finite; an empty tuple if there were none."""
    were = "was" if count == 1 else "were"
    return (f"{counted(count, 'point')} {were} not finite and left out",) if count else ()


def counted(count: int, what: str, many: str | None = None) -> str:
    """A count with its noun, "1 point" or "2,000 points"; ``many`` is an irregular plural."""
    return f"{count:,} {what if count == 1 else many or what + 's'}"
