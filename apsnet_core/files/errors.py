"""The errors of reading and writing files; each message is one sentence."""

from __future__ import annotations

import os
from os import PathLike, fspath
from pathlib import Path

from apsnet_core.files.urls import url_of


class FileError(Exception):
    """``path`` could not be read or written; ``why`` is a sentence on what is wrong and what is accepted."""

    def __init__(self, path: str | PathLike[str], why: str) -> None:
        super().__init__(fspath(path), why)
        self.path = url_of(path) or fspath(path)
        self.why = why

    def __str__(self) -> str:
        return f"{printable(self.path)}: {self.why}"


def printable(path: str | PathLike[str]) -> str:
    """A path for a terminal; control characters and undecodable bytes are escaped, for example as \\x1b."""
    text = fspath(path).encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class ReadError(FileError):
    """A file cannot be read; ``why`` says what is wrong and what is accepted."""


class WriteError(FileError):
    """A file was not written; an earlier file at ``path`` is unchanged."""


def short(error: BaseException) -> str:
    """The message of another library's error in one line, at most 120 characters, to quote in a sentence."""
    text = " ".join(str(error).split())
    return (text[:120] + " ..." if len(text) > 120 else text) or type(error).__name__


def of_the_system(error: OSError) -> str:
    """The error sentence for a file or folder that cannot be opened or created."""
    if not error.filename:
        return str(error.strerror or error)
    place = Path(os.fsdecode(error.filename))
    if isinstance(error, FileExistsError | NotADirectoryError):
        for above in (place, *place.parents):
            if above.is_file():
                return f"{printable(above)}: it is a file, and a folder of that name is needed; name another"
    return f"{printable(place)}: {error.strerror or error}"
