"""From a cloud or mesh to a file that is whole or not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from apsnet_core.atomic import atomic_path
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.errors import WriteError
from apsnet_core.files.formats import format_of, listed, writable, writable_meshes


def write_any(shape: PointCloud | TriangleMesh, path: Path, force: bool, notes: Mapping[str, str]) -> None:
    """See `apsnet_core.files.write`."""
    format = format_of(path)
    if isinstance(shape, PointCloud):
        write = format.write if format else None
        if write is None:
            raise _unwritable(path, "cloud", writable())
        if not len(shape):
            raise WriteError(path, "there is no point to write")
        with _replacing(path, force) as beside, beside.open("wb+") as stream:
            write(shape, stream, notes)
    else:
        write_mesh = format.write_mesh if format else None
        if write_mesh is None:
            raise _unwritable(path, "mesh", writable_meshes())
        with _replacing(path, force) as beside, beside.open("wb+") as stream:
            write_mesh(shape, stream)


def _unwritable(path: Path, kind: str, suffixes: tuple[str, ...]) -> WriteError:
    suffix = path.suffix.lower() or "no kind"
    return WriteError(path, f"a {kind} cannot be written as {suffix}; possible are {listed(suffixes)}")


@contextmanager
def _replacing(path: Path, force: bool) -> Iterator[Path]:
    """`atomic_path`, with a sentence for whoever named a ``path`` that cannot be had."""
    if path.is_dir():
        raise WriteError(path, "there is a folder of that name")
    if path.exists() and not force:
        raise WriteError(path, "it exists already; allow overwriting (--force) or choose another name")
    try:
        with atomic_path(path) as beside:
            yield beside
    except OSError as error:
        reason = error.strerror or error
        raise WriteError(
            path, f"it cannot be written ({reason}); nothing was changed, choose a folder that can be"
        ) from error
