"""Where the results of a batch are, and the record of them: in a folder of this machine, or behind a URL."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from apsnet_core.batch.errors import BatchError
from apsnet_core.files.sources import names_in
from apsnet_core.files.urls import url_of
from apsnet_core.own_folder import own_folder


def record_folder(out: Path) -> Path:
    """The folder of the record of what is in ``out``: itself, or one with the program's data for a URL.

    `BatchError` for the memory of this process, which the children that do the work have no part in.
    """
    url = url_of(out)
    if url is None:
        return out
    if url.startswith("memory:"):
        raise BatchError(f"{url} is in the memory of one process, and several work: name another folder")
    return own_folder() / "batches" / sha256(url.encode()).hexdigest()[:16]


def whether_there(out: Path) -> Callable[[Path], bool]:
    """Says of a target in ``out`` whether it is there; a URL is asked once, for all of them."""
    if url_of(out) is None:
        return Path.exists
    names = names_in(out)
    return lambda target: target.relative_to(out).as_posix() in names
