"""The legend over a view's picture: a colour bar with its numbers, or the names of the classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from apsnet_core.arrays import np
from apsnet_core.colours.field_colours import LegendClass
from apsnet_core.units import concise
from apsnet_gui.viewport.colormap import ColorBar, digits_for
from apsnet_gui.viewport.ink import GRID, draw_text, font_of, ink, paper, scaled
from apsnet_gui.viewport.scene import Rgb, Scene

Size = tuple[int, int]

LEAST = 160  # the least height in pixels of a view with a legend
_SMALL = 0.85  # the size of the legend's font relative to the view's
_RIGHT, _TOP, _DOT = 2 * GRID, 6 * GRID, 4
_CALM = 170  # the opacity of the background behind the text, up to 255


def draw_legend(painter: QPainter, scene: Scene, size: Size, bar: ColorBar) -> None:
    """Draw the legend at the right edge, if the view is high enough."""
    if size[1] < LEAST:
        return
    if bar.classes:
        _draw_classes(painter, scene, size, bar)
    else:
        _draw_color_bar(painter, scene, size, bar)


def class_at(bar: ColorBar | None, font: QFont, size: Size, at: QPointF) -> LegendClass | None:
    """The class that a click at this pixel hides or shows, None if there is none; ``font`` is the view's."""
    if bar is None or not bar.classes or not bar.can_hide or size[1] < LEAST:
        return None
    rows = _rows(bar, scaled(font, _SMALL), size)
    return next((row.entry for row in rows if row.entry is not None and row.box.contains(at)), None)


@dataclass(frozen=True)
class _Row:
    """A line of the legend: its text, the box of the text, its class, and the colour of its dot."""

    text: str
    box: QRectF
    entry: LegendClass | None = None
    rgb: Rgb | None = None


def _rows(bar: ColorBar, font: QFont, size: Size) -> list[_Row]:
    """The title and as many classes as there is room for, then the number of the others."""
    measure = QFontMetricsF(font)
    line, right = measure.height() + 3, float(size[0] - _RIGHT)
    room = max(int((size[1] - _TOP - 10 * GRID) / line) - 1, 1)
    shown = bar.classes if len(bar.classes) <= room else bar.classes[: room - 1]
    told: list[tuple[str, LegendClass | None, Rgb | None]] = [(bar.title, None, None)]
    told += [(each.name, each, each.rgb) for each in shown]
    if left_out := len(bar.classes) - len(shown):
        told.append((f"and {left_out} more", None, None))
    if bar.missing:
        told.append(("no class", None, bar.unknown))
    found = []
    for place, (text, entry, rgb) in enumerate(told):
        width = measure.horizontalAdvance(text) + (14 if rgb else 0)
        found.append(_Row(text, QRectF(right - width, _TOP + (place - 0.5) * line, width, line), entry, rgb))
    return found


def _draw_classes(painter: QPainter, scene: Scene, size: Size, bar: ColorBar) -> None:
    """Draw a dot and a name for each class; the name of a hidden class is faint and its dot empty."""
    font = font_of(painter, _SMALL)
    measure = QFontMetricsF(font)
    rows = _rows(bar, font, size)
    _draw_ground(painter, scene, [row.box for row in rows])
    for row in rows:
        hidden = row.entry is not None and row.entry.hidden
        at = QPointF(row.box.left(), row.box.center().y() + measure.ascent() / 2 - 1)
        draw_text(painter, scene, at, row.text, font, ink(scene, 110 if hidden else 200))
        if row.rgb is not None:
            painter.setPen(QPen(ink(scene, 120), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush if hidden else QColor(*row.rgb))
            painter.drawEllipse(QPointF(row.box.right() - _DOT, row.box.center().y()), _DOT, _DOT)


def _draw_ground(painter: QPainter, scene: Scene, boxes: Sequence[QRectF]) -> None:
    """Draw a background behind the text, because the picture may be as colourful as the legend."""
    whole = boxes[0]
    for box in boxes:
        whole = whole.united(box)
    painter.fillRect(whole.adjusted(-6, -3, 6, 3), paper(scene, _CALM))


def _number(value: float, apart: float) -> str:
    """A number with enough digits to distinguish it from another one at the distance ``apart``."""
    digits = digits_for(max(abs(value), abs(apart)), apart)
    return concise(value, digits)


def _draw_color_bar(painter: QPainter, scene: Scene, size: Size, bar: ColorBar) -> None:
    """Draw the title with its unit, the colour bar and its numbers, and below them the "no value" colour."""
    font = font_of(painter, _SMALL)
    measure = QFontMetricsF(font)
    right, top = float(size[0] - _RIGHT), float(_TOP)
    colours = QRectF(right - 10, top, 10, float(min(160, size[1] - 12 * GRID)) if len(bar.table) else 0.0)
    title = f"{bar.title} ({bar.unit})" if bar.unit else bar.title
    title += ", log" if bar.log else ""
    words = [(title, QPointF(right - measure.horizontalAdvance(title), top - 13))]

    def tell(text: str, y: float) -> None:
        left = colours.left() - 6 - measure.horizontalAdvance(text)
        words.append((text, QPointF(left, y + measure.ascent() / 2 - 1)))

    ticks = _ticks(bar, colours)
    for text, y in ticks:
        tell(text, y)
    grey = QRectF(right - 10, colours.bottom() + (measure.height() if ticks else 0), 10, 10)
    if bar.missing:
        tell("no value", grey.center().y())
    boxes = [measure.boundingRect(text).translated(at) for text, at in words]
    _draw_ground(painter, scene, boxes[:1])  # separately, because the title is wider than the rest
    _draw_ground(painter, scene, [*boxes[1:], colours])
    if ticks:
        table = np.ascontiguousarray(bar.table[::-1])
        painter.drawImage(colours, QImage(table.data, 1, len(table), 3, QImage.Format.Format_RGB888))
    painter.setPen(QPen(ink(scene, 170), 1))
    for _, y in ticks:
        painter.drawLine(QPointF(colours.left() - 3, y), QPointF(colours.left(), y))
    if bar.missing:
        painter.fillRect(grey, QColor(*bar.unknown))
    for text, at in words:
        draw_text(painter, scene, at, text, font, ink(scene, 190))


def _ticks(bar: ColorBar, colours: QRectF) -> list[tuple[str, float]]:
    """The texts and heights of the lowest, middle and highest number; only one if all values are equal."""
    if not len(bar.table):
        return []
    found = []
    for part in (0.0, 0.5, 1.0) if bar.high > bar.low else (0.0,):
        value = bar.low * (bar.high / bar.low) ** part if bar.log else bar.low + (bar.high - bar.low) * part
        words = bar.ends[int(part)] if bar.ends and part in (0.0, 1.0) else ""
        text = f"{words}  {_number(value - bar.base, bar.high - bar.low)}".strip()
        found.append((text, colours.bottom() - part * colours.height()))
    return found
