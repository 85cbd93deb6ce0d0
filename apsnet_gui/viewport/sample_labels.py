"""The numbers of the samples over the picture, where there is room; they are faint for hidden samples."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from apsnet_core.arrays import np
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.ink import draw_text, font_of, ink
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import Scene, SphereLayer, UInt8

Size = tuple[int, int]


class Label(NamedTuple):
    """A label: its text, its baseline in logical pixels, and whether its sphere is visible."""

    text: str
    x: float
    y: float
    seen: bool = True


def labels(image: QImage, scene: Scene, camera: Camera, size: Size) -> list[Label]:
    """The labels in the picture, the nearest first, without those that would cover a nearer one."""
    found: list[Label] = []
    for layer in scene.layers:
        if not isinstance(layer, SphereLayer) or not layer.visible or not layer.labels:
            continue
        pixels, depth = project(camera, layer.centers, size)
        nearness = 1.0 if camera.orthographic else camera.distance / np.maximum(depth, 1e-12)
        radii = layer.radius * size[1] / 2 / camera.half_height * nearness * np.ones(len(depth))
        inside = ((pixels >= 0) & (pixels < size)).all(axis=1) & ((depth > 0) | camera.orthographic)
        order = np.argsort(depth)
        for row in order[inside[order]].tolist():
            (x, y), radius = pixels[row].tolist(), float(radii[row])
            foot = y - radius - 2
            if all(abs(x - other.x) > 14 or abs(foot - other.y) > 10 for other in found):
                seen = _shows(image, layer.colors[row], x, y, radius, image.width() / size[0])
                found.append(Label(layer.labels[row], x, foot, seen))
    return found


def _shows(image: QImage, color: UInt8, x: float, y: float, radius: float, ratio: float) -> bool:
    """Whether the colour of a sphere is visible in the picture; if not, something covers the sphere."""
    red, green, blue = color.tolist()
    own = math.hypot(red, green, blue)
    for dx, dy in ((0, 0), (-0.5, 0), (0.5, 0), (0, -0.5), (0, 0.5)):
        column, row = int((x + dx * radius) * ratio), int((y + dy * radius) * ratio)
        if image.valid(column, row):
            pixel = image.pixel(column, row)
            r, g, b = pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255
            light = math.hypot(r, g, b)
            if light > 20 and r * red + g * green + b * blue > 0.985 * light * own:
                return True
    return False


def draw_labels(painter: QPainter, image: QImage, scene: Scene, camera: Camera, size: Size) -> None:
    """Draw the labels over ``image``, faint where the sphere is hidden."""
    font, faint = font_of(painter, 0.8, bold=True), font_of(painter, 0.8)
    measure = QFontMetricsF(font)
    for label in reversed(labels(image, scene, camera, size)):
        at = QPointF(label.x - measure.horizontalAdvance(label.text) / 2, label.y)
        if label.seen:
            draw_text(painter, scene, at, label.text, font, ink(scene))
        else:
            painter.save()
            painter.setFont(faint)
            painter.setPen(ink(scene, 110))
            painter.drawText(at, label.text)
            painter.restore()
