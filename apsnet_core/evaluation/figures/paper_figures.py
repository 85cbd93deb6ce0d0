"""Fig. 3 and Fig. 4 of the paper, drawn anew from one's own numbers and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from apsnet_core.cloud import Float32, Float64
from apsnet_core.evaluation.figures.fig4_panels import Scene
from apsnet_core.evaluation.figures.samples import INK, Y_TO_Z, draw_samples, dress, new_figure, project
from apsnet_core.evaluation.table.table import Row, Table
from apsnet_core.evaluation.table.texts import METRICS, by_label, sizes_of
from apsnet_core.methods.registry import MARKERS, method_colour

_ATTENTION = LinearSegmentedColormap.from_list("attention", ["#cdd1d8", "#ecd873", "#f5bf00"])
_TITLE = 0.56  # inches above a picture for its two lines


def metric_figure(table: Table) -> Figure:
    """Fig. 3: the metric against m, with 95 % intervals; beside it, to the same scale, what the paper has."""
    methods, metric = by_label(table.rows), METRICS[table.metric]
    sizes = sizes_of(table.rows)
    published = any(row.published is not None for row in table.rows)
    figure = new_figure(9.6 if published else 5.6, 4.4)
    top = 0.84 if len(methods) <= (7 if published else 4) else 0.81
    figure.subplots_adjust(left=0.05 if published else 0.085, right=0.985, top=top, bottom=0.075, wspace=0.06)
    own = figure.add_subplot(1, 2 if published else 1, 1)
    _curves(own, methods)
    dress(own, f"{metric.axis} · {table.held_out.name}", sizes, not metric.higher)
    if published:
        theirs = figure.add_subplot(1, 2, 2, sharey=own)
        _published_curves(theirs, methods)
        halved = ", halved" if table.metric == "rotation_error" else ""
        dress(theirs, f"The paper, Table {metric.paper_table}{halved}", sizes, not metric.higher)
        theirs.tick_params(labelleft=False)
    if metric.higher:
        own.set_ylim(0, 100)
    handles, labels = own.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper left", ncols=7 if published else 4, frameon=False, labelcolor=INK,
        fontsize=8.5, handlelength=2.0, columnspacing=1.2, handletextpad=0.5,
        bbox_to_anchor=(0.0, 1.0), borderaxespad=0.3,
    )  # fmt: skip
    return figure


def _curves(axes: Axes, methods: dict[str, dict[int, Row]]) -> None:
    for place, ((label, rows), style) in enumerate(zip(methods.items(), _styles(methods), strict=True)):
        shown = [row for _, row in sorted(rows.items())]
        factor = METRICS[shown[0].metric].factor
        # Side by side, so that intervals of one size do not hide each other.
        aside = 2.0 ** (0.035 * (place - (len(methods) - 1) / 2))
        values = [factor * row.value for row in shown]
        axes.errorbar(
            [aside * row.m for row in shown], values, label=label, elinewidth=1.0, markersize=4.5,
            yerr=[
                [value - factor * row.low for value, row in zip(values, shown, strict=True)],
                [factor * row.high - value for value, row in zip(values, shown, strict=True)],
            ],
            **style,
        )  # fmt: skip


def _published_curves(axes: Axes, methods: dict[str, dict[int, Row]]) -> None:
    for rows, style in zip(methods.values(), _styles(methods), strict=True):
        numbers = {m: row.published for m, row in sorted(rows.items()) if row.published is not None}
        if numbers:
            metric = next(iter(rows.values())).metric
            factor = 0.5 if metric == "rotation_error" else METRICS[metric].factor
            values = [factor * number for number in numbers.values()]
            axes.plot(list(numbers), values, alpha=0.45, markersize=4.5, **style)


def _styles(methods: dict[str, dict[int, Row]]) -> list[dict[str, Any]]:
    """A method keeps its colour; its variants differ in line and marker."""
    styles: list[dict[str, Any]] = []
    for rows in methods.values():
        colour = method_colour(next(iter(rows.values())).method)
        rank = [style["color"] for style in styles].count(colour)
        line = ("-", "--", ":", "-.")[min(rank, 3)]
        styles.append(
            {"color": colour, "marker": MARKERS[rank % len(MARKERS)], "linestyle": line, "linewidth": 1.7}
        )
    return styles


def attention_figure(
    cloud: Float32, rows: Sequence[Sequence[Scene]], *, up: Literal["y", "z"] = "z"
) -> Figure:
    """Fig. 4: a row of scenes for each method, every sample numbered on the ``cloud`` (n, 3).

    The brighter the yellow, the more attention a point got from all steps together. Beside each sample what
    was rebuilt from it.
    """
    turn = Y_TO_Z if up == "y" else np.eye(3)
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
