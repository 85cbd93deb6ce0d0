"""Points as discs of pixels, of which the nearest is seen."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from apsnet_core.types import Array, Float64, Int64

LARGEST = 96  # pixels across: beyond it a point hides the picture
_EXACT, _STEP = 8, 1.12  # diameters up to the first are kept, larger ones come in steps of a factor

Int32 = npt.NDArray[np.int32]


def nearest_discs(pixels: Array, depth: Array, diameters: Int32, size: tuple[int, int]) -> Int64:
    """(h, w): of each pixel the row of the nearest disc there, -1 where none is.

    ``pixels`` (n, 2) are the discs' middles in a picture of ``size`` (width, height), y down from the upper
    left corner; ``depth`` (n,) is smaller where it is nearer; ``diameters`` (n,) are whole.
    """
    width, height = size
    seen = np.flatnonzero(in_picture(pixels, diameters, size))
    far_first = seen[_falling(depth[seen])]
    across = diameters[far_first]
    margin = int(across.max(initial=0))
    wide = width + 2 * margin
    corner = np.rint(pixels[far_first] - across[:, None] / 2).astype(np.int32) + margin
    place = corner[:, 1] * wide + corner[:, 0]
    near = np.full((height + 2 * margin) * wide, -1, np.int32)
    for diameter in np.unique(across).tolist():
        rank = np.flatnonzero(across == diameter).astype(np.int32)
        at = place[rank]
        for down, right in _stamp(diameter):
            pixel = at + (down * wide + right)
            # Ranks rise: of those for one pixel the last stays, which is the nearest.
            near[pixel] = np.maximum(near[pixel], rank)
    picture = near.reshape(height + 2 * margin, wide)[margin : margin + height, margin : margin + width]
    rows = np.full((height, width), -1, np.int64)
    there = picture >= 0
    rows[there] = far_first[picture[there]]
    return rows


def _falling(depth: Array) -> Int64:
    """The order of ``depth`` (n,), in 32 bits, from the largest on; equals stay as they are.

    By its upper and its lower 16 bits: of such numbers numpy sorts digits, five times as fast.
    """
    bits = depth.astype(np.float32).view(np.uint32)
    rising = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))  # the order of floats, negative ones too
    by_lower = np.argsort((~rising).astype(np.uint16), kind="stable")
    upper = (~rising >> 16).astype(np.uint16)
    order: Int64 = by_lower[np.argsort(upper[by_lower], kind="stable")]
    return order


def in_picture(pixels: Array, diameters: Int32 | int, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """(n,): which discs with middles at ``pixels`` (n, 2) may reach into a picture of ``size``."""
    reach = np.asarray(diameters) / 2 + 0.5
    x, y = pixels[:, 0], pixels[:, 1]
    inside: npt.NDArray[np.bool_] = (
        (x > 0.5 - reach) & (x < size[0] + reach - 0.5) & (y > 0.5 - reach) & (y < size[1] + reach - 0.5)
    )
    return inside


def in_steps(sizes: Float64) -> Int32:
    """Whole diameters for ``sizes`` (n,), few different ones: each costs time of its own."""
    exact = np.clip(np.rint(sizes), 1, LARGEST)
    steps = np.rint(np.log(np.maximum(sizes, _EXACT) / _EXACT) / np.log(_STEP))
    coarse = np.minimum(np.rint(_EXACT * _STEP**steps), LARGEST)
    return np.where(sizes <= _EXACT, exact, coarse).astype(np.int32)


def area(diameter: int) -> int:
    """The pixels of a disc."""
    return len(_stamp(diameter))


@lru_cache(maxsize=128)
def _stamp(diameter: int) -> tuple[tuple[int, int], ...]:
    """The pixels of a disc: how far below and right of its corner those are whose middles lie within it."""
    middle = np.arange(diameter) + 0.5 - diameter / 2
    inside = middle[:, None] ** 2 + middle[None] ** 2 <= diameter**2 / 4
    return tuple((int(down), int(right)) for down, right in np.argwhere(inside))
