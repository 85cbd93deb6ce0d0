"""Text over a picture, which a thin edge around the letters makes readable on any background."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from apsnet_gui.viewport.scene import Rgb, Scene

GRID = 8
_EDGE = 3.0


def _is_dark(background: Rgb) -> bool:
    """Whether the background needs light text."""
    red, green, blue = background
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128


def ink(scene: Scene, strength: int = 255) -> QColor:
    """The colour of text on the scene's background; ``strength`` is its opacity, up to 255."""
    color = QColor(236, 238, 240) if _is_dark(scene.background_rgb) else QColor(32, 34, 37)
    color.setAlpha(strength)
    return color


def paper(scene: Scene, strength: int = 200) -> QColor:
    """The colour of the scene's background, for the edge of text."""
    color = QColor(*scene.background_rgb)
    color.setAlpha(strength)
    return color


def draw_text(painter: QPainter, scene: Scene, at: QPointF, text: str, font: QFont, color: QColor) -> None:
    """Draw text with its baseline at ``at`` and a thin edge in the background's colour."""
    ratio = painter.deviceTransform().m11() * (
        painter.device().devicePixelRatioF() if painter.device() else 1
    )
    stamp = _stamp(text, font.toString(), color.rgba(), paper(scene, 220).rgba(), ratio)
    painter.drawImage(at - QPointF(_EDGE, _EDGE + QFontMetricsF(font).ascent()), stamp)


@lru_cache(maxsize=2048)
def _stamp(text: str, font_name: str, ink: int, paper: int, ratio: float) -> QImage:
    """The text as an image, cached because outlining letters takes many times as long as copying it."""
    font = QFont()
    font.fromString(font_name)
    measure = QFontMetricsF(font)
    size = QSizeF(measure.horizontalAdvance(text) + 2 * _EDGE, measure.height() + 2 * _EDGE) * ratio
    image = QImage(ceil(size.width()), ceil(size.height()), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(QPointF(_EDGE, _EDGE + measure.ascent()), font, text)
    edge = QPen(QColor.fromRgba(paper), _EDGE)
    edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(path, edge)
        painter.fillPath(path, QColor.fromRgba(ink))
    return image


def font_of(painter: QPainter, scale: float, bold: bool = False) -> QFont:
    """The painter's font at ``scale`` times its size."""
    return scaled(painter.font(), scale, bold)


def scaled(font: QFont, scale: float, bold: bool = False) -> QFont:
    """A font at ``scale`` times its size."""
    font = QFont(font)
    font.setPointSizeF(max(font.pointSizeF(), 6.0) * scale)
    font.setBold(bold)
    return font
