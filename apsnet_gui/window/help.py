"""The dialogs of the Help menu: the shortcuts, and texts that come with the program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from apsnet_gui.viewport.navigation import VIEW_KEYS
from apsnet_gui.widgets.form_rows import GRID
from apsnet_gui.window.action import plain
from apsnet_gui.window.actions import all_actions

TEXT_LINES = 44  # width of a page in line heights
MOUSE = (
    ("Turn the view", "Drag"),
    ("Move the view", "Right drag, or Shift and drag"),
    ("Zoom in or out", "Wheel"),
    ("Centre on a point", "Double click"),
    ("Drag a sample elsewhere", "Drag the sample"),
    ("Remove a sample", "Delete over the sample"),
    ("Add a sample", "Ctrl and click on the cloud"),
    ("Add to the selection", "Shift and draw"),
    ("Remove from the selection", "Ctrl and draw"),
    ("Turn the view while a tool draws", "Right drag"),
    ("Change the brush", "[ and ]"),
    ("Move a face of the crop box", "Drag its handle"),
    ("Apply the crop box or a cleaning", "Enter"),
    ("Put a tool away", "Esc"),
    ("Show one shape alone", "Double click in the list"),
)


class ShortcutsDialog(QDialog):
    """Lists every key and its action; the search field filters by both."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.search = QLineEdit(placeholderText="Search", clearButtonEnabled=True)
        self.search.setAccessibleName("Search shortcuts")
        rows = sorted({*_of_actions(), *_of_views()}) + list(MOUSE)
        self.table = QTableWidget(len(rows), 2)
        self.table.setHorizontalHeaderLabels(["Action", "Keys"])
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setAccessibleName("Shortcuts")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for row, texts in enumerate(rows):
            for at, text in enumerate(texts):
                self.table.setItem(row, at, QTableWidgetItem(text))
        self.search.textChanged.connect(self._filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.addWidget(self.search)
        column.addWidget(self.table)
        line = self.fontMetrics().height()
        self.resize(line * 34, line * 32)

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for row in range(self.table.rowCount()):
            cells = (self.table.item(row, column) for column in range(2))
            said = " ".join(cell.text().lower() for cell in cells if cell is not None)
            self.table.setRowHidden(row, not all(word in said for word in words))


class _Pages(QTextBrowser):
    """A text browser that scales pictures down to the width of the text."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        found = super().loadResource(kind, name)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return found
        image = QImage.fromData(found) if isinstance(found, QByteArray) else QImage(found)
        room = self.fontMetrics().height() * TEXT_LINES
        if image.width() <= room:
            return image
        return image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)


class TextDialog(QDialog):
    """Shows a Markdown file; its pictures are looked up relative to the file."""

    def __init__(self, parent: QWidget, title: str, file: Path) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.browser = _Pages()
        self.browser.document().setDocumentMargin(2 * GRID)
        self.browser.setOpenExternalLinks(True)
        self.browser.setAccessibleName(title)
        self.browser.setSearchPaths([str(file.parent)])
        self.browser.document().setBaseUrl(QUrl.fromLocalFile(f"{file.parent}/"))
        self.browser.setMarkdown(file.read_text(encoding="utf-8"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.browser)
        line = self.fontMetrics().height()
        self.resize(line * (TEXT_LINES + 4), line * 40)


def _of_actions() -> list[tuple[str, str]]:
    native = QKeySequence.SequenceFormat.NativeText
    return [
        (plain(action.text), "   ".join(
            QKeySequence(keys).toString(native) for keys in (action.shortcut, action.second) if keys
        ))
        for action in all_actions()
        if action.shortcut
    ]  # fmt: skip


def _of_views() -> list[tuple[str, str]]:
    return [(key.text, key.key) for key in VIEW_KEYS]
