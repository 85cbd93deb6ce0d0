"""The record of a command over many files, with which the same command continues where it stopped.

The file holds JSON lines: the settings of the command, then one line for each file as it ends. A line that a
crash cut off is not valid JSON and is ignored; the next entry starts on a new line. A shard writes a file of
its own, and the last shard to end joins them. At the end, the lines are sorted by their targets. Commands
that write the same file take turns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from apsnet_core.atomic import atomic_path
from apsnet_core.batch.collector import collector_at_rest
from apsnet_core.batch.item import Item, Outcome
from apsnet_core.batch.places import record_folder, whether_there
from apsnet_core.batch.shard import Shard
from apsnet_core.locked import locked
from apsnet_core.types import Values

NAME = "manifest.jsonl"
_OF_SHARDS = "manifest.*-of-*.jsonl"
_ENDED = {"shard": "ended"}
_LOCK = ".manifest.lock"


class Manifest:
    """The record of an output ``folder``, or of a ``shard``, made with ``settings`` (plain JSON values)."""

    def __init__(self, folder: Path, settings: Values, shard: Shard | None = None) -> None:
        home = record_folder(folder)
        self.whole = home / NAME
        self.path = home / f"manifest.{shard.number}-of-{shard.of}.jsonl" if shard else self.whole
        self._lock = home / _LOCK
        self._there = whether_there(folder)
        self.settings: Values = json.loads(json.dumps(settings))  # with lists for tuples, as in the file
        self._done: dict[str, list[Values]] = {}
        self._ours: set[str] = set()
        self._added = False  # whether this process has added a line

    def resume(self) -> bool:
        """Read the existing records of all shards; False if they were made with other settings."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._lock):
            return self._resume()

    @collector_at_rest()
    def _resume(self) -> bool:
        found = {path: _lines(path) for path in self._files()}
        if any(_settings(lines) not in (None, self.settings) for lines in found.values()):
            return False
        self._know(found.values())
        if _settings(found.get(self.path, [])) is None:
            self._append({"settings": self.settings})
        elif self.path != self.whole:
            self._append({"shard": "begun"})
        return True

    def _know(self, found: Iterable[Sequence[Values]]) -> None:
        self._done, self._ours = {}, set()
        for line in (line for lines in found for line in lines if "target" in line):
            self._ours.add(line["target"])
            if line.get("status") == "done":
                self._done.setdefault(line["target"], []).append(line)

    def restart(self) -> None:
        """Delete the records with other settings and begin a new one."""
        with locked(self._lock):
            for path in self._files():
                if _settings(_lines(path)) != self.settings:
                    path.unlink(missing_ok=True)
            self._resume()

    def end(self) -> None:
        """Join all records to one, with one line per target, unless a shard has not ended yet.

        Shards may end at the same time: each reads the records of the other shards before the joint record,
        and removes them after writing it.
        """
        with locked(self._lock):
            self._end()

    @collector_at_rest()
    def _end(self) -> None:
        if self.path != self.whole:
            self._append(_ENDED)
        shards = [path for path in self._files() if path != self.whole]
        ended = [path for path in shards if (_lines(path) or [_ENDED])[-1] == _ENDED]
        if self.path != self.whole and ended != shards:
            return
        if not shards and not self._added:
            return
        of_shards = [line for path in ended for line in _lines(path)]
        last: dict[str, Values] = {}
        for line in (line for line in [*_lines(self.whole), *of_shards] if "target" in line):
            if line["status"] != "begun" or line["target"] not in last:
                last[line["target"]] = line
        lines = [{"settings": self.settings}, *(last[target] for target in sorted(last))]
        with atomic_path(self.whole) as beside:
            beside.write_text("".join(json.dumps(line) + "\n" for line in lines))
        for path in ended:
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        """The records in the folder, the joint one last."""
        return [*sorted(self.whole.parent.glob(_OF_SHARDS)), self.whole]

    def has(self, item: Item) -> bool:
        """Whether the item's result exists, and its source has not changed since."""
        return any(
            line["source"] == str(item.source)
            and self._there(item.target)
            and line["stamp"] == _stamp(item.source)
            for line in self._done.get(str(item.target), ())
        )

    def claim(self, items: Sequence[Item], force: bool) -> tuple[list[Item], list[Item]]:
        """Record ``items`` as begun; returns them, and the items whose target is another command's file.

        A target that this command claimed before and did not finish, or that the same command is writing in
        another process, may be overwritten.
        """
        with locked(self._lock):
            refused = [] if force else [item for item in items if self._foreign(item)]
            if refused:
                self._know(_lines(path) for path in self._files())
                refused = [item for item in refused if self._foreign(item)]
            kept = {item.target for item in refused}
            claimed = [item for item in items if item.target not in kept]
            new = [item for item in claimed if str(item.target) not in self._ours]
            begun = {"status": "begun"}
            self._append(*({"source": str(i.source), "target": str(i.target)} | begun for i in new))
        return claimed, refused

    def _foreign(self, item: Item) -> bool:
        return str(item.target) not in self._ours and self._there(item.target)

    def record(self, *outcomes: Outcome) -> None:
        """Append the outcomes of items; the next `resume` counts those that are done."""
        with locked(self._lock):
            self._append(*map(_line, outcomes))

    def _append(self, *lines: Values) -> None:
        if not lines:
            return
        self._added = True
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


def _line(outcome: Outcome) -> Values:
    item = outcome.item
    line: Values = {"source": str(item.source), "target": str(item.target)}
    if outcome.error is None:
        return line | {"status": "done", "stamp": _stamp(item.source), "result": outcome.result}
    return line | {"status": "failed", "error": outcome.error}


def _last_byte(file: Any) -> bytes:
    file.seek(-1, os.SEEK_END)
    last: bytes = file.read(1)
    return last


def _settings(lines: Sequence[Values]) -> Values | None:
    return next((line["settings"] for line in lines if "settings" in line), None)


def _lines(path: Path) -> list[Values]:
    """The lines of a record; none if it does not exist, or was just removed."""
    found = []
    try:
        texts = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    for text in texts:
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
