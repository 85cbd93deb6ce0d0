"""The few pieces all panels are laid out with: an 8-pixel grid, a label over or beside each field."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from apsnet_gui.theme import tabular

GRID = 8


def panel(name: str) -> tuple[QScrollArea, QVBoxLayout]:
    """A scrolling panel, so that nothing is cut on a low screen, and the column its content goes into."""
    area = QScrollArea(objectName="panel", widgetResizable=True)
    area.setAccessibleName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    body = QWidget(objectName="panelBody")
    column = QVBoxLayout(body)
    column.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
    column.setSpacing(GRID)
    area.setWidget(body)
    return area, column


def form() -> QFormLayout:
    """Labels in a column of their own, fields as wide as there is room."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(GRID)
    layout.setVerticalSpacing(GRID)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def faint(text: str = "") -> QLabel:
    """Explanations and what is of second rank; wraps."""
    label = QLabel(text)
    label.setProperty("role", "faint")
    label.setWordWrap(True)
    return label


def value(name: str) -> QLabel:
    """A number that is read, not set: tabular figures, can be copied."""
    label = QLabel("–")
    label.setFont(tabular(label.font()))
    label.setAccessibleName(name)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def rule() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet("background: palette(mid); border: none;")
    return line


def named(label: str, widget: QWidget) -> QWidget:
    """The widget, with the name a screen reader says."""
    widget.setAccessibleName(label)
    return widget


def grouped(count: int) -> str:
    """Digits in groups of three, with thin spaces."""
    return f"{count:,}".replace(",", "\u2009")
