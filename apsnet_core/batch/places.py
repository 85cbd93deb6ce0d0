"""The places of a batch's results and of their record: a folder of this machine, or a URL."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from apsnet_core.batch.errors import BatchError
from apsnet_core.files.sources import names_in
from apsnet_core.files.urls import url_of
from apsnet_core.own_folder import own_folder


def record_folder(out: Path) -> Path:
    """The folder for the record of the results in ``out``: ``out``, or for a URL one in the program's data.

    `BatchError` for a URL in the memory of this process, which the child processes cannot access.
    """
    url = url_of(out)
    if url is None:
        return out
    if url.startswith("memory:"):
        raise BatchError(f"{url} is in the memory of one process, but several work: choose another folder")
    return own_folder() / "batches" / sha256(url.encode()).hexdigest()[:16]


def whether_there(out: Path) -> Callable[[Path], bool]:
    """A function that says whether a target in ``out`` exists; a URL is listed once, for all targets."""
    if url_of(out) is None:
        return Path.exists
    names = names_in(out)
    return lambda target: target.relative_to(out).as_posix() in names
