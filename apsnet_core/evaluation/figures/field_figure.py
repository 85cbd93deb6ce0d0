"""A cloud in the colours of a field, with its legend, with or without samples in front."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, LogNorm, Normalize
from matplotlib.figure import Figure

from apsnet_core.cloud import Float32
from apsnet_core.colours.field_colours import FieldColours, Legend
from apsnet_core.evaluation.figures.camera import USUAL, Camera
from apsnet_core.evaluation.figures.dense_cloud import nearest_pixels
from apsnet_core.evaluation.figures.samples import (
    DPI,
    INK,
    Panel,
    draw_samples,
    new_figure,
)
from apsnet_core.ops.orientation import up_turn

_WIDTH, _HEAD = 5.4, 0.55  # inches
_LEGEND, _LINE = 0.8, 0.19  # inches of a legend with a colour bar, and of a line of classes
_COLUMNS, _MOST_CLASSES = 4, 27  # of a legend; further classes are only counted
_SMALL = 7.0
_MARGIN = 0.03


def field_picture(
    points: Float32,
    colours: FieldColours,
    panels: Sequence[Panel] = (),
    *,
    up: str = "z",
    camera: Camera = USUAL,
) -> Figure:
    """A row of panels: the shown ``points`` (n, 3) in their colours, with numbered samples on them.

    Without ``panels``, only the cloud is drawn. ``up`` is the points' up axis. Near points hide far ones.
    """
    turn = up_turn(up, "z")
    xyz = points.astype(np.float64) @ turn.T
    low, high = xyz.min(0), xyz.max(0)
    centre, radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-30)
    flat, depth = camera.project((xyz - centre) / radius)
    first, last = flat.min(0), flat.max(0)
    margin = _MARGIN * max(float((last - first).max()), 1e-9)
    first, last = camera.framed(first - margin, last + margin)
    seen = ((flat >= first) & (flat <= last)).all(axis=1)
    if colours.shown is not None:
        seen &= colours.shown
    height = float(np.clip(_WIDTH * (last - first)[1] / (last - first)[0], 1.6, 7.0))
    shown = panels or (Panel(np.zeros((0, 3), np.float32), "#000000", ""),)
    head = _HEAD if panels else 0.0
    legend = 0.3 + _LINE * _class_rows(colours.legend) if colours.legend.classes else _LEGEND
    whole = head + height + legend
    figure = new_figure(_WIDTH * len(shown), whole)
    image = nearest_pixels(
        flat[seen], depth[seen], colours.rgb[seen], first, last, round(_WIDTH * DPI), camera
    )
    for column, panel in enumerate(shown):
        at = (column / len(shown), legend / whole, 1 / len(shown), height / whole)
        axes = figure.add_axes(at)
        axes.set_axis_off()
        extent = (float(first[0]), float(last[0]), float(first[1]), float(last[1]))
        axes.imshow(image, extent=extent, interpolation="antialiased")
        axes.set_aspect("equal")
        samples, far = camera.project((panel.samples.astype(np.float64) @ turn.T - centre) / radius)
        draw_samples(axes, samples, far, panel.colour, clip=camera.crops)
        left = (column + 0.03) / len(shown)
        figure.text(left, 1 - 0.12 / whole, panel.title, va="top", size=11, weight="bold", color=INK)
        figure.text(left, 1 - 0.36 / whole, panel.subtitle, va="top", size=8.5, color=INK)
    strip = (0.03 / len(shown), 0.06 / whole, 0.94 / len(shown), (legend - 0.3) / whole)
    _draw_legend(figure.add_axes(strip), colours.legend)
    return figure


def _draw_legend(axes: Axes, legend: Legend) -> None:
    missing = f"   grey: no value ({legend.missing:,})" if legend.missing else ""
    hidden = ", ".join(each.name for each in legend.classes if each.hidden)
    missing += f"   hidden: {hidden}" if hidden else ""
    axes.set_title(legend.words + missing, loc="left", size=8.5, color=INK, pad=3)
    axes.set_axis_off()
    if legend.classes:
        _draw_classes(axes, legend)
        return
    scale = LogNorm if legend.log else Normalize
    low, high = legend.low - legend.base, legend.high - legend.base
    norm = scale(low, high if high > low else low + 1)
    inner = axes.inset_axes((0.0, 0.55, 1.0, 0.3))
    figure = axes.get_figure()
    if not isinstance(figure, Figure):
        raise TypeError("an axes of a figure is needed")
    bar = figure.colorbar(
        ScalarMappable(norm, ListedColormap(legend.table / 255.0)), cax=inner, orientation="horizontal"
    )
    bar.outline.set_visible(False)
    inner.tick_params(which="both", colors=INK, labelsize=8, length=2)


def _draw_classes(axes: Axes, legend: Legend) -> None:
    seen = [each for each in legend.classes if not each.hidden]
    most = sorted(seen, key=lambda each: -each.count)[:_MOST_CLASSES]
    shown = sorted(most, key=lambda each: each.value)
    axes.set_xlim(0, _COLUMNS)
    axes.set_ylim(_class_rows(legend), 0)
    for number, entry in enumerate(shown):
        x, y = number % _COLUMNS, number // _COLUMNS + 0.5
        axes.scatter(x + 0.04, y, s=26, color=np.array(entry.rgb) / 255.0, linewidths=0, clip_on=False)
        axes.text(x + 0.1, y, entry.name, size=_SMALL, va="center", color=INK, clip_on=False)
    more = len(seen) - len(shown)
    if more:
        x, y = len(shown) % _COLUMNS, len(shown) // _COLUMNS + 0.5
        axes.text(x + 0.1, y, f"and {more} more", size=_SMALL, va="center", color=INK, clip_on=False)


def _class_rows(legend: Legend) -> int:
    """The number of legend lines, counting an entry for "and more"."""
    return -(-min(len(legend.classes), _MOST_CLASSES + 1) // _COLUMNS)
