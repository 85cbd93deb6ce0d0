"""A tool bar that floats over a picture, centred at its lower edge, without changing the layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget, QWidgetItem

from apsnet_gui.widgets.form_rows import GRID

_SPACE = GRID // 2  # between controls


class FloatingBar(QFrame):
    """Rows of controls over ``picture``, hidden at first. A click on a control does not take the focus.

    A row that is wider than the picture is continued on the next line; a label stays with the next control.
    """

    def __init__(self, picture: QWidget, name: str) -> None:
        super().__init__(picture)
        self._picture = picture
        self.setObjectName("floatingBar")
        self.setAccessibleName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID, _SPACE, GRID, _SPACE)
        self._column.setSpacing(_SPACE)
        self._column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        self._rows: list[tuple[QWidget, ...]] = []
        self._lines: list[list[QWidget]] = []  # the rows after the last line breaking
        picture.installEventFilter(self)
        self.hide()

    def add_row(self, *widgets: QWidget) -> None:
        """Add a row of controls below the existing ones."""
        for widget in widgets:
            if widget.focusPolicy() == Qt.FocusPolicy.StrongFocus:
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            widget.setParent(self)
        self._rows.append(widgets)
        self._break()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """When the picture is resized, break the rows again and move to its lower edge."""
        if watched is not self and event.type() == QEvent.Type.Resize:
            self._break()
            self.place()
        return False

    def setVisible(self, visible: bool) -> None:
        """Show or hide the bar; the focus of a hidden bar goes to the picture, not to the next panel."""
        if not visible and (focused := self.focusWidget()) is not None and focused.hasFocus():
            self._picture.setFocus()
        super().setVisible(visible)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, as in a dialog."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a text or the font has changed
            self._break()
        return super().event(event)

    def resizeEvent(self, event: QEvent) -> None:
        self.place()

    def place(self) -> None:
        """Move to the centre of the lower edge."""
        picture, size = self._picture, self.size()
        self.move((picture.width() - size.width()) // 2, picture.height() - size.height() - GRID)
        self.raise_()

    def _break(self) -> None:
        """Break the rows into lines that fit into the picture."""
        room = max(self._picture.width() - 4 * GRID, 1)
        lines: list[list[QWidget]] = []
        for row in self._rows:
            left = -1.0
            for together in _named(row):
                width = sum(_width(widget, room) + _SPACE for widget in together) - _SPACE
                if width > left:
                    lines.append([])
                    left = room
                lines[-1] += together
                left -= width + _SPACE
        if lines == self._lines:
            return
        self._lines = lines
        while (old := self._column.takeAt(0)) is not None:
            while (line := old.layout()) is not None and line.takeAt(0) is not None:
                pass  # the controls are kept and put into the new lines
        for widgets in lines:
            line = QHBoxLayout()
            line.setSpacing(_SPACE)
            for widget in widgets:
                line.addWidget(widget)
            line.addStretch()
            self._column.addLayout(line)


def _named(row: Sequence[QWidget]) -> Iterator[list[QWidget]]:
    """Group the controls of a row, each with the labels before it."""
    together: list[QWidget] = []
    for widget in row:
        together.append(widget)
        if not isinstance(widget, QLabel):
            yield together
            together = []
    if together:
        yield together


def _width(widget: QWidget, room: int) -> int:
    """The width of a widget in a line; a label that is wider than ``room`` is wrapped to that width."""
    if isinstance(widget, QLabel):
        wide = widget.fontMetrics().horizontalAdvance(widget.text()) > room
        if widget.wordWrap() != wide:  # QLabel requests a new layout even if the value stays the same
            widget.setWordWrap(wide)
        widget.setMinimumWidth(room if wide else 0)  # otherwise a wrapped label becomes a narrow column
        widget.setMaximumWidth(room)
        if wide:
            return room
    return QWidgetItem(widget).sizeHint().width()
