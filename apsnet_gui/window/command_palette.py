"""The search through all actions by parts of their names; it also shows the shortcuts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from apsnet_gui.window.action import Action, keys, plain

AT_ONCE = 20  # rows that are built at first: about as many as fit into the list


class CommandPalette(QDialog):
    """A popup that runs the selected action on Enter and closes on Escape.

    The arrow keys move the selection while the search field has the focus.
    """

    def __init__(self, parent: QWidget, actions: Sequence[Action], built: dict[str, QAction]) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Search actions")
        self._actions, self._built = actions, built
        self.search = QLineEdit(placeholderText="What would you like to do?", clearButtonEnabled=True)
        self.search.setAccessibleName("Search actions")
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Actions found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        frame = QFrame()
        frame.setObjectName("palette")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.addWidget(self.search)
        inside.addWidget(self.list)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)
        self._bare: list[tuple[QListWidgetItem, Action]] = []
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._dress)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list.itemActivated.connect(self._run)
        self.list.itemClicked.connect(self._run)
        self._fill("")
        line = self.fontMetrics().height()
        self.resize(line * 34, line * 26)
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - self.width()) // 2, corner.y() + line * 5)

    def _fill(self, text: str) -> None:
        self.list.clear()
        line = self.fontMetrics().height()
        self._bare = []
        for action in ranked(self._actions, text):
            item = QListWidgetItem(self.list)
            item.setData(Qt.ItemDataRole.UserRole, action.id)
            item.setSizeHint(QSize(0, line + 16))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{plain(action.text)} {keys(action)}")
            self._bare.append((item, action))
        self._dress()
        if not self.list.count():
            nothing = QListWidgetItem(f"No action matches “{text}”. F1 lists all shortcuts.", self.list)
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)

    def _dress(self) -> None:
        """Build the widgets of the visible rows now, and the others in later rounds of the event loop."""
        now, self._bare = self._bare[:AT_ONCE], self._bare[AT_ONCE:]
        for item, action in now:
            self.list.setItemWidget(item, self._row(action))
        if self._bare:
            self._later.start()

    def _row(self, action: Action) -> QWidget:
        enabled = self._built[action.id].isEnabled()
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(8, 0, 8, 0)
        where = " › ".join(plain(part) for part in action.menu.split("/"))
        where = self._built[action.id].whatsThis() or where  # a disabled action says what it waits for
        name, place, shortcut = QLabel(plain(action.text)), QLabel(where), QLabel(keys(action))
        for label in (place, shortcut):
            label.setProperty("role", "faint")
        for label in (name, place, shortcut):
            label.setEnabled(enabled)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        box.addWidget(name)
        box.addWidget(place)
        box.addStretch(1)
        box.addWidget(shortcut)
        return row

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(Qt.ItemDataRole.UserRole):
            action = self._built[item.data(Qt.ItemDataRole.UserRole)]
            self.close()
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
            key = Qt.Key(event.key())
            if key in steps:
                row = self.list.currentRow() + steps[key]
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentItem())
                return True
        return False


def ranked(actions: Sequence[Action], text: str) -> list[Action]:
    """The actions that match every word of ``text``, the best match first.

    A word matches a word of the name, the menu, the shortcut or the further search words of an action: its
    beginning, its middle, with a typing error, or as an abbreviation.
    """
    words = text.lower().split()
    found = []
    for place, action in enumerate(actions):
        name = plain(action.text).lower().split()
        others = f"{plain(action.menu)} {keys(action)} {action.also}".lower().replace("/", " ").split()
        scores = [
            max(
                max((_fit(word, each) for each in name), default=0.0),
                0.9 * max(_fit(word, e) for e in others),
            )
            for word in words
        ]
        if all(scores):
            found.append((-sum(scores), place, action))
    return [action for *_, action in sorted(found, key=lambda each: each[:2])]


def _fit(word: str, there: str) -> float:
    """Score a typed ``word`` against the word ``there``: 0 for no match, 1 if ``there`` begins with it."""
    if there.startswith(word):
        return 1.0
    if word in there:
        return 0.8
    if len(word) < 3:
        return 0.0
    from rapidfuzz.fuzz import ratio

    alike = ratio(word, there) / 100
    letters = iter(there)
    shortens = there[0] == word[0] and all(letter in letters for letter in word)
    return 0.7 * alike if alike >= 0.75 or shortens else 0.0
