"""The headers along the edges of the matrix of views: one for each method, one for each size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.comparison.grid_layout import Matrix, layout_matrix
from apsnet_gui.comparison.method_header import MethodHeader
from apsnet_gui.widgets.form_rows import GRID, counted


class MatrixHeads:
    """The headers for more than one size. ``make`` returns the header of a method."""

    def __init__(self, parent: QWidget, make: Callable[[MethodSpec], MethodHeader]) -> None:
        self._parent, self._make = parent, make
        self.methods: dict[MethodSpec, MethodHeader] = {}
        self.sizes: list[QLabel] = []

    def line_up(self, methods: Sequence[MethodSpec], sizes: Sequence[int]) -> None:
        """Make headers for these methods and sizes in this order, or none for a single size."""
        wanted = methods if len(sizes) > 1 else ()
        for method in [method for method in self.methods if method not in wanted]:
            _take_away(self.methods.pop(method))
        for method in wanted:
            if method not in self.methods:
                head = self.methods[method] = self._make(method)
                head.setParent(self._parent)
                head.set_parts("name")
        self.methods = {method: self.methods[method] for method in wanted}
        while len(self.sizes) > len(sizes) * bool(wanted):
            _take_away(self.sizes.pop())
        while len(self.sizes) < len(sizes) * bool(wanted):
            label = QLabel(self._parent)
            label.setProperty("role", "heading")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.sizes.append(label)
        for label, m in zip(self.sizes, sizes, strict=False):
            label.setText(counted(m, "point").replace(" ", "\n"))
            label.setAccessibleName(counted(m, "point"))

    def place(self, room: QSize) -> Matrix:
        """Place the headers and show them; returns the matrix with the rectangles of the views."""
        matrix = self._matrix(room, narrow=False)
        widest = max(head.name_width for head in self.methods.values())
        narrow = matrix.methods[0].width() < widest
        if narrow:
            matrix = self._matrix(room, narrow=True)
        for head, where in zip(self.methods.values(), matrix.methods, strict=True):
            head.set_narrow(narrow)
            head.setGeometry(where)
            head.show()
        on_top = matrix.sizes[0].y() == 0
        for label, where in zip(self.sizes, matrix.sizes, strict=True):
            label.setText(label.text().replace("\n", " ") if on_top else label.text().replace(" ", "\n"))
            label.setGeometry(where)
            label.show()
        return matrix

    def hide(self) -> None:
        """Hide all headers."""
        for widget in (*self.methods.values(), *self.sizes):
            widget.hide()

    def at(self, position: QPoint) -> MethodSpec | None:
        """The method whose header is at this position, None if there is none."""
        found = (method for method, head in self.methods.items() if head.geometry().contains(position))
        return next(found, None)

    def _matrix(self, room: QSize, narrow: bool) -> Matrix:
        line = self._parent.fontMetrics().height()
        widest = max(head.name_width for head in self.methods.values())
        beside = max(label.sizeHint().width() for label in self.sizes) + GRID
        method = QSize(widest, (2 if narrow else 1) * line + 2 * GRID)
        return layout_matrix(len(self.methods), len(self.sizes), room, method, QSize(beside, line + GRID))


def _take_away(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
