"""Messages in the corner of the picture; they disappear by themselves, take no focus, and can be closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from apsnet_gui.state.messages import Message, Messages
from apsnet_gui.style.theme import Theme

STAY_MS = {"info": 5_000, "warning": 12_000, "error": 20_000}
AT_MOST = 4
WIDTH = 360
ICONS = {"info": "info", "warning": "warning", "error": "warning-circle"}


class Toasts(QWidget):
    """Stacks the newest of ``messages`` in the lower right corner of the ``picture`` in ``host``.

    The toasts cover no control: they move above the ``bars`` over the picture that they would cover. The list
    of messages keeps all of them.
    """

    def __init__(
        self,
        host: QWidget,
        theme: Theme,
        picture: QWidget,
        messages: Messages,
        bars: Sequence[QWidget] = (),
    ) -> None:
        super().__init__(host)
        self._bars: Sequence[QWidget] = ()
        self._messages = messages
        messages.added.connect(self._show)
        self._theme, self._host, self._picture = theme, host, picture
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 16, 16)
        self._box.setSpacing(8)
        picture.installEventFilter(self)
        self.keep_off(bars)
        theme.changed.connect(self._fit)
        self.hide()

    def keep_off(self, bars: Sequence[QWidget]) -> None:
        """Keep the toasts from covering these ``bars``."""
        self._bars = bars
        for bar in bars:
            bar.installEventFilter(self)

    @property
    def messages(self) -> list[tuple[str, str]]:
        """The level and the text of all messages of this session."""
        return [(message.level, message.text) for message in self._messages.all]

    def _show(self, message: Message) -> None:
        """Show a message, with a button for its remedy, unless the same message is already visible."""
        level, text, action = message.level, message.text, message.remedy
        for old in self._toasts:
            if message.topic and old.topic == message.topic:
                self._remove(old)
        if any(toast.accessibleName() == f"{level}: {text}" for toast in self._toasts):
            return
        toast = _Toast(self._theme, level, text, action)
        toast.topic, toast.stays = message.topic, message.stays
        toast.closed = lambda: self._remove(toast)
        going = [old for old in self._toasts if not old.stays]  # a message that stays waits for an answer
        for old in going[: max(len(self._toasts) + 1 - AT_MOST, 0)]:
            self._remove(old)
        self._box.addWidget(toast)
        toast.show()  # a hidden widget does not count in the size of its layout
        if not message.stays:
            QTimer.singleShot(STAY_MS[level], toast, toast.close_now)
        self._place()

    def clear(self) -> None:
        """Remove all visible messages."""
        for toast in self._toasts:
            self._remove(toast)

    @property
    def _toasts(self) -> list[_Toast]:
        """The visible messages, the oldest first."""
        items = [self._box.itemAt(i) for i in range(self._box.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, _Toast)]

    def _remove(self, toast: QWidget) -> None:
        self._box.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        self._place()

    def _fit(self) -> None:
        """Adapt all messages to another theme or text size."""
        for toast in self._toasts:
            toast.fit()
        self._place()

    def _place(self) -> None:
        self.setVisible(self._box.count() > 0)
        self.adjustSize()
        picture = self._picture
        corner = picture.mapTo(self._host, QPoint(picture.width(), picture.height()))
        place = QRect(max(corner.x() - self.width(), 0), 0, self.width(), self.height())
        place.moveTop(max(corner.y() - self.height(), 0))
        for bar in self._bars:
            there = QRect(bar.mapTo(self._host, QPoint(0, 0)), bar.size())
            if bar.isVisible() and there.intersects(place):
                place.moveTop(max(there.top() - self.height(), 0))
        self.move(place.topLeft())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isValid(self._host):  # a window that is being destroyed still resizes and hides its parts
            return False
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        elif event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            if self._host.isVisible():  # not while it closes, which hides the bars too
                self._place()
        elif event.type() == QEvent.Type.ZOrderChange:  # the main window raises the picture with a dock
            self.raise_()
        return False


class _Toast(QFrame):
    def __init__(
        self, theme: Theme, level: str, text: str, action: tuple[str, Callable[[], None]] | None
    ) -> None:
        super().__init__()
        self.setObjectName("toast")
        self.setProperty("level", level)
        self.closed: Callable[[], None] = self.hide
        self.topic, self.stays = "", False
        self._theme, self._level = theme, level
        self._icon = icon = QLabel()
        self._label = label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFixedWidth(WIDTH)
        self._close = close = QToolButton()
        close.setAccessibleName("Dismiss message")
        close.setToolTip("Dismiss")
        close.clicked.connect(self.close_now)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1, Qt.AlignmentFlag.AlignLeft)
        if action is not None:
            button = QPushButton(action[0])
            button.clicked.connect(action[1])
            button.clicked.connect(self.close_now)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{level}: {text}")
        self.fit()

    def fit(self) -> None:
        """Adapt the message to the theme's colours and text size."""
        colours = self._theme.colours
        tint = {"info": colours.accent, "warning": colours.warning, "error": colours.danger}[self._level]
        self._icon.setPixmap(self._theme.icon(ICONS[self._level], tint).pixmap(18, 18))
        self._close.setIcon(self._theme.icon("x", colours.faint))
        self._label.ensurePolished()
        # A label with word wrap knows its height only for a given width.
        self._label.setFixedHeight(self._label.heightForWidth(WIDTH))

    def close_now(self) -> None:
        self.closed()
