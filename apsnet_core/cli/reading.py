"""The options that say how a file is read, and which part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from apsnet_core.batch.selection import EACH, Selection, selection
from apsnet_core.files.open_cloud import SURFACE_POINTS
from apsnet_core.types import Values

PointsOption = Annotated[
    int, typer.Option(min=1, help="The number of points to draw from the surface of a mesh.")
]
POINTS = SURFACE_POINTS


@dataclass(frozen=True)
class Reading:
    """The options for reading a file, as typed."""

    dataset: Annotated[
        str | None, typer.Option(help="The name of the array with the points in an h5, npz or npy file.")
    ] = None
    row: Annotated[
        str | None,
        typer.Option(
            metavar="ROW",
            help="The row to read from an array of clouds (N, n, 3); -1 is the last. all reads all "
            "rows as one cloud; each (sample and convert) writes a result for every row.",
        ),
    ] = None
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="x,y,z,...",
            help="The names of all columns of a text file or array: x, y, z, nx, ny, nz, r, g, b, "
            "intensity, any other name, or - to skip a column.",
        ),
    ] = None
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help="The format of the input, instead of its extension."),
    ] = None

    @property
    def each(self) -> bool:
        """Whether each cloud of an array gets a result of its own."""
        return self.row == EACH

    @property
    def settings(self) -> Values:
        """The options as values for the manifest."""
        return {"dataset": self.dataset, "row": self.row, "columns": self.columns, "from": self.from_}

    def selected(self, *, each: bool = False) -> Selection:
        """The options as `apsnet_core.files.read` takes them; raises `SettingsError` if they are invalid."""
        return selection(self.dataset, self.row, self.columns, self.from_, each=each)
