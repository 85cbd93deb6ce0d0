"""The legend and the scale bar of a picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from apsnet_core.evaluation.figures.camera import Camera
from apsnet_core.evaluation.figures.samples import INK
from apsnet_core.units import with_unit

LEGEND = 0.34  # inches below the pictures
_SHARE = 0.3  # the largest share of a picture's width for a scale bar


def draw_legend(figure: Figure, names: Mapping[str, str], attention: Colormap | None, foot: float) -> None:
    """Draw a coloured dot for each name, and the attention scale, in the ``foot`` inches at the bottom."""
    dots = [
        Line2D([], [], linestyle="", marker="o", color=colour, label=name) for name, colour in names.items()
    ]
    middle = foot / 2 / figure.get_figheight()
    legend = figure.legend(
        handles=dots, loc="center left", bbox_to_anchor=(0.0, middle), ncols=len(dots), frameon=False,
        labelcolor=INK, fontsize=8, handletextpad=0.1, columnspacing=1.0,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
    if attention is None:
        return
    wide, high = 0.6 / figure.get_figwidth(), 0.09 / figure.get_figheight()
    left = 1 - wide - 0.95 / figure.get_figwidth()
    axes = figure.add_axes((left, middle - high / 2, wide, high))
    axes.set_axis_off()
    axes.imshow(np.linspace(0, 1, 64)[None], cmap=attention, aspect="auto")
    gap = 0.06 / figure.get_figwidth()
    figure.text(left - gap, middle, "less", ha="right", va="center", size=8, color=INK)
    figure.text(left + wide + gap, middle, "more attention", va="center", size=8, color=INK)


def draw_scale_bar(axes: Axes, camera: Camera, radius: float, length_unit: str = "") -> None:
    """Draw a bar in the lower left corner; its length is exact at the depth of the camera's target."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    unit = 1 / radius / camera.distance  # the length of one unit of the file in the picture
    length = rounded((right - left) * _SHARE / unit)
    x, y = left + 0.05 * (right - left), bottom + 0.06 * (top - bottom)
    axes.plot([x, x + length * unit], [y, y], color=INK, linewidth=1.6, solid_capstyle="butt", zorder=1e4)
    axes.text(
        x + length * unit / 2, y + 0.015 * (top - bottom), with_unit(f"{length:g}", length_unit or "units"),
        ha="center", va="bottom", size=7, color=INK, zorder=1e4,
    )  # fmt: skip


def rounded(most: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is no more than ``most``."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in (1, 2, 5) if step * power <= most * (1 + 1e-9)))
