"""Samples edited by hand: moved, removed or added."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.sampling import Sampling

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Edit:
    """Changes to ``m`` samples, each with a number: 0..m-1 for original samples, from m on for added ones.

    ``placed`` are the new positions by number, in the coordinates of the cloud's ``xyz``.
    """

    m: int
    placed: tuple[tuple[int, Point], ...] = ()
    removed: tuple[int, ...] = ()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the existing samples, in the order of the result of `edited`."""
        added = [number for number, _ in self.placed if number >= self.m]
        return [number for number in (*range(self.m), *added) if number not in self.removed]

    @property
    def moved(self) -> list[int]:
        """The numbers of the original samples that were moved."""
        return [number for number, _ in self.placed if number < self.m]

    @property
    def words(self) -> str:
        """A summary such as "1 moved, 2 removed"; empty for no change."""
        added = len(self.numbers) - self.m + sum(number < self.m for number in self.removed)
        counts = (len(self.moved), "moved"), (len(self.removed), "removed"), (added, "added")
        return ", ".join(f"{count} {what}" for count, what in counts if count)

    def place(self, number: int, at: Point) -> Edit:
        """This edit with one sample at another position."""
        placed = dict(self.placed) | {number: at}
        return replace(self, placed=tuple(sorted(placed.items())))

    def add(self, at: Point) -> Edit:
        """This edit with one more sample."""
        return self.place(max([self.m - 1, *(number for number, _ in self.placed)]) + 1, at)

    def remove(self, number: int) -> Edit:
        """This edit without one sample; ``ValueError`` if it is the last one."""
        if self.numbers == [number]:
            raise ValueError("the last sample cannot be removed: there would be nothing to judge")
        placed = tuple(item for item in self.placed if item[0] != number)
        gone = (*self.removed, number) if number < self.m else self.removed
        return replace(self, placed=placed, removed=tuple(sorted(gone)))


def edited(sampling: Sampling, edit: Edit, cloud: PointCloud) -> Sampling:
    """Apply ``edit`` to a ``sampling`` of ``cloud``: the remaining samples in order, then the added ones.

    ``indices`` are the rows of the cloud at the samples' positions, None if a sample is at another position.
    The attention belongs to the original samples, so it is left out. ``ValueError`` if the edit is for
    another number of samples.
    """
    if edit.m != sampling.m:
        raise ValueError(f"these changes are for {edit.m} samples, but there are {sampling.m}")
    if not edit.words:
        return sampling
    there = dict(enumerate(sampling.points)) | {
        number: np.array(at, np.float32) for number, at in edit.placed
    }
    points = np.stack([there[number] for number in edit.numbers])
    indices = None
    if sampling.indices is not None:
        known = dict(enumerate(sampling.indices.tolist()))
        known |= {number: _row(cloud, at) for number, at in edit.placed}
        rows = np.array([known[number] for number in edit.numbers], np.int64)
        indices = None if (rows < 0).any() else rows
    return replace(sampling, points=points, indices=indices, m=len(points), rollout=None)


def _row(cloud: PointCloud, at: Point) -> int:
    """The row of ``cloud`` at that position, -1 if there is none."""
    rows = np.flatnonzero((cloud.xyz == np.array(at, np.float32)).all(axis=1))
    return int(rows[0]) if len(rows) else -1
