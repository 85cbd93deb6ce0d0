"""Everything that Qt draws over a view's picture: header, axes, scale, labels, colour bar, messages."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from apsnet_core.ops.orientation import DIRECTIONS
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.ink import GRID, draw_text, font_of, ink, paper
from apsnet_gui.viewport.legend import draw_legend
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.sample_labels import draw_labels
from apsnet_gui.viewport.scene import Scene, where

Size = tuple[int, int]

MOST_LINES = 16
_AXIS_COLORS = {"x": QColor(213, 94, 0), "y": QColor(0, 158, 115), "z": QColor(86, 140, 240)}


@dataclass(frozen=True, eq=False)
class Caption:
    """The header of a view and its colour bar."""

    title: str = ""
    detail: str = ""
    bar: ColorBar | None = None


def draw(
    painter: QPainter, image: QImage, scene: Scene, camera: Camera, size: Size, caption: Caption
) -> None:
    """Draw labels, axes, scale, legend and header over ``image`` of ``scene``, in logical pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_labels(painter, image, scene, camera, size)
    if scene.show_axes and min(size) >= 160:
        _draw_axes(painter, scene, camera, size)
        _draw_scale(painter, scene, camera, size)
    if caption.bar is not None:
        draw_legend(painter, scene, size, caption.bar)
    if caption.title:
        _draw_header(painter, scene, size, caption.title, caption.detail)


def _draw_header(painter: QPainter, scene: Scene, size: Size, title: str, detail: str) -> None:
    strong, plain = font_of(painter, 1.0, bold=True), font_of(painter, 1.0)
    measure = QFontMetricsF(strong)
    room = size[0] - 2 * GRID
    title = measure.elidedText(title, Qt.TextElideMode.ElideRight, room)
    baseline = GRID + measure.ascent()
    draw_text(painter, scene, QPointF(GRID, baseline), title, strong, ink(scene))
    if detail:
        start = GRID + measure.horizontalAdvance(title) + GRID
        plain_measure = QFontMetricsF(plain)
        if start + plain_measure.horizontalAdvance(detail) > size[0] - GRID:
            start, baseline = GRID, baseline + plain_measure.lineSpacing()
        detail = plain_measure.elidedText(detail, Qt.TextElideMode.ElideRight, size[0] - GRID - start)
        draw_text(painter, scene, QPointF(start, baseline), detail, plain, ink(scene, 190))


def _draw_axes(painter: QPainter, scene: Scene, camera: Camera, size: Size) -> None:
    """Draw the axes in the lower left corner; the up axis is longer."""
    length = 24.0
    origin = QPointF(GRID * 5, size[1] - GRID * 5)
    font = font_of(painter, 0.85, bold=True)
    for name, axis in sorted(zip("xyz", camera.axes.T, strict=True), key=lambda pair: pair[1][2]):
        reach = length * (1.3 if name == scene.up[-1] and scene.up in DIRECTIONS else 1.0)
        tip = origin + QPointF(axis[0], -axis[1]) * reach
        color = _AXIS_COLORS[name]
        painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(origin, tip)
        away = tip + QPointF(axis[0], -axis[1]) * 8
        if math.hypot(axis[0], axis[1]) > 0.2:
            box = QFontMetricsF(font).tightBoundingRect(name)
            draw_text(painter, scene, away + QPointF(-box.width() / 2, box.height() / 2), name, font, color)


def nice_length(length: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is at most ``length``."""
    power = 10.0 ** math.floor(math.log10(length))
    return max(step * power for step in (1, 2, 5) if step * power <= length * (1 + 1e-9))


def _draw_scale(painter: QPainter, scene: Scene, camera: Camera, size: Size) -> None:
    """Draw a scale bar of a round length, which is true at the depth of the target."""
    per_pixel = 2 * camera.half_height / size[1]
    length = nice_length(per_pixel * min(120, size[0] / 4))
    width = length / per_pixel
    right, bottom = size[0] - 2 * GRID, size[1] - 2 * GRID
    painter.setPen(QPen(ink(scene, 170), 1.5))
    painter.drawLine(QPointF(right - width, bottom), QPointF(right, bottom))
    for x in (right - width, right):
        painter.drawLine(QPointF(x, bottom - 3), QPointF(x, bottom + 3))
    font = font_of(painter, 0.85)
    text = f"{length:g} {scene.unit}".rstrip()
    advance = QFontMetricsF(font).horizontalAdvance(text)
    draw_text(
        painter, scene, QPointF(right - width / 2 - advance / 2, bottom - 6), text, font, ink(scene, 190)
    )


def describe(pick: Pick, scene: Scene) -> str:
    """The row of a point and its coordinates; for a point on a surface only its coordinates.

    ``ViewWidget.describe`` can be replaced by a function that returns more.
    """
    row = "" if pick.on_surface else f"{pick.index}  "
    return f"{row}({where(scene, pick.xyz)})"


def draw_hover(painter: QPainter, scene: Scene, size: Size, pick: Pick, words: str) -> None:
    """Draw a ring around the point under the pointer, with a text beside it and inside the view."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    at = QPointF(*pick.pixel)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((paper(scene, 220), 4.0), (ink(scene), 1.5)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(at, 6, 6)
    draw_lines(painter, scene, size, at + QPointF(0, -8), words.split("\n"))


def draw_lines(painter: QPainter, scene: Scene, size: Size, beside: QPointF, lines: list[str]) -> None:
    """Write lines beside a position, all inside the view; several lines get a background behind them."""
    font = font_of(painter, 0.9)
    measure = QFontMetricsF(font)
    lines = fitting(lines, int((size[1] - 2 * GRID) / measure.height()))
    width = max(measure.horizontalAdvance(line) for line in lines)
    x = beside.x() + 12 if beside.x() + 12 + width <= size[0] - GRID else beside.x() - 12 - width
    below = size[1] - GRID - (len(lines) - 1) * measure.height()  # the lowest baseline for the first line
    x, y = max(x, GRID), max(min(beside.y(), below), 2 * GRID)
    if len(lines) > 1:
        box = QRectF(x, y - measure.ascent(), width, len(lines) * measure.height())
        painter.fillRect(box.adjusted(-6, -4, 6, 2), paper(scene, 200))
    for place, line in enumerate(lines):
        down = QPointF(0, place * measure.height())
        draw_text(painter, scene, QPointF(x, y) + down, line, font, ink(scene, 190 if place else 255))


def fitting(lines: list[str], room: int) -> list[str]:
    """As many ``lines`` as ``room`` allows, at most 16; the last one counts the lines left out."""
    most = max(min(room, MOST_LINES), 1)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"and {len(lines) - most + 1} more"] if most > 1 else lines[:1]


def draw_focus(painter: QPainter, color: QColor, size: Size) -> None:
    """Draw a frame around the view that has the keyboard focus."""
    painter.setPen(QPen(color, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(0.5, 0.5, size[0] - 1, size[1] - 1))


def draw_message(painter: QPainter, scene: Scene, size: Size, text: str) -> None:
    """Write a sentence in the middle of an empty view."""
    painter.setPen(ink(scene, 190))
    box = QRectF(2 * GRID, 2 * GRID, size[0] - 4 * GRID, size[1] - 4 * GRID)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)
