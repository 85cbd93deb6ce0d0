"""The widgets and layouts from which all panels are built, on a grid of 8 pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QIcon, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from apsnet_core import placing
from apsnet_core.units import NARROW
from apsnet_gui.style.theme import tabular

GRID = 8
FOCUS = 1  # pixels of the frame around a panel with the keyboard focus


class ScrollColumn(QScrollArea):
    """A scroll area that scrolls only vertically, because it is at least as wide as its content."""

    def minimumSizeHint(self) -> QSize:
        body = self.widget()
        wide = body.minimumSizeHint().width() if body else 0
        return QSize(wide + self.verticalScrollBar().sizeHint().width() + 2 * FOCUS, 12 * GRID)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # wrapped texts take more or fewer lines

    def sizeHint(self) -> QSize:
        body = self.widget()
        lines = body.layout() if body else None
        if lines is not None and lines.hasHeightForWidth():
            high = lines.heightForWidth(self.width() - 2 * FOCUS)
        else:
            high = body.sizeHint().height() if body else 0
        return self.minimumSizeHint().expandedTo(QSize(0, high + 2 * FOCUS))


class OneLine(QLabel):
    """A label of one line that never widens the window; a text that is too long ends in an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            room = self.contentsRect()
            words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, self.alignment(), words)


class ValueLabel(OneLine):
    """A label as wide as its text if there is room; the text can then be selected and copied, too."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(1)
        self.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        (QLabel if self._fits else OneLine).paintEvent(self, event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and not self._fits:  # show the whole text as tooltip
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), super().minimumSizeHint().height())

    @property
    def _fits(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()


def panel(name: str) -> tuple[QScrollArea, QWidget, QVBoxLayout]:
    """Make a scrolling panel; return it, its body, and the layout of the body."""
    body = QWidget()
    body.setObjectName("panelBody")
    column = QVBoxLayout(body)
    column.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
    column.setSpacing(GRID)
    return scrolling(body, name), body, column


def scrolling(body: QWidget, name: str) -> QScrollArea:
    """Put ``body`` into a vertical scroll area."""
    area = ScrollColumn()
    area.setObjectName("panel")
    area.setWidgetResizable(True)
    area.setAccessibleName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(body)
    return area


def form(*rows: tuple[str, QWidget | QLayout]) -> QFormLayout:
    """Make a form layout of (label, field) rows; the fields use the free width."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(GRID)
    layout.setVerticalSpacing(GRID)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, field in rows:
        label = QLabel(text)
        # A label that may grow gets the height of its field, which centres its text vertically.
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        layout.addRow(label, field)
    return layout


def segments(group: QButtonGroup, choices: Sequence[tuple[str, str]]) -> QWidget:
    """Make a row of checkable buttons from (text, tooltip); their ids in ``group`` start at 0."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    for i, (text, tip) in enumerate(choices):
        button = QPushButton(text)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setProperty("segment", True)
        button.setProperty("end", "left" if i == 0 else "right" if i == len(choices) - 1 else "")
        group.addButton(button, i)
        row.addWidget(button, 1)
    return whole


def heading(text: str) -> QLabel:
    """Make a label for the heading of a group of fields."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def faint(text: str = "") -> QLabel:
    """Make a wrapping label in a faint colour, for explanations."""
    label = QLabel(text)
    label.setProperty("role", "faint")
    wrap(label)
    return label


def wrap(label: QLabel, wanted: bool = True) -> None:
    """Turn the word wrap of ``label`` on, so that its text does not widen a panel, or off."""
    label.setWordWrap(wanted)
    label.setMinimumWidth(int(wanted))  # instead of the width of its longest word


def set_role(label: QLabel, role: str) -> None:
    """Style ``label`` for a role: "faint", "warning", or "" for plain text."""
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)


def value(name: str) -> QLabel:
    """Make a label for a number, with digits of equal width, that can be selected with the mouse."""
    label = ValueLabel("–")
    label.setFont(tabular(label.font()))
    label.setAccessibleName(name)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def set_label(rows: QFormLayout, field: QWidget, text: str) -> None:
    """Change the label of the row that contains ``field``."""
    label = rows.labelForField(field)
    assert isinstance(label, QLabel)
    label.setText(text)


def rule() -> QFrame:
    """Make a thin line between groups."""
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet("background: palette(mid); border: none;")
    return line


def grouped(count: int) -> str:
    """Format a number with thin spaces between groups of three digits."""
    return f"{count:,}".replace(",", NARROW)


def counted(count: int, what: str) -> str:
    """Format a number of things, as everywhere in the window: "1 point", "2\u202f048 points"."""
    return placing.counted(count, what).replace(",", NARROW)


def menu_of(button: QWidget, fill: Callable[[QMenu], None]) -> QMenu:
    """Make a menu that ``fill`` fills each time before it opens."""
    menu = QMenu(button)

    def refill() -> None:
        menu.clear()
        fill(menu)

    menu.aboutToShow.connect(refill)
    return menu


def dot(colour: str) -> QIcon:
    """Make an icon with a disc in the colour of a method or a cloud."""
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(2, 2, 20, 20)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # otherwise the style tints the icon of a selected row
    return icon
