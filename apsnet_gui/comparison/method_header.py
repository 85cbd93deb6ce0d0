"""The header of a view in the comparison: the method's name and menu, and a line of words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QMenu, QSizePolicy, QToolButton

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.widgets.form_rows import GRID, menu_of

DRAG = 8
SMALLEST = 0.75  # the smallest size of the name in a narrow header, relative to the font's size
Parts = Literal["all", "name", "words"]


class MethodHeader(QFrame):
    """The header; a drag moves its view to another place, a double click makes it fill the comparison.

    ``fill_menu`` fills the method's menu each time it opens.
    """

    pressed = Signal()
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    double_clicked = Signal()

    def __init__(self, spec: MethodSpec, theme: Theme, fill_menu: Callable[[QMenu], None]) -> None:
        super().__init__()
        self.setObjectName("cellHeader")
        self._spec, self._theme = spec, theme
        self._grip: QPoint | None = None
        self._dragging = self._large = self._narrow = False
        self._parts: Parts = "all"
        self.words_beside = True
        self._dot = QLabel()
        self._dot.setFixedSize(10, 10)
        self._dot.setStyleSheet(f"background: {spec.row.colour}; border-radius: 5px;")
        self._line = QFrame()
        self._line.setFixedHeight(3)
        self._line.setStyleSheet(f"background: {spec.row.colour}; border: none;")
        self.name = QToolButton()
        self.name.setText(spec.label)
        self.name.setObjectName("cellName")
        self.name.setToolTip(f"{explained(spec)}\nClick to swap, move or remove it")
        self.name.setMenu(menu_of(self.name, fill_menu))
        self.name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.name.setAccessibleName(f"{spec.label}: swap, move or remove")
        self.words = Words()
        self.large = QToolButton()
        self.large.setAccessibleName(f"Show {spec.label} alone, or all again")
        self.large.setObjectName("cellButton")
        self.large.setIconSize(QSize(14, 14))
        self._rows = QGridLayout(self)
        self._rows.setContentsMargins(GRID, 2, GRID // 2, 2)
        self._rows.setHorizontalSpacing(GRID // 2)
        self._rows.setVerticalSpacing(0)
        self._stretch()
        self._rows.addWidget(self._line, 0, 0, 1, 4)
        self._rows.addWidget(self._dot, 1, 0)
        self._rows.addWidget(self.name, 1, 1)
        self._rows.addWidget(self.words, 1, 2)
        self._rows.addWidget(self.large, 1, 3)
        self._line.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._tint)
        self.set_large(False)

    def set_large(self, large: bool) -> None:
        """Set whether the view fills the comparison."""
        self._large = large
        self.large.setToolTip("Show all methods again (Esc)" if large else "Show this method alone")
        self._tint()

    def set_narrow(self, narrow: bool) -> None:
        """Set whether the name fills the whole width in two lines, below a line of the method's colour."""
        if self._narrow != narrow:
            self._narrow = narrow
            self.name.setText(two_lines(self._spec.label) if narrow else self._spec.label)
            self.name.setProperty("narrow", narrow)
            self.name.style().unpolish(self.name)
            self.name.style().polish(self.name)
            self._show_parts()

    def set_parts(self, parts: Parts) -> None:
        """Show "all" parts, only the "name" (of a row or column of views), or only "words" (of a view)."""
        if self._parts != parts:
            self._parts = parts
            self._show_parts()

    def place_words(self, beside: bool) -> None:
        """Put the words beside the name, or in a line below it."""
        if self.words_beside != beside:
            self.words_beside = beside
            self._rows.removeWidget(self.words)
            where = (1, 2, 1, 1) if beside else (2, 0, 1, 4)
            self._rows.addWidget(self.words, *where)
            side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
            self.words.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self._stretch()

    def _stretch(self) -> None:
        """Give the free width to the words, or to the name if there are none."""
        words = self._parts != "name" and self.words_beside
        self._rows.setColumnStretch(2, int(words))
        self._rows.setColumnStretch(1, int(not words))

    def _show_parts(self) -> None:
        named, narrow = self._parts != "words", self._narrow
        self._line.setVisible(named and narrow)
        self._dot.setVisible(named and not narrow)
        self.name.setVisible(named)
        self.words.setVisible(self._parts != "name")
        self.large.setVisible(self._parts != "name" and not narrow)
        wide = QSizePolicy.Policy.Ignored if narrow else QSizePolicy.Policy.Maximum
        self.name.setSizePolicy(wide, QSizePolicy.Policy.Preferred)
        self._stretch()
        side = 0 if narrow else GRID
        self._rows.setContentsMargins(side, 2, side // 2, 2)
        self._fit_name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_name()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_name()

    def _fit_name(self) -> None:
        """Shrink the name in a narrow header until it fits, down to `SMALLEST`; else make it bold.

        This does not use a style sheet, because Qt would then measure another font than it draws.
        """
        font = QFont(self.font()) if self._narrow else self._bold()
        if self._narrow:
            needed = max(map(QFontMetrics(font).horizontalAdvance, self.name.text().split("\n")))
            share = (self.width() - GRID // 2) / max(needed, 1)
            font.setPointSizeF(font.pointSizeF() * min(max(share, SMALLEST), 1.0))
        self.name.setFont(font)

    @property
    def name_width(self) -> int:
        """The width in pixels of the dot and the name in one line."""
        return QFontMetrics(self._bold()).horizontalAdvance(self._spec.label) + 7 * GRID

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def width_for(self, text: str) -> int:
        """The width in pixels at which ``text`` fits beside the method's name."""
        taken = self.name.sizeHint().width() + self.large.sizeHint().width() + 5 * GRID
        return taken + self.fontMetrics().horizontalAdvance(text)

    def _tint(self) -> None:
        icon = "corners-in" if self._large else "corners-out"
        self.large.setIcon(self._theme.icon(icon, self._theme.colours.faint))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.globalPosition().toPoint()
        self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.globalPosition().toPoint()
        if self._grip is not None and (self._dragging or (at - self._grip).manhattanLength() > DRAG):
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.unsetCursor()
        if self._dragging:
            self.dropped.emit(event.globalPosition().toPoint())
        self._grip, self._dragging = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


class Words(QLabel):
    """A line of text that uses a shorter version where there is less room."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str] = []
        self.setFont(tabular(self.font()))
        self.setProperty("role", "faint")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, texts: list[str]) -> None:
        """Show the first of ``texts`` that fits; they are sorted from the longest to the shortest."""
        self._texts = texts
        self.setToolTip(texts[0] if texts else "")
        self.setAccessibleName(texts[0] if texts else "")
        self._choose()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _choose(self) -> None:
        room, measure = self.width(), self.fontMetrics()
        self.setText(next((t for t in self._texts if measure.horizontalAdvance(t) <= room), ""))


def two_lines(label: str) -> str:
    """A method's name in two lines, broken at its first space, or before the variant of a long name."""
    head, dash, variant = label.rpartition("-")
    if " " in label or len(label) < 10 or not dash:
        return label.replace(" ", "\n", 1)
    return f"{head}\n{variant}"


def explained(spec: MethodSpec) -> str:
    """A description of the method and its variant, and a note if the paper uses this variant."""
    row = spec.row
    variants = {
        "g": "G: points that the network generates; they need not be points of the cloud.",
        "m": "M: the points of the cloud nearest to the generated points.",
    }
    said = [f"{spec.label}: {row.about}", variants.get(spec.variant or "", "")]
    if spec.variant and spec.variant == row.default_variant:
        said.append("The paper's comparison uses this one.")
    return "\n".join(filter(None, said))
