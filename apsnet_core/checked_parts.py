"""Which parts of a cloud are like the shapes that a net was trained on, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.arrays import np
from apsnet_core.percent import SIGN
from apsnet_core.types import Int64

FAR = 95
"""A shape farther away than so many percent of its own kind is unlike what a net was trained on."""


@dataclass(frozen=True, eq=False)
class CheckedParts:
    """How far the parts of a cloud are from the training of the nets for ``task``.

    ``farther`` (parts,) is the percent of shapes of their kind that lie nearer, -1 of a part not looked at.
    """

    task: str
    farther: Int64

    @property
    def unlike(self) -> Int64:
        """The numbers of the parts unlike the training."""
        return np.flatnonzero(self.farther >= FAR)

    @property
    def looked_at(self) -> Int64:
        """The numbers of the parts that were compared with the training."""
        return np.flatnonzero(self.farther >= 0)

    @property
    def words(self) -> str:
        """A sentence that counts those unlike the training; empty where there are none."""
        seen, unlike = len(self.looked_at), len(self.unlike)
        if not unlike:
            return ""
        of = f"{seen} parts" if seen == len(self.farther) else f"{seen} parts looked at"
        nets = f"the nets for {self.task} were trained on"
        return f"{unlike} of {of} are unlike all that {nets}: look at them yourself"

    def of_part(self, part: int) -> str:
        """What is known of a part, in a line."""
        percent = int(self.farther[part]) if part < len(self.farther) else -1
        if percent < 0:
            return "not compared with the training"
        if percent < FAR:
            return "like the training"
        return f"unlike the training: farther from it than {percent}{SIGN} of its kind"
