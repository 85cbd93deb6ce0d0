"""Options that crop, clean and segment a cloud before anything else is done with it."""

from __future__ import annotations

from typing import Annotated

import typer

from apsnet_core.batch.cuts import CLEANINGS, Cuts
from apsnet_core.batch.errors import SettingsError

CropOption = Annotated[
    list[str] | None,
    typer.Option(
        "--crop",
        metavar="X:X,Y:Y,Z:Z",
        help="Keep what lies in a box, in the file's coordinates; open ends as in 0:10,-5:5,:.",
    ),
]
OutsideOption = Annotated[bool, typer.Option("--crop-outside", help="Leave out what --crop would keep.")]
CleanOption = Annotated[
    str | None,
    typer.Option("--clean", metavar="WHAT,...", help=f"Leave out {CLEANINGS}; lengths in the file's units."),
]
SegmentOption = Annotated[
    str | None,
    typer.Option(
        "--segment",
        metavar="X,Y,Z|all",
        help="Keep the object at that place, or all objects, without floor, walls and ground.",
    ),
]
StepsOption = Annotated[
    str | None,
    typer.Option(
        "--steps", metavar="FILE.json", help="First do the steps that a file lists, as a project does."
    ),
]


def cuts_of(
    crop: list[str] | None, outside: bool, clean: str | None, segment: str | None, steps: str | None
) -> Cuts:
    """The options together; a usage error where they cannot be meant."""
    cuts = Cuts(tuple(crop or ()), outside, clean, segment, steps)
    try:
        cuts.check()
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from None
    return cuts
