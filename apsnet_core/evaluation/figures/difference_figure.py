"""Figures of how samples differ from a reference's: kept, lost and gained samples, and attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from apsnet_core.cloud import Float32, Float64
from apsnet_core.colours.diverging import diverging, reach
from apsnet_core.difference_colours import BOTH, ends, hex_of
from apsnet_core.evaluation.figures.attention_figure import Dressing, standing
from apsnet_core.evaluation.figures.samples import GHOST, INK, new_figure
from apsnet_core.evaluation.moved import Moved

_WIDTH, _TITLE, _FOOT = 4.2, 0.56, 0.3  # inches
_MARGIN = 0.05
_LESS, _, _MORE = map(hex_of, ends(dark=False))
_SAME = hex_of(BOTH)


@dataclass(frozen=True, eq=False)
class DifferencePanel:
    """A sample compared with the reference's: the changes ``moved``, two lines of text, both names.

    ``attention`` (n,) is its attention to each point of the cloud minus that of the reference's sample.
    """

    moved: Moved
    title: str
    subtitle: str
    names: tuple[str, str]
    attention: Float32 | None = None


def difference_figure(
    cloud: Float32, panels: Sequence[DifferencePanel], *, up: str = "z", dressing: Dressing | None = None
) -> Figure:
    """A row of pictures of the ``cloud`` (n, 3), coloured by the difference of attention if there is one.

    Samples in both are grey, those only in the reference blue, the others orange; lines connect pairs.
    """
    dressing = dressing or Dressing()
    camera = dressing.camera
    turn, centre, radius = standing(cloud, up)

    def inside(points: Float32) -> Float64:
        return (points.astype(np.float64) @ turn.T - centre) / radius

    everything = np.concatenate(
        [inside(part) for panel in panels for part in (panel.moved.lost, panel.moved.gained)]
        + [inside(cloud)]
    )
    flat = np.concatenate([each.project(everything)[0] for each in (camera, *dressing.also)])
    margin = _MARGIN * max(float((flat.max(0) - flat.min(0)).max()), 1e-9)
    low, high = camera.framed(flat.min(0) - margin, flat.max(0) + margin)
    tall = float(np.clip(_WIDTH * (high - low)[1] / (high - low)[0], 0.5 * _WIDTH, 1.5 * _WIDTH))
    title = _TITLE * dressing.labels
    whole = tall + title + _FOOT
    figure = new_figure(_WIDTH * len(panels), whole)
    points, depth = camera.project(inside(cloud))
    for column, panel in enumerate(panels):
        axes = figure.add_axes((column / len(panels), _FOOT / whole, 1 / len(panels), tall / whole))
        axes.set_axis_off()
        axes.set_aspect("equal")
        axes.set_xlim(low[0], high[0])
        axes.set_ylim(low[1], high[1])
        _cloud(axes, points, depth, panel.attention)
        lost, kept, gained = (
            camera.project(inside(part)) for part in (panel.moved.lost, panel.moved.kept, panel.moved.gained)
        )
        moves = np.stack([lost[0][panel.moved.pairs[:, 0]], gained[0][panel.moved.pairs[:, 1]]], axis=1)
        axes.add_collection(LineCollection(list(moves), colors=INK, linewidths=0.9, zorder=3))
        for (xy, far), colour in ((kept, _SAME), (lost, _LESS), (gained, _MORE)):
            axes.scatter(
                xy[:, 0], xy[:, 1], s=46 * (1.25 - 0.5 * far), color=colour, edgecolors="white",
                linewidths=0.7, zorder=4,
            )  # fmt: skip
        left = (column + 0.03) / len(panels)
        if dressing.labels:
            for text, down, size, weight in (
                (panel.title, 0.1, 10.5, "bold"),
                (panel.subtitle, 0.32, 8, "normal"),
            ):
                figure.text(
                    left, 1 - down / whole, text, va="top", size=size, weight=weight, color=INK,
                    parse_math=False,
                )  # fmt: skip
        _legend(figure, panel, left, whole)
    return figure


def _cloud(axes: Axes, flat: Float64, depth: Float64, attention: Float32 | None) -> None:
    size = float(np.clip(9000 / max(len(flat), 1), 1.5, 8))
    order = np.argsort(-depth)
    if attention is None:
        axes.scatter(flat[order, 0], flat[order, 1], s=size, c=GHOST, alpha=0.5, linewidths=0)
        return
    share = attention / reach(attention)
    order = np.argsort(np.abs(share), kind="stable")  # points with large differences are drawn on top
    shown = 0.5 + 0.5 * np.sign(share) * np.sqrt(np.abs(share))
    colours = ListedColormap(diverging(dark=False) / 255.0)(shown[order])
    axes.scatter(
        flat[order, 0], flat[order, 1], s=size * (1 + 2 * np.abs(share[order])), c=colours, linewidths=0
    )


def _legend(figure: Figure, panel: DifferencePanel, left: float, whole: float) -> None:
    """Write the meaning of the colours, each in its colour, in two lines below the picture."""
    looked = ", or it looked more" if panel.attention is not None else ""
    moved, step = panel.moved, 0.15 / whole
    lines = (
        (f"● {len(moved.lost)} only {panel.names[0]}{looked}", _LESS),
        (f"● {len(moved.gained)} only {panel.names[1]}{looked}", _MORE),
    )
    for line, (text, colour) in enumerate(lines):
        figure.text(left, 0.06 / whole + step * (1 - line), text, size=7.5, color=colour, parse_math=False)
    right = left + 0.92 * _WIDTH / figure.get_figwidth()
    figure.text(right, 0.06 / whole + step, f"● {len(moved.kept)} in both", size=7.5, color=_SAME, ha="right")
