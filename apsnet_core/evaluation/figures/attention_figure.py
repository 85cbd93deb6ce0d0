"""Fig. 4 of the paper, drawn from any shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from apsnet_core.cloud import Float32, Float64
from apsnet_core.evaluation.figures.fig4_panels import SamplePicture
from apsnet_core.evaluation.figures.samples import INK, draw_samples, new_figure, project
from apsnet_core.ops.orientation import up_turn

_ATTENTION = LinearSegmentedColormap.from_list("attention", ["#cdd1d8", "#ecd873", "#f5bf00"])
_TITLE = 0.56  # inches above a picture for its two lines


def attention_figure(cloud: Float32, rows: Sequence[Sequence[SamplePicture]], *, up: str = "z") -> Figure:
    """Fig. 4: a row of scenes for each method, every sample numbered on the ``cloud`` (n, 3).

    The brighter the yellow, the more attention a point got from all steps together. Beside each sample what
    was rebuilt from it.
    """
    turn = up_turn(up, "z")
    xyz = cloud.astype(np.float64) @ turn.T
    low, high = xyz.min(0), xyz.max(0)
    centre, radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-30)

    def seen(points: Float32) -> tuple[Float64, Float64]:
        return project((points.astype(np.float64) @ turn.T - centre) / radius)

    flat, depth = seen(cloud)
    shown = [flat, *(seen(scene.samples)[0] for row in rows for scene in row)]
    shown += [seen(scene.rebuilt)[0] for row in rows for scene in row if scene.rebuilt is not None]
    low, high = (
        np.min([part.min(0) for part in shown], axis=0),
        np.max([part.max(0) for part in shown], axis=0),
    )
    margin = 0.05 * max(float(np.max(high - low)), 1e-9)
    low, high = low - margin, high + margin
    columns = max(sum(1 + (scene.rebuilt is not None) for scene in row) for row in rows)
    width = min(3.4, 16.0 / columns)
    tall = float(np.clip(width * (high - low)[1] / (high - low)[0], 0.5 * width, 1.5 * width)) + _TITLE
    figure = new_figure(width * columns, tall * len(rows))
    for line, row in enumerate(rows):
        column = 0
        for scene in row:
            axes = _panel(figure, line, column, len(rows), columns, tall, scene.words, low, high)
            _cloud(axes, flat, depth, scene.attention)
            draw_samples(axes, *seen(scene.samples), scene.colour)
            column += 1
            if scene.rebuilt is not None:
                axes = _panel(figure, line, column, len(rows), columns, tall, scene.verdict, low, high)
                _cloud(axes, *seen(scene.rebuilt), None, scene.colour)
                column += 1
    return figure


def _panel(
    figure: Figure, line: int, column: int, lines: int, columns: int, tall: float, words: str,
    low: Float64, high: Float64,
) -> Axes:  # fmt: skip
    bottom = (lines - line - 1) / lines
    axes = figure.add_axes((column / columns, bottom, 1 / columns, (1 - _TITLE / tall) / lines))
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    title, _, rest = words.partition("\n")
    left, top = (column + 0.04) / columns, bottom + 1 / lines
    figure.text(left, top - 0.10 / (tall * lines), title, va="top", size=10, weight="bold", color=INK)
    figure.text(left, top - 0.31 / (tall * lines), rest, va="top", size=8.5, color=INK)
    return axes


def _cloud(
    axes: Axes, flat: Float64, depth: Float64, attention: Float32 | None, colour: str | None = None
) -> None:
    size = float(np.clip(9000 / max(len(flat), 1), 1.5, 8))
    order = np.argsort(-depth)
    if attention is None:
        shade = np.repeat([[0.60, 0.63, 0.67, 1.0]], len(flat), axis=0)
        if colour is not None:
            shade = np.array(colormaps["Greys"](0.75 - 0.45 * depth))
    else:
        # By rank: a softmax gives a few points most of it, and a linear scale would show only these.
        rank = attention.argsort().argsort() / max(len(attention) - 1, 1)
        order = np.argsort(rank, kind="stable")
        shade = np.array(_ATTENTION(rank**4))
        size *= 1.3
    shade[:, 3] = 0.9 - 0.5 * depth
    axes.scatter(flat[order, 0], flat[order, 1], s=size, c=shade[order], linewidths=0)
