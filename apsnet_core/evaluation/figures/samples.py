"""Still pictures of samplings (matplotlib, no display needed)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from apsnet_core.cloud import Float32, Float64
from apsnet_core.evaluation.figures.camera import USUAL
from apsnet_core.evaluation.figures.dense_cloud import draw_dense, is_dense
from apsnet_core.ops.orientation import up_turn
from apsnet_core.types import UInt8

INK = "#767e8b"  # legible on white and on black
GHOST = "#9aa1ab"
GHOST_POINTS = 8000
DPI = 150
TITLE = 0.55  # inches above a row of panels
_WIDTH = 4.6  # inches of a panel
_FADE = 0.85, 0.4  # the opacity of near and of far points of a dense ghost


@dataclass(frozen=True)
class Panel:
    """One picture of a row: ``samples`` (m, 3) in order, in ``colour``, with two lines of text above."""

    samples: Float32
    colour: str
    title: str
    subtitle: str = ""


def sampling_picture(
    ghost: Float32, panels: Sequence[Panel], *, up: str = "z", colours: UInt8 | None = None
) -> Figure:
    """A row of panels, each with the shape as a ``ghost`` (n, 3) and the samples as numbered dots.

    ``up`` is the points' up axis; ``colours`` (n, 3) replace the grey of the ghost. Near points are dark and
    in front, far points pale and behind; in a dense shape, near points hide far ones, and edges are dark.
    """
    turn = up_turn(up, "z")
    xyz = ghost.astype(np.float64) @ turn.T
    low, high = xyz.min(0), xyz.max(0)
    centre, radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-30)
    if len(xyz) > GHOST_POINTS and not is_dense(xyz):
        rows = np.random.default_rng(0).choice(len(xyz), GHOST_POINTS, replace=False)
        xyz, colours = xyz[rows], None if colours is None else colours[rows]
    flat, flat_depth = USUAL.project((xyz - centre) / radius)
    drawn = [USUAL.project((panel.samples.astype(np.float64) @ turn.T - centre) / radius) for panel in panels]
    low, high = np.min(flat, axis=0), np.max(flat, axis=0)
    margin = 0.05 * max(float(np.max(high - low)), 1e-9)
    extent = high - low + 2 * margin
    height = float(np.clip(_WIDTH * extent[1] / extent[0], 2.4, 6.0))
    figure = new_figure(_WIDTH * len(panels), height + TITLE)
    for column, (panel, (points, depth)) in enumerate(zip(panels, drawn, strict=True)):
        axes = figure.add_axes((column / len(panels), 0.0, 1 / len(panels), height / (height + TITLE)))
        axes.set_axis_off()
        axes.set_aspect("equal")
        axes.set_xlim(low[0] - margin, high[0] + margin)
        axes.set_ylim(low[1] - margin, high[1] + margin)
        _draw_ghost(axes, flat, flat_depth, colours)
        draw_samples(axes, points, depth, panel.colour)
        at = (column + 0.03) / len(panels)
        figure.text(at, 1 - 0.12 / (height + TITLE), panel.title, va="top", size=11, weight="bold", color=INK)
        figure.text(at, 1 - 0.36 / (height + TITLE), panel.subtitle, va="top", size=8.5, color=INK)
    return figure


def png(figure: Figure, *, transparent: bool = False) -> bytes:
    """The bytes of the figure's PNG file, with a white or transparent background."""
    buffer = BytesIO()
    figure.savefig(
        buffer, format="png", dpi=DPI, transparent=transparent, facecolor="none" if transparent else "white"
    )
    return buffer.getvalue()


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of ``width`` by ``height`` inches, which needs no screen."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def _pale(colour: str, amount: Float64) -> npt.NDArray[np.float64]:
    """Mix ``colour`` with white by ``amount`` (n,); returns RGBA (n, 4)."""
    rgb = np.array(to_rgb(colour))
    mixed = rgb + (1 - rgb) * amount[:, None]
    return np.concatenate([mixed, np.ones((len(amount), 1))], axis=1)


def _draw_ghost(axes: Axes, points: Float64, depth: Float64, colours: UInt8 | None) -> None:
    if is_dense(points):
        grey = (255 * np.array(to_rgb(GHOST))).astype(np.uint8)
        rgb = np.tile(grey, (len(points), 1)) if colours is None else colours
        fade = _FADE if colours is None else (1.0, 1.0)
        draw_dense(axes, points, depth, rgb, USUAL, round(_WIDTH * DPI), fade)
        return
    order = np.argsort(-depth)
    rgba = _pale(GHOST, 0.0 * depth)
    if colours is None:
        rgba[:, 3] = 0.85 - 0.7 * depth
    else:
        rgba[:, :3] = colours / 255
    size = float(np.clip((9000 if colours is None else 30000) / max(len(points), 1), 1.2, 8))
    axes.scatter(points[order, 0], points[order, 1], s=size, c=rgba[order], linewidths=0)


def draw_samples(
    axes: Axes, points: Float64, depth: Float64, colour: str, *, numbers: bool = True, clip: bool = False
) -> None:
    """Draw numbered dots at ``points`` (m, 2) of the picture, larger for a ``depth`` (m,) near 0.

    With ``clip``, dots outside of the picture are not drawn.
    """
    m = len(points)
    size = 150 if m <= 16 else 110 if m <= 40 else 70 if m <= 100 else 32 if m <= 300 else 14
    number = 7.0 if m <= 16 else 5.8 if m <= 40 else 4.2
    colours = _pale(colour, 0.3 * depth)
    for rank, index in enumerate(np.argsort(-depth)):  # one by one, so that a near dot covers a far number
        x, y = points[index]
        axes.scatter(
            x, y, s=size * (1.25 - 0.5 * depth[index]), color=colours[index], edgecolors="white",
            linewidths=0.8 if m <= 100 else 0.4, zorder=3 + rank, clip_on=clip,
        )  # fmt: skip
        if numbers and m <= 100:
            axes.annotate(
                str(index + 1), (x, y), ha="center", va="center_baseline", color="white", zorder=3 + rank,
                size=number * (1.1 - 0.2 * depth[index]), weight="bold",
                annotation_clip=clip,
            )  # fmt: skip
