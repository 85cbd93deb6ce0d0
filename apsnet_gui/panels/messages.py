"""The list of all messages, including those that are no longer shown in the corner of the view."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from apsnet_gui.state.messages import Message, Messages
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.form_rows import GRID, faint

TIME, FILE, TEXT = range(3)
LONG = 36  # characters of a file name; the middle of longer names is elided
ICONS = {"info": "info", "warning": "warning", "error": "warning-circle"}


class MessagesPanel(QWidget):
    """Lists the messages, the newest last, with buttons for the remedy of a message and for copying."""

    def __init__(self, messages: Messages, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panelBody")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.remedy = QPushButton()
        self.remedy.setAccessibleName("Remedy")
        self.list = QTreeWidget()
        self.list.setAccessibleName("Messages")
        self.list.setObjectName("messages")
        self.list.setHeaderLabels(["Time", "File", "Message"])
        self.list.setRootIsDecorated(False)
        self.list.setWordWrap(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        for column in (TIME, FILE):
            self.list.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemSelectionChanged.connect(self._offer)
        self.list.itemActivated.connect(lambda: self.remedy.click())
        self.remedy.clicked.connect(self._mend)
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Copy the selected messages, or all, to the clipboard")
        self.copy.clicked.connect(self._copy)
        buttons = QVBoxLayout()
        buttons.addWidget(self.remedy)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        self._empty = faint("Errors, warnings and what was done will be listed here.")
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        self._show_list(False)
        messages.added.connect(self._add)
        theme.changed.connect(self._tint)
        for message in messages.all:
            self._add(message)
        self._offer()

    def _show_list(self, shown: bool) -> None:
        self._empty.setHidden(shown)
        self.list.setVisible(shown)
        self.copy.setVisible(shown)

    def _add(self, message: Message) -> None:
        self._show_list(True)
        name = Path(message.file).name
        text = message.text.removeprefix(f"{name}: ") if name else message.text
        short = name if len(name) <= LONG else f"{name[: LONG // 2]}…{name[-LONG // 2 :]}"
        item = QTreeWidgetItem([f"{message.at:%H:%M:%S}", short, text])
        item.setData(TIME, Qt.ItemDataRole.UserRole, message)
        item.setToolTip(FILE, message.file)
        item.setToolTip(TEXT, message.text)
        item.setTextAlignment(TIME, Qt.AlignmentFlag.AlignTop)
        item.setTextAlignment(FILE, Qt.AlignmentFlag.AlignTop)
        self.list.addTopLevelItem(item)
        self._tint_one(item)
        self.list.scrollToItem(item)

    def _tint(self) -> None:
        for i in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(i)
            if item is not None:
                self._tint_one(item)

    def _tint_one(self, item: QTreeWidgetItem) -> None:
        level, colours = message_of(item).level, self._theme.colours
        tint = {"info": colours.accent, "warning": colours.warning, "error": colours.danger}[level]
        item.setIcon(TIME, self._theme.icon(ICONS[level], tint))

    def _selected(self) -> list[Message]:
        items = [self.list.topLevelItem(i) for i in range(self.list.topLevelItemCount())]
        return [message_of(item) for item in items if item is not None and item.isSelected()]

    def _offer(self) -> None:
        """Show the button for the remedy of the selected message, if exactly one is selected."""
        chosen = self._selected()
        remedy = chosen[0].remedy if len(chosen) == 1 else None
        self.remedy.setVisible(remedy is not None)
        self.remedy.setText(remedy[0] if remedy else "")

    def _mend(self) -> None:
        for message in self._selected()[:1]:
            if message.remedy is not None:
                message.remedy[1]()

    def _copy(self) -> None:
        everything = self._selected()
        if not everything:
            everything = [
                message_of(item)
                for i in range(self.list.topLevelItemCount())
                if (item := self.list.topLevelItem(i)) is not None
            ]
        lines = [f"{m.at:%Y-%m-%d %H:%M:%S} {m.level}: {m.text} {m.file}".rstrip() for m in everything]
        QGuiApplication.clipboard().setText("\n".join(lines))


def message_of(item: QTreeWidgetItem) -> Message:
    """The message that a row of the list shows."""
    message: Message = item.data(TIME, Qt.ItemDataRole.UserRole)
    return message
