"""What a command over many files has done, so that the same command continues where it stopped.

The file holds JSON lines: the settings of the command, then one line for each file as it ends. A line that a
crash cut off is no JSON and is ignored; the next line starts on its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apsnet_core.batch.item import Item, Outcome
from apsnet_core.types import Values

NAME = "manifest.jsonl"


class Manifest:
    """The record of one output ``folder``, made with ``settings`` (plain JSON values)."""

    def __init__(self, folder: Path, settings: Values) -> None:
        self.path = folder / NAME
        self.settings = settings
        self._done: dict[str, Values] = {}
        self._ours: set[str] = set()

    def resume(self) -> bool:
        """Read what is there; False if it was made with other settings."""
        lines = list(_lines(self.path))
        settings = next((line["settings"] for line in lines if "settings" in line), None)
        if settings is not None and settings != self.settings:
            return False
        self._done = {line["target"]: line for line in lines if line.get("status") == "done"}
        self._ours = {line["target"] for line in lines if "target" in line}
        if settings is None:
            self._append({"settings": self.settings})
        return True

    def restart(self) -> None:
        """Delete the record and begin a new one."""
        self.path.unlink(missing_ok=True)
        self._done, self._ours = {}, set()
        self._append({"settings": self.settings})

    def has(self, item: Item) -> bool:
        """Whether the item's result is there, and its source unchanged since."""
        line = self._done.get(str(item.target))
        return (
            line is not None
            and line["source"] == str(item.source)
            and item.target.exists()
            and line["stamp"] == _stamp(item.source)
        )

    def claim(self, items: Sequence[Item], force: bool) -> tuple[list[Item], list[Item]]:
        """Note ``items`` as begun. Returns them, and those whose place another file has.

        A target that this command claimed before and did not finish may be overwritten.
        """
        claimed: list[Item] = []
        refused: list[Item] = []
        for item in items:
            foreign = not force and str(item.target) not in self._ours and item.target.exists()
            (refused if foreign else claimed).append(item)
        new = [item for item in claimed if str(item.target) not in self._ours]
        self._append(*({"source": str(i.source), "target": str(i.target), "status": "begun"} for i in new))
        return claimed, refused

    def record(self, outcome: Outcome) -> None:
        """Append how an item ended; the next `resume` counts those that are done."""
        item = outcome.item
        line: Values = {"source": str(item.source), "target": str(item.target)}
        if outcome.error is None:
            line |= {"status": "done", "stamp": _stamp(item.source), "result": outcome.result}
        else:
            line |= {"status": "failed", "error": outcome.error}
        self._append(line)

    def _append(self, *lines: Values) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(line) + "\n" for line in lines)
        try:
            with self.path.open("ab+") as file:
                file.seek(0, os.SEEK_END)
                torn = file.tell() > 0 and _last_byte(file) != b"\n"
                file.write((b"\n" if torn else b"") + text.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if self.path.is_file() and not self.path.stat().st_size:
                self.path.unlink()
            raise OSError(error.errno, error.strerror, str(self.path)) from error


def _last_byte(file: Any) -> bytes:
    file.seek(-1, os.SEEK_END)
    last: bytes = file.read(1)
    return last


def _lines(path: Path) -> list[Values]:
    found = []
    if path.exists():
        for text in path.read_bytes().splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict):
                found.append(line)
    return found


def _stamp(source: Path) -> list[int] | None:
    try:
        state = source.stat()
    except FileNotFoundError:
        return None
    return [state.st_size, state.st_mtime_ns]
