"""The two ways a file can disappoint, each one sentence long."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path


class FileError(Exception):
    """``path``, and in one sentence ``why`` it could not be read or written, and what could."""

    def __init__(self, path: str | PathLike[str], why: str) -> None:
        super().__init__(fspath(path), why)
        self.path = fspath(path)
        self.why = why

    def __str__(self) -> str:
        return f"{Path(self.path).name}: {self.why}"


class ReadError(FileError):
    """A file that cannot be opened: ``why`` says what is wrong with it and what would be accepted."""


class WriteError(FileError):
    """A file that was not written; what stood at ``path`` before still stands there."""


def short(error: BaseException) -> str:
    """Another library's message, in one line that fits into a sentence."""
    text = " ".join(str(error).split())
    return (text[:120] + " ..." if len(text) > 120 else text) or type(error).__name__
