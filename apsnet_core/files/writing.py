"""Write a cloud or mesh to a file, either completely or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from apsnet_core import scratch
from apsnet_core.atomic import atomic_path
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.errors import WriteError
from apsnet_core.files.format import Format, Writer
from apsnet_core.files.formats import format_of, listed, named, writable, writable_meshes
from apsnet_core.files.sources import PACKED, STANDARD, exists, packing_of, send
from apsnet_core.files.urls import url_of


def write_any(
    shape: PointCloud | TriangleMesh,
    path: Path,
    force: bool,
    notes: Mapping[str, str],
    name: str | None = None,
) -> None:
    """Write a file, see `apsnet_core.files.write`; ``name`` is the name of the format."""
    put = _writer(shape, path, notes, name)
    packing = packing_of(path)
    if url_of(path) is None and path != Path(STANDARD):
        with _replacing(path, force) as beside:
            _put(put, beside, packing)
        return
    if url_of(path) is not None and not force and exists(path):
        raise WriteError(path, "it exists already; allow overwriting (--force) or choose another name")
    with tempfile.TemporaryDirectory(prefix=scratch.prefix("packed")) as folder:
        whole = Path(folder, "whole")
        _put(put, whole, packing)
        send(whole, path)


def _writer(
    shape: PointCloud | TriangleMesh, path: Path, notes: Mapping[str, str], name: str | None
) -> Callable[[BinaryIO], None]:
    """A function that writes the shape to a stream. Raises WriteError if the format cannot store it."""
    if isinstance(shape, PointCloud):
        write = cloud_writer(path, name)
        if not len(shape):
            raise WriteError(path, "there is no point to write")
        return lambda stream: write(shape, stream, notes)
    format = _format(path, name)
    if format is None or format.write_mesh is None:
        raise _unwritable(path, name, "mesh", writable_meshes())
    return partial(format.write_mesh, shape)


def cloud_writer(path: Path, name: str | None = None) -> Writer:
    """The writer of clouds for the format of ``path``. Raises WriteError if this format cannot be written."""
    format = _format(path, name)
    if format is None or format.write is None:
        raise _unwritable(path, name, "cloud", writable())
    return format.write


def _format(path: Path, name: str | None) -> Format | None:
    try:
        return format_of(path) if name is None else named(name)
    except ValueError as error:
        raise WriteError(path, str(error)) from None


def _put(put: Callable[[BinaryIO], None], target: Path, packing: str) -> None:
    if not packing:
        with target.open("wb+") as stream:
            put(stream)
        return
    # Some formats seek back while they write, which a compressed stream cannot do.
    with tempfile.TemporaryFile() as plain, PACKED[packing](target, "wb") as packed:
        put(plain)
        plain.seek(0)
        shutil.copyfileobj(plain, packed)


def _unwritable(path: Path, name: str | None, kind: str, suffixes: tuple[str, ...]) -> WriteError:
    suffix = name or path.suffix.lower()
    if path == Path(STANDARD) and name is None:
        return WriteError(path, f"standard output needs --to with a format: {listed(suffixes)}")
    if not suffix:
        return WriteError(path, f"its name has no extension for a format; possible are {listed(suffixes)}")
    return WriteError(path, f"a {kind} cannot be written as {suffix}; possible are {listed(suffixes)}")


@contextmanager
def _replacing(path: Path, force: bool) -> Iterator[Path]:
    """`atomic_path`, with a WriteError if ``path`` is not a regular file, exists, or cannot be written."""
    try:
        if path.is_dir():
            raise WriteError(path, "there is a folder of that name")
        if path.exists() and not path.is_file():
            raise WriteError(path, "it is a device or a pipe; name a file, or - for standard output")
        if path.exists() and not force:
            raise WriteError(path, "it exists already; allow overwriting (--force) or choose another name")
        with atomic_path(path) as beside:
            yield beside
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(
            path, f"it cannot be written ({reason}); nothing was changed, choose a folder you may write to"
        ) from error
