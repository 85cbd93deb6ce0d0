"""The parts of a cloud that resemble the training shapes of a net, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.arrays import np
from apsnet_core.percent import SIGN
from apsnet_core.types import Int64

FAR = 95
"""A shape is unlike the training if it is farther from it than this percentage of shapes of its kind."""


@dataclass(frozen=True, eq=False)
class CheckedParts:
    """The distance of each part of a cloud from the training of the nets for ``task``.

    ``farther`` (parts,) is the percentage of shapes of the same kind that are nearer to the training than the
    part, or -1 for a part that was not compared.
    """

    task: str
    farther: Int64

    @property
    def unlike(self) -> Int64:
        """The numbers of the parts that are unlike the training."""
        return np.flatnonzero(self.farther >= FAR)

    @property
    def looked_at(self) -> Int64:
        """The numbers of the parts that were compared with the training."""
        return np.flatnonzero(self.farther >= 0)

    @property
    def words(self) -> str:
        """A sentence with the number of parts unlike the training; empty if there are none."""
        seen, unlike = len(self.looked_at), len(self.unlike)
        if not unlike:
            return ""
        of = f"{seen} parts" if seen == len(self.farther) else f"{seen} parts looked at"
        nets = f"the nets for {self.task} were trained on"
        return f"{unlike} of {of} are unlike all that {nets}: look at them yourself"

    def of_part(self, part: int) -> str:
        """One line on how a part compares with the training."""
        percent = int(self.farther[part]) if part < len(self.farther) else -1
        if percent < 0:
            return "not compared with the training"
        if percent < FAR:
            return "like the training"
        return f"unlike the training: farther from it than {percent}{SIGN} of its kind"
