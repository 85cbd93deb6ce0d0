"""Which module reads and writes which extension, and the checks that every file gets."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from apsnet_core.atomic import atomic_path
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files import READABLE, WRITABLE, WRITABLE_MESH
from apsnet_core.files import reader_process as contained
from apsnet_core.files.errors import ReadError, WriteError, short
from apsnet_core.files.many_clouds import Dataset

_TEXT = (".xyz", ".xyzn", ".xyzrgb", ".pts", ".txt", ".csv")
_READERS = {
    **dict.fromkeys(_TEXT, "text.read"),
    **{".ply": "ply.read", ".obj": "obj.read", ".off": "off.read", ".stl": "stl.read", ".pcd": "pcd.read"},
    **{".npy": "arrays.read_npy", ".npz": "arrays.read_npz", ".h5": "h5.read", ".hdf5": "h5.read"},
    **{".las": "las.read", ".laz": "las.read", ".gltf": "gltf.read", ".glb": "gltf.read"},
}
_WRITERS = {
    **{".ply": "ply.write", ".pcd": "pcd.write", ".xyz": "text.write_xyz", ".txt": "text.write_txt"},
    **{".csv": "text.write_csv", ".npy": "arrays.write_npy", ".npz": "arrays.write_npz", ".h5": "h5.write"},
    **{".las": "las.write_las", ".laz": "las.write_laz"},
}
_MESH_WRITERS = {".ply": "ply.write_mesh", ".obj": "obj.write", ".off": "off.write", ".stl": "stl.write"}
_DESCRIBERS = {".npz": "arrays.describe_npz", ".h5": "h5.describe", ".hdf5": "h5.describe"}
_STACKED = (".npy", ".npz", ".h5", ".hdf5")
# Read by native code (Rust, HDF5, liblzf) or by a library whose checks are not ours: in a child process.
_CONTAINED = (".las", ".laz", ".h5", ".hdf5", ".pcd", ".gltf", ".glb")


def read_any(path: Path, dataset: str | None, row: int | None) -> PointCloud | TriangleMesh:
    """See `apsnet_core.files.read`."""
    suffix = path.suffix.lower()
    with _in_one_sentence(path):
        _check(path, suffix)
        choice = (dataset, row) if suffix in _STACKED else ()
        if not choice and (dataset, row) != (None, None):
            raise ReadError(
                path, f"it holds one cloud; a dataset or row is for {_listed(_STACKED)} to choose"
            )
        result = _run(_READERS[suffix], path, *choice)
    if not isinstance(result, PointCloud | TriangleMesh):
        raise TypeError(f"{_READERS[suffix]} returned {type(result).__name__}")
    return result


def describe_any(path: Path) -> list[Dataset]:
    """See `apsnet_core.files.describe`."""
    suffix = path.suffix.lower()
    with _in_one_sentence(path):
        _check(path, suffix)
        described: list[Dataset] = _run(_DESCRIBERS[suffix], path) if suffix in _DESCRIBERS else []
    return described


@contextmanager
def _in_one_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except ReadError:
        raise
    except OSError as error:
        reason = error.strerror or short(error)
        raise ReadError(path, f"it cannot be read ({reason}); a file that you may read is needed") from error
    except MemoryError:
        raise ReadError(
            path, "opening it takes more memory than there is; a smaller file is needed"
        ) from None
    except Exception as error:  # damage that no check foresaw; whoever debugs finds it as the cause
        raise ReadError(path, f"it is damaged, or not what its extension says ({short(error)})") from error


def _run(function: str, path: Path, *choice: str | int | None) -> Any:
    if path.suffix.lower() in _CONTAINED:
        return contained.call(function, path, *choice)
    return _function(function)(path, *choice)


def _check(path: Path, suffix: str) -> None:
    if "\0" in str(path):
        raise ReadError(path, "its name has a character that no file name can have")
    if path.is_dir():
        raise ReadError(path, "it is a folder; choose one file")
    if not path.exists():
        raise ReadError(path, "there is no such file")
    if not path.is_file():
        raise ReadError(path, "it is not a regular file")
    if suffix not in READABLE:
        raise ReadError(
            path, f"files {suffix or 'without extension'} are not known; accepted are {_listed(READABLE)}"
        )
    with path.open("rb") as stream:
        if not stream.read(1):
            raise ReadError(path, "it is empty (0 bytes)")


def write_any(cloud: PointCloud | TriangleMesh, path: Path, force: bool, notes: Mapping[str, str]) -> None:
    """See `apsnet_core.files.write`."""
    suffix = path.suffix.lower()
    kind, writers = ("cloud", WRITABLE) if isinstance(cloud, PointCloud) else ("mesh", WRITABLE_MESH)
    if suffix not in writers:
        raise WriteError(
            path, f"a {kind} cannot be written as {suffix or 'no kind'}; possible are {_listed(writers)}"
        )
    with _replacing(path, force) as beside, beside.open("wb+") as stream:
        if isinstance(cloud, PointCloud):
            if not len(cloud):
                raise WriteError(path, "there is no point to write")
            _function(_WRITERS[suffix])(cloud, stream, notes)
        else:
            _function(_MESH_WRITERS[suffix])(cloud, stream)


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


def _function(name: str) -> Any:
    module, function = name.split(".")
    return getattr(importlib.import_module(f"apsnet_core.files.{module}"), function)


def _listed(suffixes: tuple[str, ...]) -> str:
    return ", ".join(suffix.lstrip(".") for suffix in suffixes)
