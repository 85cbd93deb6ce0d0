"""The pieces that all panels are laid out with, on a grid of 8 pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QIcon, QPainter, QPaintEvent, QPixmap, QResizeEvent, QValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QDoubleSpinBox,
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
FOCUS = 1  # pixels of the line around a panel that has the keys


class ScrollColumn(QScrollArea):
    """Scrolls vertically only: it is at least as wide as its content."""

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
            self.updateGeometry()  # words take more or fewer lines

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
    """Takes the width of its text where there is room for it; then it can be selected and copied, too."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(1)
        self.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        (QLabel if self._fits else OneLine).paintEvent(self, event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and not self._fits:  # the whole of it is its tip
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), super().minimumSizeHint().height())

    @property
    def _fits(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()


def panel(name: str) -> tuple[QScrollArea, QWidget, QVBoxLayout]:
    """A scrolling panel, its body, and the body's column."""
    body = QWidget()
    body.setObjectName("panelBody")
    column = QVBoxLayout(body)
    column.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
    column.setSpacing(GRID)
    return scrolling(body, name), body, column


def scrolling(body: QWidget, name: str) -> QScrollArea:
    """``body`` in a vertical scroll area."""
    area = ScrollColumn()
    area.setObjectName("panel")
    area.setWidgetResizable(True)
    area.setAccessibleName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(body)
    return area


def form(*rows: tuple[str, QWidget | QLayout]) -> QFormLayout:
    """A form of rows: a label and a field each; the labels share a column, fields use the free width."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(GRID)
    layout.setVerticalSpacing(GRID)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, field in rows:
        label = QLabel(text)
        # A label that may grow gets its field's height, which centres its text.
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        layout.addRow(label, field)
    return layout


def segments(group: QButtonGroup, choices: Sequence[tuple[str, str]]) -> QWidget:
    """A row of buttons of which one is checked: (text, tool tip) each, with ids from 0 in ``group``."""
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


class RangeBox(QDoubleSpinBox):
    """One end of a range of colours; its least value, 0, lets the values decide."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setDecimals(9)
        self.setRange(0, 1e6)
        self.setSpecialValueText("auto")
        self.setKeyboardTracking(False)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setToolTip("A weight; empty, 0 or auto uses the automatic value")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(tabular(self.font()))

    def textFromValue(self, value: float) -> str:
        return f"{value:.4g}"

    def valueFromText(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return 0.0

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, at

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("0.0000") + 3 * GRID, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def heading(text: str) -> QLabel:
    """A label over a group of fields."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def faint(text: str = "") -> QLabel:
    """A label for explanations, in a faint colour; it wraps."""
    label = QLabel(text)
    label.setProperty("role", "faint")
    wrap(label)
    return label


def wrap(label: QLabel, wanted: bool = True) -> None:
    """Break the lines of ``label`` so that what it says makes no panel wider, or let it have its width."""
    label.setWordWrap(wanted)
    label.setMinimumWidth(int(wanted))  # in the place of the width of its longest word


def set_role(label: QLabel, role: str) -> None:
    """Style ``label`` for a role: "faint", "warning", or "" for plain text."""
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)


def value(name: str) -> QLabel:
    """A label for a number: digits of equal width, selectable by the mouse."""
    label = ValueLabel("–")
    label.setFont(tabular(label.font()))
    label.setAccessibleName(name)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def set_label(rows: QFormLayout, field: QWidget, text: str) -> None:
    """Call the row of a ``field`` something else."""
    label = rows.labelForField(field)
    assert isinstance(label, QLabel)
    label.setText(text)


def rule() -> QFrame:
    """A thin line between groups."""
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet("background: palette(mid); border: none;")
    return line


def grouped(count: int) -> str:
    """A number with thin spaces between groups of three digits."""
    return f"{count:,}".replace(",", NARROW)


def counted(count: int, what: str) -> str:
    """A number of things as all of the window writes it: "1 point", "2\u202f048 points"."""
    return placing.counted(count, what).replace(",", NARROW)


def menu_of(button: QWidget, fill: Callable[[QMenu], None]) -> QMenu:
    """A menu that ``fill`` fills each time it opens."""
    menu = QMenu(button)

    def refill() -> None:
        menu.clear()
        fill(menu)

    menu.aboutToShow.connect(refill)
    return menu


def dot(colour: str) -> QIcon:
    """A disc in a colour, of a method or a cloud."""
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(2, 2, 20, 20)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or the style would tint the icon of a selected row
    return icon
