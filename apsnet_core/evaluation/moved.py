"""The samples that two samplings share, those that only one contains, and pairs of replaced samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apsnet_core.placing import counted
from apsnet_core.sampling import Sampling
from apsnet_core.types import Float32, Float64, Int64, Mask
from apsnet_core.units import with_unit

MOST_PAIRED = 1024
"""The largest number of lost or gained samples that are paired; the time grows with its cube."""


@dataclass(frozen=True, eq=False)
class Moved:
    """The changes from a first to a second sampling of a cloud.

    ``kept`` (k, 3) are in both, ``lost`` (l, 3) only in the first, ``gained`` (g, 3) only in the second.
    ``pairs`` (p, 2) are rows of ``lost`` and ``gained``: as many pairs as possible, with the smallest sum of
    distances; none if there are more than `MOST_PAIRED` of either. ``new`` (m,) marks the gained samples
    among those of the second sampling, in its order. Lengths are in ``length_unit``, if that is known.
    """

    kept: Float32
    lost: Float32
    gained: Float32
    pairs: Int64
    new: Mask
    length_unit: str = ""

    @property
    def lengths(self) -> Float64:
        """The distance between the points of each pair, (p,)."""
        ends = self.lost[self.pairs[:, 0]].astype(np.float64), self.gained[self.pairs[:, 1]]
        lengths: Float64 = np.linalg.norm(ends[0] - ends[1], axis=1)
        return lengths

    @property
    def words(self) -> str:
        """A sentence that summarises the changes."""
        first, second = len(self.kept) + len(self.lost), len(self.kept) + len(self.gained)
        if not len(self.lost) and not len(self.gained):
            return f"All {counted(first, 'sample')} are the same."
        sizes = f"{first}" if first == second else f"{first} and {second}"
        said = f"{len(self.kept)} of {sizes} samples are in both"
        if not len(self.pairs):
            return f"{said}."
        pairs = counted(len(self.pairs), "pair")
        apart = with_unit(f"{self.lengths.mean():.3g}", self.length_unit or "units")
        return f"{said}; the others make {pairs}, on average {apart} apart."


def moved(first: Sampling, second: Sampling) -> Moved:
    """The changes from the ``first`` to the ``second`` sampling; samples are matched by equal positions."""
    before, after = first.points, second.points
    count: dict[bytes, int] = {}
    for point in after:
        count[point.tobytes()] = count.get(point.tobytes(), 0) + 1
    shared: dict[bytes, int] = {}
    stays = np.zeros(len(before), bool)
    for row, point in enumerate(before):
        key = point.tobytes()
        if shared.get(key, 0) < count.get(key, 0):
            shared[key] = shared.get(key, 0) + 1
            stays[row] = True
    arrived = np.ones(len(after), bool)
    for row, point in enumerate(after):
        key = point.tobytes()
        if shared.get(key, 0):
            shared[key] -= 1
            arrived[row] = False
    lost, gained = before[~stays], after[arrived]
    length_unit = first.cloud.unit if first.cloud is not None else ""
    return Moved(before[stays], lost, gained, _paired(lost, gained), arrived, length_unit)


def _paired(lost: Float32, gained: Float32) -> Int64:
    if not len(lost) or not len(gained) or max(len(lost), len(gained)) > MOST_PAIRED:
        return np.zeros((0, 2), np.int64)
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    return np.stack(linear_sum_assignment(cdist(lost, gained)), axis=1).astype(np.int64)
