"""Changes of a cloud before it is sampled, and of its samples afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apsnet_core.batch.errors import SettingsError

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud
    from apsnet_core.evaluation.comparison.perturb import Angles, Perturbation
    from apsnet_core.sampling import Sampling

NO_TURN = "0,0,0"


@dataclass(frozen=True)
class WhatIf:
    """The changes as typed; samples are counted from 1.

    ``noise`` and ``drop`` are percentages, ``rotate`` degrees about x, y and z, ``move`` texts like
    3:0,0,1.5, ``add`` like 0,0,1.5, ``remove`` like 1,4; places are in the coordinates of the file.
    """

    noise: float = 0.0
    drop: float = 0.0
    rotate: str = NO_TURN
    move: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: str | None = None

    @property
    def edits(self) -> bool:
        """Whether single samples are changed."""
        return bool(self.move or self.add or self.remove)

    def check(self) -> None:
        """Raise `SettingsError` if the change of the cloud is invalid, before any file is read."""
        change_of(self.noise, self.drop, self.rotate)

    @property
    def change(self) -> Perturbation:
        """The change of the cloud; `SettingsError` if it is invalid."""
        return change_of(self.noise, self.drop, self.rotate)

    def edited(self, sampling: Sampling, cloud: PointCloud) -> tuple[Sampling, str]:
        """``sampling`` of ``cloud`` with samples moved, added and removed, and a summary in words.

        `SettingsError` if a change is invalid.
        """
        from apsnet_core.evaluation.comparison.edits import Edit, Point, edited

        def place(text: str) -> Point:
            x, y, z = (float(a) - float(b) for a, b in zip(_point(text), cloud.offset, strict=True))
            return x, y, z

        edit = Edit(sampling.m)
        try:
            for text in self.move:
                number, _, there = text.partition(":")
                edit = edit.place(_number(number, sampling.m), place(there))
            for text in self.add:
                edit = edit.add(place(text))
            for number in self.remove.split(",") if self.remove else ():
                edit = edit.remove(_number(number, sampling.m))
        except ValueError as error:
            raise SettingsError(str(error)) from None
        return edited(sampling, edit, cloud), edit.words


NOTHING = WhatIf()


def change_of(noise: float, drop: float, rotate: str) -> Perturbation:
    """The change of a cloud from its options as typed; `SettingsError` if they are invalid."""
    from apsnet_core.evaluation.comparison.perturb import Perturbation

    try:
        return Perturbation(noise, drop, angles_of(rotate))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def angles_of(text: str) -> Angles:
    """Three angles in degrees as typed; `SettingsError` for anything else."""
    try:
        x, y, z = (float(part) for part in text.split(","))
    except ValueError:
        raise SettingsError(
            f"a rotation is three angles in degrees, about x, y and z, like 0,45,0: not {text!r}"
        ) from None
    return x, y, z


def _number(text: str, m: int) -> int:
    """The number of the sample that ``text`` means, counted from 0."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= m:
        raise ValueError(f"samples are counted from 1 to {m}: there is no sample {text!r}")
    return number - 1


def _point(text: str) -> tuple[float, float, float]:
    try:
        x, y, z = (float(part) for part in text.split(","))
        if not math.isfinite(x + y + z):
            raise ValueError
    except ValueError:
        raise ValueError(f"a place is x,y,z in the coordinates of the file: not {text!r}") from None
    return x, y, z
