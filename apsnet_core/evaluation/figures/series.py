"""The numbers of a method, in the form that charts use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.lines import Line2D

from apsnet_core.evaluation.figures.look import Look
from apsnet_core.methods.styles import MethodStyle, method_styles


@dataclass(frozen=True)
class Reading:
    """A ``value`` at ``m`` points, with its interval from ``low`` to ``high`` if it has one.

    ``seconds`` is the time of such a sample, None if that was not measured.
    """

    m: int
    value: float
    low: float | None = None
    high: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Series:
    """The readings of a method: its displayed ``label``, and its ``method`` name, which gives the colour."""

    label: str
    method: str
    readings: tuple[Reading, ...]


def styles_of(series: Sequence[Series]) -> list[MethodStyle]:
    """The style of each series."""
    return method_styles([each.method for each in series])


def line_of(style: MethodStyle, look: Look, label: str = "", faded: bool = False) -> Line2D:
    """An empty curve in its method's style."""
    colour = look.visible(style.colour)
    return Line2D(
        [], [], color=colour, marker=style.marker, linestyle=style.dash, label=label,
        linewidth=look.line, markersize=0.6 * look.size, markeredgewidth=0,
        alpha=0.45 if faded else None,
    )  # fmt: skip


def sizes_of(series: Sequence[Series]) -> list[int]:
    """All sizes of the readings, ascending."""
    return sorted({reading.m for each in series for reading in each.readings})
