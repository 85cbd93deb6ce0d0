"""All that was said in this session: errors, warnings, and what was done."""

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
    """``level`` is info, warning or error. ``file`` is what it is about, a path, where it is about one.

    ``remedy`` is a word for a button, and what that does; one that ``stays`` waits for an answer. What is
    said on a ``topic`` takes the place of what was said on it before.
    """

    level: str
    text: str
    file: str
    remedy: Remedy | None
    at: datetime
    stays: bool = False
    topic: str = ""


class Messages(QObject):
    """Kept in the order in which they came; ``added(Message)`` for each."""

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
        """Tell how something stands now: earlier words on that ``topic`` need not be read any more."""
        self._add(Message("info", text, "", None, _now(), topic=topic))

    def _add(self, message: Message) -> None:
        self.all.append(message)
        self.added.emit(message)

    def info(self, text: str) -> None:
        """Tell what was done."""
        self.tell("info", text)

    def warn(self, text: str) -> None:
        """Tell that something may be wrong."""
        self.tell("warning", text)

    def fail(self, text: str) -> None:
        """Tell that something failed."""
        self.tell("error", text)


def _now() -> datetime:
    from datetime import datetime

    return datetime.now()
