"""The list of shapes whose files cannot be read; they stay in the project and can be located."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import GRID, faint
from apsnet_gui.widgets.qt_types import Ignored

ROWS = 4  # visible at once


class MissingShapes(QWidget):
    """Lists the missing shapes, or is hidden.

    ``locate(id)`` asks for the new place of a file; other missing files in the same folder are found too.
    """

    locate = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panelBody")
        self._session = session
        self.list = QListWidget()
        self.list.setAccessibleName("Missing shapes")
        self.ask = QPushButton("Locate…")
        self.ask.setToolTip("Choose the new place of the file; other missing files are searched there too")
        self.remove = QPushButton("Remove")
        self.remove.setToolTip("Remove it from the project")
        self.ask.clicked.connect(lambda: self.locate.emit(self._id))
        self.remove.clicked.connect(lambda: session.forget_missing(self._id))
        self.list.itemActivated.connect(lambda _: self.locate.emit(self._id))
        self._title = faint()
        self._title.setProperty("role", "warning")
        buttons = QHBoxLayout()
        buttons.addWidget(self.ask)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        column.setSpacing(GRID)
        column.addWidget(self._title)
        column.addWidget(self.list)
        column.addLayout(buttons)
        session.changed.connect(self._show)
        self._show()

    @property
    def _id(self) -> str:
        return str(self.list.currentItem().data(Qt.ItemDataRole.UserRole))

    def _show(self, *_: Ignored) -> None:
        missing = self._session.document.missing
        self.setVisible(bool(missing))
        if [self.list.item(i).data(Qt.ItemDataRole.UserRole) for i in range(self.list.count())] == [
            each.id for each in missing
        ]:
            return
        self.list.clear()
        for each in missing:
            item = QListWidgetItem(f"{each.name} (missing)")
            item.setData(Qt.ItemDataRole.UserRole, each.id)
            item.setToolTip(f"{each.path}: {each.why}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.ensurePolished()  # the height of the rows depends on the style sheet
        rows = self.list.sizeHintForRow(0) * min(len(missing), ROWS)
        self.list.setFixedHeight(rows + 2 * self.list.frameWidth())
        self._title.setText(
            "1 shape of the project is missing."
            if len(missing) == 1
            else f"{len(missing)} shapes of the project are missing."
        )
