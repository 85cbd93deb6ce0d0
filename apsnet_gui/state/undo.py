"""The undo history: the documents before and after each change, with a text for each change."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from apsnet_gui.state.document import Document

UNDO_STEPS = 200
MERGE_SECONDS = 1.5


@dataclass(frozen=True)
class Change:
    """One undo step; quick changes with the same ``key`` are merged into one."""

    text: str
    before: Document
    after: Document
    key: str | None
    at: float


class UndoHistory:
    """The changes that were made, and the changes that were undone and can be redone."""

    def __init__(self) -> None:
        self._past: list[Change] = []
        self._future: list[Change] = []

    def add(self, text: str, before: Document, after: Document, key: str | None, dragging: bool) -> None:
        """Remember that ``before`` became ``after``. `Session.change` says what is merged."""
        change = Change(text, before, after, key, time.monotonic())
        last = self._past[-1] if self._past else None
        soon = last is not None and (dragging or change.at - last.at < MERGE_SECONDS)
        if key is not None and last and last.key == key and soon:
            # A merged change that ends where it began is not a change.
            self._past[-1:] = [replace(change, before=last.before)] if after != last.before else []
        else:
            self._past = [*self._past[1 - UNDO_STEPS :], change]
        self._future.clear()

    def undo(self) -> Document | None:
        """Take back the last change; return the document before it, None if there is no change."""
        if not self._past:
            return None
        change = self._past.pop()
        self._future.append(change)
        return change.before

    def redo(self) -> Document | None:
        """Redo the change that was undone last; return the document after it, None if there is none."""
        if not self._future:
            return None
        change = self._future.pop()
        self._past.append(replace(change, at=0.0))  # the next change is not merged into this one
        return change.after

    def clear(self) -> None:
        """Forget all changes."""
        self._past.clear()
        self._future.clear()

    @property
    def undo_text(self) -> str | None:
        """The text of the change that `undo` takes back, None if there is none."""
        return self._past[-1].text if self._past else None

    @property
    def redo_text(self) -> str | None:
        """The text of the change that `redo` makes again, None if there is none."""
        return self._future[-1].text if self._future else None
