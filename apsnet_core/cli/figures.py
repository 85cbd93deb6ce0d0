"""The options of figures for papers and slides, and the writing of these figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import Failure

if TYPE_CHECKING:
    from apsnet_core.evaluation.figures.chart import ChartFigure
    from apsnet_core.evaluation.figures.look import Look


@dataclass(frozen=True)
class FigureOptions:
    """The folder and the look of figures, as typed."""

    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures",
            help="Also write every plot as PDF, SVG and PNG into this folder, for papers and slides.",
        ),
    ] = None
    width: Annotated[
        str,
        typer.Option(
            metavar="WIDTH", help="The width of --figures: column, text, slide, or a number of inches."
        ),
    ] = "text"
    theme: Annotated[
        str, typer.Option(metavar="THEME", help="The theme of --figures: light, dark or print.")
    ] = "light"
    font: Annotated[
        str, typer.Option(metavar="FONT", help="The font of --figures: sans, serif, or an installed font.")
    ] = "sans"

    def place(self, *, force: bool) -> FigurePlace | None:
        """The folder and the look of the figures; None if no figures are requested.

        Raises a usage error for an invalid look, and `Failure` if the folder is not empty, unless ``force``.
        """
        if self.figures is None:
            return None
        from apsnet_core.evaluation.figures.look import Look

        if not force and self.figures.is_dir() and any(self.figures.iterdir()):
            raise Failure(f"{self.figures} is not empty; choose another folder for the figures, or --force")
        try:
            return FigurePlace(self.figures, Look.of(self.width, self.theme, self.font))
        except ValueError as why:
            raise typer.BadParameter(str(why)) from None


@dataclass(frozen=True)
class FigurePlace:
    """The folder and the look of figures."""

    folder: Path
    look: Look

    def write(self, figures: Sequence[ChartFigure]) -> list[str]:
        """Write all files or none, and return their paths."""
        from apsnet_core.atomic import write_folder
        from apsnet_core.evaluation.figures.chart import rendered

        return [str(path) for path in write_folder(self.folder, rendered(figures, self.look))]
