"""The options of figures for papers and slides, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import Failure

if TYPE_CHECKING:
    from apsnet_core.evaluation.figures.chart import ChartFigure
    from apsnet_core.evaluation.figures.look import Look

FiguresOption = Annotated[
    Path | None,
    typer.Option("--figures", help="A folder for every plot as PDF, SVG and PNG, for papers and slides."),
]
WidthOption = Annotated[
    str, typer.Option(metavar="WIDTH", help="Of --figures: column, text, slide, or inches.")
]
ThemeOption = Annotated[str, typer.Option(metavar="THEME", help="Of --figures: light, dark or print.")]
FontOption = Annotated[
    str, typer.Option(metavar="FONT", help="Of --figures: sans, serif, or a font that is installed.")
]


def look_of(width: str, theme: str, font: str, folder: Path | None, force: bool) -> Look | None:
    """How figures shall look, None where none are asked for.

    A usage error for what is no look; `Failure` where the ``folder`` holds anything, unless ``force``.
    """
    if folder is None:
        return None
    from apsnet_core.evaluation.figures.look import Look

    if not force and folder.is_dir() and any(folder.iterdir()):
        raise Failure(f"{folder} is not empty; choose another folder for the figures, or --force")
    try:
        return Look.of(width, theme, font)
    except ValueError as why:
        raise typer.BadParameter(str(why)) from None


def write_figures(figures: Sequence[ChartFigure], folder: Path, look: Look) -> list[str]:
    """Write all files or none; returns their paths."""
    from apsnet_core.atomic import write_folder
    from apsnet_core.evaluation.figures.chart import rendered

    return [str(path) for path in write_folder(folder, rendered(figures, look))]
