"""A figure of one or several charts, and the only code that writes it to a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, get_args

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from apsnet_core.evaluation.figures.look import Look, drawing

Kind = Literal["pdf", "svg", "png"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Handle = Line2D | Patch

_BY = {"Creator": "APSNet Studio"}
# Without a date, equal numbers give equal files.
_MADE: dict[Kind, dict[str, str | None]] = {
    "pdf": {**_BY, "CreationDate": None},
    "svg": {**_BY, "Date": None},
    "png": {"Software": "APSNet Studio"},
}


class Chart(ABC):
    """The content of one pair of axes."""

    alone = False  # whether the chart takes the whole width of its figure

    @abstractmethod
    def draw(self, axes: Axes, look: Look) -> None:
        """Draw on empty axes, in the current ``look``."""

    def height(self, width: float, look: Look) -> float:
        """The height in inches of axes with this ``width``, including their labels."""
        return max(0.62 * width, 1.7) if width < 5 else 0.55 * width

    def legend(self, look: Look) -> Sequence[Handle]:
        """The chart's entries in the legend of the figure; charts share equal entries."""
        return ()


@dataclass(frozen=True)
class ChartFigure:
    """``charts`` in rows, under one legend; ``name`` is the file's name, ``title`` describes the figure."""

    name: str
    title: str
    charts: tuple[Chart, ...]

    def draw(self, look: Look) -> Figure:
        """Draw the figure, which must be rendered within `drawing`."""
        columns = _columns(self.charts, look)
        rows = -(-len(self.charts) // columns)
        tall = self.charts[0].height(look.width / columns, look)
        pad = 0.35 * look.size / 72
        layout = ConstrainedLayoutEngine(w_pad=pad, h_pad=pad, wspace=0.03, hspace=0.03)
        figure = Figure(figsize=(look.width, rows * tall), dpi=look.dpi, layout=layout)
        FigureCanvasAgg(figure)
        for place, chart in enumerate(self.charts):
            chart.draw(figure.add_subplot(rows, columns, place + 1), look)
        handles = {str(handle.get_label()): handle for chart in self.charts for handle in chart.legend(look)}
        if handles:
            legend = _legend(figure, list(handles.values()), look)
            inches = legend.get_window_extent().height / figure.dpi
            figure.set_size_inches(look.width, rows * tall + inches)
        layout.execute(figure)
        figure.set_layout_engine("none")  # so that all formats and resolutions have the same layout
        return figure


def render(figure: ChartFigure, look: Look, kind: Kind) -> bytes:
    """The bytes of the figure's file."""
    [file] = _files(figure, look, [kind])
    return file


def _files(figure: ChartFigure, look: Look, kinds: Sequence[Kind]) -> list[bytes]:
    """Draw the figure once, and return the bytes of a file of each kind."""
    files = [BytesIO() for _ in kinds]
    with drawing(look):
        drawn = figure.draw(look)
        for file, kind in zip(files, kinds, strict=True):
            drawn.savefig(
                file, format=kind, dpi=look.dpi, transparent=look.see_through,
                metadata={"Title": figure.title} | _MADE[kind],
            )  # fmt: skip
    return [file.getvalue() for file in files]


def inline(figure: ChartFigure, width: float = 8.0) -> str:
    """The figure as an SVG element of a page, in the page's colours: ``--ink``, ``--quiet``, ``--line``."""
    look = Look(width=width, theme="page", see_through=True)
    text = render(figure, look, "svg").decode()
    text = text[text.index("<svg") :]
    palette = look.palette
    for drawn, name in (
        (palette.ink, "ink"),
        (palette.quiet, "quiet"),
        (palette.grid, "line"),
        (palette.paper, "paper"),
    ):
        text = text.replace(drawn, f"var(--{name})")
    return text


def rendered(figures: Sequence[ChartFigure], look: Look, kinds: Sequence[Kind] = KINDS) -> dict[str, bytes]:
    """The files of all ``figures`` by name, one of each kind."""
    return {
        f"{figure.name}.{kind}": file
        for figure in figures
        for kind, file in zip(kinds, _files(figure, look, kinds), strict=True)
    }


def _columns(charts: Sequence[Chart], look: Look) -> int:
    if any(chart.alone for chart in charts):
        return 1
    return min(len(charts), 1 if look.width <= 4.5 else 2 if len(charts) in (2, 4) else 3)


def _legend(figure: Figure, handles: Sequence[Handle], look: Look) -> Legend:
    """Add a legend above the charts, in as few rows as the width allows, all of about equal length."""
    room = look.width * figure.dpi
    for rows in range(1, len(handles) + 1):
        columns = -(-len(handles) // rows)
        legend = figure.legend(
            handles=_by_row(handles, columns),
            loc="outside upper left",
            ncols=columns,
            handlelength=2.2,
            columnspacing=1.1,
            handletextpad=0.5,
            labelspacing=0.3,
            borderaxespad=0.3,
            borderpad=0.2,
        )
        if columns == 1 or legend.get_window_extent().width <= room:
            return legend
        legend.remove()
    raise AssertionError("a legend with one column is always accepted")


def _by_row(handles: Sequence[Handle], columns: int) -> list[Handle]:
    """Reorder ``handles`` so that a legend, which fills its columns first, reads row by row."""
    rows = -(-len(handles) // columns)
    full = len(handles) - (rows - 1) * columns
    # If the columns are unequal, matplotlib gives the first ones one entry more.
    return [
        handles[row * columns + column]
        for column in range(columns)
        for row in range(rows if column < full else rows - 1)
    ]
