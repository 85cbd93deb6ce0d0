"""Draw points as discs of pixels, with the nearest disc visible at each pixel."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from apsnet_core.types import Array, Float64, Int64

LARGEST = 96  # pixels; a larger point would hide the picture
_EXACT, _STEP = 8, 1.12  # diameters up to _EXACT are kept, larger ones are rounded to powers of _STEP

Int32 = npt.NDArray[np.int32]


def nearest_discs(pixels: Array, depth: Array, diameters: Int32, size: tuple[int, int]) -> Int64:
    """The row of the nearest disc at each pixel (h, w), or -1 at pixels without a disc.

    ``pixels`` (n, 2) are the centres of the discs in a picture of ``size`` (width, height), with y down from
    the upper left corner. ``depth`` (n,) is smaller for nearer discs; ``diameters`` (n,) are integers.
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
            # Ranks ascend, so the last assignment to a pixel wins, which is the nearest disc.
            near[pixel] = np.maximum(near[pixel], rank)
    picture = near.reshape(height + 2 * margin, wide)[margin : margin + height, margin : margin + width]
    rows = np.full((height, width), -1, np.int64)
    there = picture >= 0
    rows[there] = far_first[picture[there]]
    return rows


def _falling(depth: Array) -> Int64:
    """The indices (n,) that sort ``depth`` (n,) as float32 from the largest; the sort is stable.

    It sorts by the lower, then the upper 16 bits, for which numpy uses radix sort, five times as fast.
    """
    bits = depth.astype(np.float32).view(np.uint32)
    rising = np.where(bits >> 31, ~bits, bits | np.uint32(1 << 31))  # ordered like the floats, also negative
    by_lower = np.argsort((~rising).astype(np.uint16), kind="stable")
    upper = (~rising >> 16).astype(np.uint16)
    order: Int64 = by_lower[np.argsort(upper[by_lower], kind="stable")]
    return order


def in_picture(pixels: Array, diameters: Int32 | int, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """The mask (n,) of the discs with centres ``pixels`` (n, 2) that may reach into a picture of ``size``."""
    reach = np.asarray(diameters) / 2 + 0.5
    x, y = pixels[:, 0], pixels[:, 1]
    inside: npt.NDArray[np.bool_] = (
        (x > 0.5 - reach) & (x < size[0] + reach - 0.5) & (y > 0.5 - reach) & (y < size[1] + reach - 0.5)
    )
    return inside


def in_steps(sizes: Float64) -> Int32:
    """Integer diameters for ``sizes`` (n,), rounded to few different values, because each one takes time."""
    exact = np.clip(np.rint(sizes), 1, LARGEST)
    steps = np.rint(np.log(np.maximum(sizes, _EXACT) / _EXACT) / np.log(_STEP))
    coarse = np.minimum(np.rint(_EXACT * _STEP**steps), LARGEST)
    return np.where(sizes <= _EXACT, exact, coarse).astype(np.int32)


def area(diameter: int) -> int:
    """The number of pixels of a disc."""
    return len(_stamp(diameter))


@lru_cache(maxsize=128)
def _stamp(diameter: int) -> tuple[tuple[int, int], ...]:
    """The pixels whose centres are inside a disc, as offsets (down, right) from its upper left corner."""
    middle = np.arange(diameter) + 0.5 - diameter / 2
    inside = middle[:, None] ** 2 + middle[None] ** 2 <= diameter**2 / 4
    return tuple((int(down), int(right)) for down, right in np.argwhere(inside))
