"""Fig. 4 of the paper, for any shapes and cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from apsnet_core.cloud import Float32, Float64
from apsnet_core.evaluation.figures.camera import USUAL, Camera
from apsnet_core.evaluation.figures.dense_cloud import draw_dense, is_dense
from apsnet_core.evaluation.figures.fig4_panels import SamplePicture
from apsnet_core.evaluation.figures.legends import LEGEND, draw_legend, draw_scale_bar
from apsnet_core.evaluation.figures.samples import DPI, INK, draw_samples, new_figure
from apsnet_core.ops.orientation import up_turn

ATTENTION = LinearSegmentedColormap.from_list("attention", ["#cdd1d8", "#ecd873", "#f5bf00"])
_TITLE = 0.56  # inches for the two lines of text above a picture
_WIDEST, _SHEET = 3.4, 16.0  # the largest widths of a picture and of a row of pictures, in inches
PRINTED = 7.0
"""The width in inches of a figure across both columns of a paper, which keeps the size of its numbers."""
PRINT_DPI = 300.0
_FADE = 0.9, 0.4  # the opacity of near and of far points


@dataclass(frozen=True, eq=False)
class Dressing:
    """The parts of a picture around the points, and its camera.

    ``also`` are further cameras, those of the same film, for which the picture is framed too. ``step`` shows
    the samples up to that step, on the attention of this step only. ``sheet`` is the width in inches of a row
    of pictures, ``dpi`` the resolution of a still. The scale bar is in ``length_unit``.
    """

    camera: Camera = USUAL
    also: tuple[Camera, ...] = ()
    labels: bool = True
    numbers: bool = True
    scale_bar: bool = False
    legend: bool = False
    step: int | None = None
    sheet: float = _SHEET
    dpi: float = DPI
    length_unit: str = ""


def attention_figure(
    cloud: Float32,
    rows: Sequence[Sequence[SamplePicture]],
    *,
    up: str = "z",
    dressing: Dressing | None = None,
) -> Figure:
    """Fig. 4: a row of scenes for each method, every sample numbered on the ``cloud`` (n, 3).

    The more attention a point got from all steps together, the brighter its yellow. The shape rebuilt from a
    sample is beside it.
    """
    dressing = dressing or Dressing()
    camera = dressing.camera
    turn, centre, radius = standing(cloud, up)

    def inside(points: Float32) -> Float64:
        return (points.astype(np.float64) @ turn.T - centre) / radius

    shown = [inside(cloud), *(inside(scene.samples) for row in rows for scene in row)]
    shown += [inside(scene.rebuilt) for row in rows for scene in row if scene.rebuilt is not None]
    columns = max(sum(1 + (scene.rebuilt is not None) for scene in row) for row in rows)
    width = min(_WIDEST, dressing.sheet / columns)
    low, high = _limits(camera, np.concatenate(shown), dressing.also)
    title, foot = _TITLE * dressing.labels, LEGEND * dressing.legend
    tall = float(np.clip(width * (high - low)[1] / (high - low)[0], 0.5 * width, 1.5 * width)) + title
    figure = new_figure(width * columns, tall * len(rows) + foot)
    for line, row in enumerate(rows):
        column = 0
        for scene in row:
            place = _Place(line, column, columns, len(rows), tall, title, foot)
            axes = _panel(figure, place, scene.words, low, high)
            attention = scene.attention
            if dressing.step is not None and scene.attention_at is not None:
                attention = scene.attention_at(min(dressing.step, scene.m))
            _cloud(axes, *camera.project(shown[0]), attention, None, width, dressing)
            samples = inside(scene.samples)[: dressing.step]
            draw_samples(
                axes, *camera.project(samples), scene.colour, numbers=dressing.numbers, clip=camera.crops
            )
            if dressing.scale_bar:
                draw_scale_bar(axes, camera, radius, dressing.length_unit)
            column += 1
            if scene.rebuilt is not None:
                place = _Place(line, column, columns, len(rows), tall, title, foot)
                axes = _panel(figure, place, scene.verdict, low, high)
                _cloud(axes, *camera.project(inside(scene.rebuilt)), None, scene.colour, width, dressing)
                column += 1
    if dressing.legend:
        scenes = [scene for row in rows for scene in row]
        names = {scene.words.partition(" · ")[0]: scene.colour for scene in scenes}
        yellow = ATTENTION if any(scene.attention is not None for scene in scenes) else None
        draw_legend(figure, names, yellow, foot)
    return figure


def standing(cloud: Float32, up: str) -> tuple[Float64, Float64, float]:
    """The rotation (3, 3) that makes z point up, and the centre (3,) and radius of the rotated cloud."""
    turn = up_turn(up, "z")
    xyz = cloud.astype(np.float64) @ turn.T
    low, high = xyz.min(0), xyz.max(0)
    return turn, (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-30)


def _limits(camera: Camera, points: Float64, also: Sequence[Camera]) -> tuple[Float64, Float64]:
    """The corners of a picture of ``points`` in the unit ball, which fit the views of all cameras."""
    flat = np.concatenate([each.project(points)[0] for each in (camera, *also)])
    low, high = flat.min(0), flat.max(0)
    margin = 0.05 * max(float(np.max(high - low)), 1e-9)
    return camera.framed(low - margin, high + margin)


@dataclass(frozen=True)
class _Place:
    """The place of a picture: ``tall`` inches with its ``title``; the figure ends with the ``foot`` below."""

    line: int
    column: int
    columns: int
    lines: int
    tall: float
    title: float
    foot: float

    @property
    def whole(self) -> float:
        return self.tall * self.lines + self.foot

    @property
    def top(self) -> float:
        return self.whole - self.line * self.tall


def _panel(figure: Figure, place: _Place, words: str, low: Float64, high: Float64) -> Axes:
    bottom, height = place.top - place.tall, place.tall - place.title
    axes = figure.add_axes(
        (place.column / place.columns, bottom / place.whole, 1 / place.columns, height / place.whole)
    )
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    if place.title:
        title, _, rest = words.partition("\n")
        left = (place.column + 0.04) / place.columns
        small = figure.get_figwidth() / place.columns < 2.4  # inches; narrow pictures need smaller text
        for text, down, size, weight in ((title, 0.10, 10, "bold"), (rest, 0.31, 8.5, "normal")):
            figure.text(
                left, (place.top - down) / place.whole, text, va="top", size=size - 2 * small, weight=weight,
                color=INK, parse_math=False,
            )  # fmt: skip
    return axes


def _cloud(
    axes: Axes,
    flat: Float64,
    depth: Float64,
    attention: Float32 | None,
    colour: str | None,
    width: float,
    dressing: Dressing,
) -> None:
    size = np.full(len(flat), np.clip(9000 / max(len(flat), 1), 1.5, 8) * (width / _WIDEST) ** 2)
    order = np.argsort(-depth)
    if attention is None:
        shade = np.repeat([[0.60, 0.63, 0.67, 1.0]], len(flat), axis=0)
        if colour is not None:
            shade = np.array(colormaps["Greys"](0.75 - 0.45 * depth))
    else:
        # Coloured by rank: a softmax gives a few points most of the attention, and a linear scale would show
        # only these points.
        rank = attention.argsort().argsort() / max(len(attention) - 1, 1)
        order = np.argsort(rank, kind="stable")
        shade = np.array(ATTENTION(rank**4))
        size *= 1.2 + rank**4  # larger points make highlights visible in print too
    if is_dense(flat):
        rgb, pixels = (255 * shade[:, :3]).astype(np.uint8), round(width * dressing.dpi)
        draw_dense(axes, flat, depth, rgb, dressing.camera, pixels, _FADE)
        return
    shade[:, 3] = _FADE[0] + (_FADE[1] - _FADE[0]) * depth
    axes.scatter(flat[order, 0], flat[order, 1], s=size[order], c=shade[order], linewidths=0)
