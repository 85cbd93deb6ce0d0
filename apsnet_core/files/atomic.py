"""Whole files or none: written beside the target, then moved into its place."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from apsnet_core.files.errors import WriteError


@contextmanager
def replacing(path: Path, force: bool) -> Iterator[BinaryIO]:
    """A stream that becomes ``path`` once all is written and on the disk; on any error nothing is left.

    Raises WriteError where ``path`` exists and ``force`` is False, and where the folder cannot be written.
    """
    if path.is_dir():
        raise WriteError(path, "there is a folder of that name")
    if path.exists() and not force:
        raise WriteError(path, "it exists already; allow overwriting (--force) or choose another name")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        stream = beside.open("xb+")
    except OSError as error:
        raise WriteError(
            path, f"it cannot be written ({error.strerror}); choose a folder that can be"
        ) from error
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        raise WriteError(
            path, f"it could not be written ({error.strerror or error}); nothing was changed"
        ) from error
    finally:
        beside.unlink(missing_ok=True)
