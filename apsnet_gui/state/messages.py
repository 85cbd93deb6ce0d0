"""The messages of this session: errors, warnings, and reports of finished work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from datetime import datetime

Remedy = tuple[str, Callable[[], None]]


@dataclass(frozen=True, eq=False)
class Message:
    """A message to the user; ``level`` is info, warning or error.

    ``file`` is the path of the file that it is about, empty if there is none. ``remedy`` is the text of a
    button and the function that it calls; a message that ``stays`` waits for an answer. A message with a
    ``topic`` replaces the earlier messages on that topic.
    """

    level: str
    text: str
    file: str
    remedy: Remedy | None
    at: datetime
    stays: bool = False
    topic: str = ""


class Messages(QObject):
    """Keeps the messages in the order in which they came, and emits ``added(Message)`` for each."""

    added = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: list[Message] = []

    def tell(
        self, level: str, text: str, file: str = "", remedy: Remedy | None = None, stays: bool = False
    ) -> None:
        """Add a message; ``level`` is info, warning or error."""
        self._add(Message(level, text, file, remedy, _now(), stays))

    def restate(self, topic: str, text: str) -> None:
        """Add a message about the current state of a ``topic``; earlier messages on it are outdated."""
        self._add(Message("info", text, "", None, _now(), topic=topic))

    def _add(self, message: Message) -> None:
        self.all.append(message)
        self.added.emit(message)

    def info(self, text: str) -> None:
        """Add a report of finished work."""
        self.tell("info", text)

    def warn(self, text: str) -> None:
        """Add a warning that something may be wrong."""
        self.tell("warning", text)

    def fail(self, text: str) -> None:
        """Add an error message."""
        self.tell("error", text)


def _now() -> datetime:
    from datetime import datetime

    return datetime.now()
