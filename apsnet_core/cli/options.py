"""Options that several commands share, each spelled once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from apsnet_core.shapes import SURFACE_POINTS


class Up(StrEnum):
    """The axis that points up."""

    auto = "auto"
    y = "y"
    z = "z"


DatasetOption = Annotated[
    str | None, typer.Option(help="Which array of an h5, npz or npy file holds the points.")
]
RowOption = Annotated[int | None, typer.Option(help="Which cloud of an array (N, n, 3); -1 is the last.")]
PointsOption = Annotated[int, typer.Option(min=1, help="How many points to draw from the surface of a mesh.")]
SeedOption = Annotated[int, typer.Option(min=0, help="The same seed gives the same points.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
UpOption = Annotated[Up, typer.Option(help="The axis that points up in the file; auto guesses it.")]
WorkersOption = Annotated[
    int | None, typer.Option(min=1, help="Processes over many files; one per processor unless told.")
]

POINTS = SURFACE_POINTS
