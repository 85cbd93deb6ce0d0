"""The output file of `apsnet picture`: its format, its size, and whether it is a still or a film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apsnet_core.atomic import atomic_path
from apsnet_core.cli.answer import Failure
from apsnet_core.cli.typed import typed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from apsnet_core.evaluation.figures.attention_figure import Dressing
    from apsnet_core.evaluation.figures.saving import Size

Film = Literal["turn", "steps"]
FilmOption = Annotated[
    Film | None,
    typer.Option(help="Make a film: turn the shape, or show step after step; .gif and .mp4 turn by default."),
]
FramesOption = Annotated[int, typer.Option(min=2, max=1000, help="The number of pictures in a turn.")]
RateOption = Annotated[float, typer.Option("--fps", min=0.1, max=100, help="Pictures per second.")]
SizeOption = Annotated[
    str | None, typer.Option(metavar="WIDTHxHEIGHT", help="The size in pixels, such as 1200x800.")
]
TransparentOption = Annotated[
    bool, typer.Option("--transparent", help="Make the background transparent instead of white.")
]
CameraOption = Annotated[
    str,
    typer.Option(
        help="The view: usual, front, back, left, right, top, bottom, isometric; degrees around and "
        "above, such as -52,22, with a zoom, such as -52,22,1.5; or the camera of a project, "
        "such as view.apsnet."
    ),
]
_FILM_DPI = 100.0


@dataclass(frozen=True)
class PictureFile:
    """The picture to write to ``out``; ``film`` is None for a still.

    Its methods raise ValueError or `Failure` with one sentence.
    """

    out: Path
    film: Film | None
    size: Size | None
    transparent: bool
    frames: int = 36
    rate: float = 12.0

    def check(self, context: typer.Context) -> None:
        """Raise a usage error if an option was typed that only a film, or a film that turns, can use."""
        if self.film is None and typed("rate", context):
            raise typer.BadParameter("--fps needs a film: add --film")
        if self.film != "turn" and typed("frames", context):
            raise typer.BadParameter("--frames needs a film that turns: add --film turn")

    @property
    def suffix(self) -> str:
        """The suffix of the file in lower case, which determines the format."""
        return self.out.suffix.lower()

    def write(self, draw: Callable[[Dressing], Figure], dressing: Dressing, steps: int) -> None:
        """Draw and save the still, or all pictures of the film; a film of steps has ``steps`` pictures."""
        from apsnet_core.evaluation.figures.saving import film, raster, still

        with atomic_path(self.out) as beside:
            if self.film is None:
                figure = draw(dressing)
                made = still(figure, self.suffix, self.size, transparent=self.transparent, dpi=dressing.dpi)
                beside.write_bytes(made)
                return
            shown = self._turn(dressing) if self.film == "turn" else self._steps(dressing, steps)
            pictures = (
                raster(draw(each), self.size, transparent=self.transparent, dpi=_FILM_DPI) for each in shown
            )
            film(pictures, len(shown), beside, self.suffix, self.rate)

    def _turn(self, dressing: Dressing) -> list[Dressing]:
        cameras = tuple(dressing.camera.turned(360 * k / self.frames) for k in range(self.frames))
        return [replace(dressing, camera=camera, also=cameras) for camera in cameras]

    def _steps(self, dressing: Dressing, steps: int) -> list[Dressing]:
        return [replace(dressing, step=step) for step in range(1, steps + 1)]


def picture_file(
    out: Path, film: Film | None, size: str | None, transparent: bool, frames: int, rate: float, force: bool
) -> PictureFile:
    """Make a `PictureFile` from the options; raises `Failure` if they do not fit together."""
    from apsnet_core.evaluation.figures.saving import FILMS, STILLS, WIDEST_WEBP, check_film

    suffix = out.suffix.lower()
    if suffix not in STILLS + FILMS:
        kinds = ", ".join(dict.fromkeys(STILLS + FILMS))
        raise Failure(f"{out}: a picture's name ends in one of {kinds}")
    if film is not None and suffix not in FILMS:
        raise Failure(f"{out}: a film's name ends in one of {', '.join(FILMS)}")
    if film is None and suffix not in STILLS:
        film = "turn"
    if out.exists() and not force:
        raise Failure(f"{out} exists; choose another name, or --force to overwrite it")
    if film is not None:
        try:
            check_film(suffix, transparent)
        except ValueError as error:
            raise Failure(f"{out}: {error}") from error
    pixels = parse_size(size)
    if pixels is not None and suffix == ".webp" and max(pixels) > WIDEST_WEBP:
        raise Failure(f"{out}: a side of a WebP has up to {WIDEST_WEBP} pixels, not {max(pixels)}")
    return PictureFile(out, film, pixels, transparent, frames, rate)


def parse_size(text: str | None) -> Size | None:
    """The width and height in "1200x800"; raises a usage error for any other text."""
    if text is None:
        return None
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        width = height = 0
    if not (min(width, height) >= 16 and max(width, height) <= 16384):
        raise typer.BadParameter(
            f"a size is two numbers of pixels from 16 to 16384, such as 1200x800, not {text!r}"
        )
    return width, height
