"""Icons from the Phosphor font of qtawesome, in any colour and size.

qtawesome could draw them too, but importing it takes longer than showing the first window.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap


class Glyph(QIconEngine):
    """Paints one character as an icon: ``colour`` while enabled, ``disabled`` otherwise."""

    def __init__(self, character: str, colour: str, disabled: str) -> None:
        super().__init__()
        self._character, self._colour, self._disabled = character, colour, disabled
        self._pixmaps: dict[tuple[int, int, QIcon.Mode], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        path = QPainterPath()
        path.addText(QPointF(0, 0), _font(), self._character)
        size = min(rect.width(), rect.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QPointF(rect.center()) + QPointF(0.5, 0.5))
        painter.scale(size / _EM, size / _EM)
        painter.translate(-path.boundingRect().center())
        colour = self._disabled if mode == QIcon.Mode.Disabled else self._colour
        painter.fillPath(path, QColor(colour))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():
            return QPixmap()
        key = size.width(), size.height(), mode
        if key not in self._pixmaps:  # cached, because toolbars call this whenever an action changes
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def clone(self) -> QIconEngine:
        return Glyph(self._character, self._colour, self._disabled)


def icon(name: str, colour: str, disabled: str) -> QIcon:
    """The Phosphor icon with this name, for example ``folder-open``; raises KeyError if there is none."""
    return QIcon(Glyph(chr(int(_characters()[name], 16)), colour, disabled))


_EM = 100  # the font size of the glyph's path in pixels


def _folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("qtawesome, which brings the icons, is not installed")
    return Path(spec.origin).parent / "fonts"


@cache
def _characters() -> dict[str, str]:
    [file] = _folder().glob("phosphor-charmap*.json")
    characters: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return characters


@cache
def _font() -> QFont:
    [file] = (f for f in _folder().glob("phosphor*.ttf"))
    number = QFontDatabase.addApplicationFont(str(file))
    font = QFont(QFontDatabase.applicationFontFamilies(number)[0])
    font.setPixelSize(_EM)
    return font
