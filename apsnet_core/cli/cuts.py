"""Options that crop, clean and segment a cloud before anything else is done with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import typer

from apsnet_core.batch.cuts import CLEANINGS, Cuts
from apsnet_core.batch.errors import SettingsError
from apsnet_core.batch.selections import PARTS


@dataclass(frozen=True)
class ScanCuts:
    """The options that remove points of a scan, as typed."""

    crop: Annotated[
        list[str] | None,
        typer.Option(
            "--crop",
            metavar="X:X,Y:Y,Z:Z[@TURN]",
            help="Keep the points in a box, in the file's coordinates; an end may be open, as in "
            "0:10,-5:5,:. @30 turns the box by 30 degrees about the up axis.",
        ),
    ] = None
    crop_outside: Annotated[
        bool, typer.Option("--crop-outside", help="Remove the points that --crop would keep.")
    ] = False
    clean: Annotated[
        str | None,
        typer.Option(
            "--clean", metavar="WHAT,...", help=f"Remove {CLEANINGS}; lengths are in the file's units."
        ),
    ] = None
    select: Annotated[
        str | None,
        typer.Option(
            "--select",
            metavar="PART|PART|...",
            help=f"Keep a selection: {PARTS}; each part changes the selection of the part before it. "
            "Quote it: 'classification=6 | grow 0.2'.",
        ),
    ] = None
    steps: Annotated[
        str | None,
        typer.Option("--steps", metavar="FILE.json", help="First apply the steps listed in a file."),
    ] = None

    @property
    def cuts(self) -> Cuts:
        """All options together; raises a usage error if they are invalid."""
        return _checked(
            Cuts(tuple(self.crop or ()), self.crop_outside, self.clean, None, self.steps, self.select)
        )


@dataclass(frozen=True)
class ObjectCuts(ScanCuts):
    """The same options, and the option for the object to keep."""

    segment: Annotated[
        str | None,
        typer.Option(
            "--segment",
            metavar="X,Y,Z|all[@hdbscan]",
            help="Keep the object at this place, or all objects, without floor, walls and ground; "
            "@hdbscan separates objects of different densities.",
        ),
    ] = None

    @property
    def cuts(self) -> Cuts:
        """All options together; raises a usage error if they are invalid."""
        return _checked(replace(super().cuts, segment=self.segment))


def _checked(cuts: Cuts) -> Cuts:
    try:
        cuts.check()
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from None
    return cuts
