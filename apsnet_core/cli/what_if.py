"""Options that change a cloud before it is sampled, and its samples afterwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.options import parse_angles

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud
    from apsnet_core.evaluation.comparison.perturb import Perturbation
    from apsnet_core.sampling import Sampling

NoiseOption = Annotated[
    float, typer.Option(min=0, help="What if points were off: by so many percent of the diagonal.")
]
DropOption = Annotated[
    float, typer.Option(min=0, max=99.9, help="What if so many percent of the points were missing.")
]
RotateOption = Annotated[
    str, typer.Option(metavar="X,Y,Z", help="What if it were turned: degrees about x, y and z.")
]
MoveOption = Annotated[
    list[str] | None,
    typer.Option("--move", metavar="K:X,Y,Z", help="Afterwards put the K-th sample there; can be repeated."),
]
AddOption = Annotated[
    list[str] | None,
    typer.Option("--add", metavar="X,Y,Z", help="Afterwards add a sample there; can be repeated."),
]
RemoveOption = Annotated[
    str | None,
    typer.Option(
        "--remove", metavar="K,K,...", help="Afterwards leave the K-th samples out, counted from 1."
    ),
]
NO_TURN = "0,0,0"


def change_of(noise: float, drop: float, rotate: str) -> Perturbation:
    """What the options do to the cloud; a usage error where they cannot be meant."""
    from apsnet_core.evaluation.comparison.perturb import Perturbation

    try:
        return Perturbation(noise, drop, parse_angles(rotate))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def edit_samples(
    sampling: Sampling, cloud: PointCloud, move: Sequence[str], add: Sequence[str], remove: str | None
) -> tuple[Sampling, str]:
    """``sampling`` of ``cloud`` with samples moved, added and removed, and what was done in words.

    Places are in the coordinates of the file. A usage error where the options cannot be meant.
    """
    from apsnet_core.evaluation.comparison.edits import Edit, Point, edited

    def place(text: str) -> Point:
        x, y, z = (float(a) - float(b) for a, b in zip(_point(text), cloud.offset, strict=True))
        return x, y, z

    edit = Edit(sampling.m)
    try:
        for text in move:
            number, _, there = text.partition(":")
            edit = edit.place(_number(number, sampling.m), place(there))
        for text in add:
            edit = edit.add(place(text))
        for number in remove.split(",") if remove else ():
            edit = edit.remove(_number(number, sampling.m))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return edited(sampling, edit, cloud), edit.words


def _number(text: str, m: int) -> int:
    """Which sample is meant, counted from 0."""
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
