"""The two ways a file can disappoint, each one sentence long."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path


class ReadError(Exception):
    """A file that cannot be opened: ``why`` says what is wrong with it and what would be accepted."""

    def __init__(self, path: str | PathLike[str], why: str) -> None:
        super().__init__(fspath(path), why)
        self.path = fspath(path)
        self.why = why

    def __str__(self) -> str:
        return f"{Path(self.path).name}: {self.why}"


class WriteError(Exception):
    """A file that was not written; what stood at ``path`` before still stands there."""

    def __init__(self, path: str | PathLike[str], why: str) -> None:
        super().__init__(fspath(path), why)
        self.path = fspath(path)
        self.why = why

    def __str__(self) -> str:
        return f"{Path(self.path).name}: {self.why}"
