"""Options that say what of a file is read, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from apsnet_core.batch.selection import EACH, Selection, selection
from apsnet_core.files.open_cloud import SURFACE_POINTS
from apsnet_core.types import Values

PointsOption = Annotated[int, typer.Option(min=1, help="How many points to draw from the surface of a mesh.")]
POINTS = SURFACE_POINTS


@dataclass(frozen=True)
class Reading:
    """What of a file is read, as typed."""

    dataset: Annotated[
        str | None, typer.Option(help="Which array of an h5, npz or npy file holds the points.")
    ] = None
    row: Annotated[
        str | None,
        typer.Option(
            metavar="ROW",
            help="Which cloud of an array (N, n, 3); -1 is the last, all takes all as one; each, of sample "
            "and convert, makes a result of every one.",
        ),
    ] = None
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="x,y,z,...",
            help="What the columns of a text file or array are, all of them: x, y, z, nx, ny, nz, r, g, b, "
            "intensity, a name of yours, or - to leave one out.",
        ),
    ] = None
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help="The format of the input, whatever its extension."),
    ] = None

    @property
    def each(self) -> bool:
        """Whether every cloud of an array is wanted, a result each."""
        return self.row == EACH

    @property
    def settings(self) -> Values:
        """The options as values that a manifest keeps."""
        return {"dataset": self.dataset, "row": self.row, "columns": self.columns, "from": self.from_}

    def selected(self, *, each: bool = False) -> Selection:
        """The options as `apsnet_core.files.read` takes them; `SettingsError` for what cannot be meant."""
        return selection(self.dataset, self.row, self.columns, self.from_, each=each)
