"""numpy's own files: npy (one array) and npz (named arrays). Pickles are never opened."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.beside import Beside, belonging, plain, with_beside
from apsnet_core.files.columns import cloud_from_columns, positions
from apsnet_core.files.errors import ReadError, short
from apsnet_core.files.format import Format
from apsnet_core.files.many_clouds import (
    POSITION_NAMES,
    Row,
    StoredArray,
    choose_row,
    clouds_in,
    described,
    pick_dataset,
)
from apsnet_core.files.tables import Stored, check_choice, fields, table_in
from apsnet_core.types import Array, DType

_ONLY = "array"
_OBJECTS = "it holds Python objects, which can run code when opened; plain numbers are accepted"


def read_npy(
    path: Path, dataset: str | None = None, row: Row | None = None, columns: Sequence[str] | None = None
) -> PointCloud:
    """Read a cloud from an array (n, 3 or more), from one row of (N, n, 3 or more), or a structured array.

    ``dataset`` is the name that `describe_npy` gives the array, which has no name in the file.
    """
    if dataset is not None and dataset.strip("/") != _ONLY:
        raise ReadError(path, f"it is a single array without a name; there is no array {dataset!r} in it")
    with path.open("rb") as stream:
        values = _values(stream, path.stat().st_size, path)
    if values.dtype.names is not None:
        check_choice(path, row, columns)
        return cloud_from_columns(fields(values), path)
    if values.dtype.kind not in "fiu" or clouds_in(values.shape) is None:
        raise ReadError(
            path,
            f"its array has the shape {values.shape} and the type {values.dtype}; numbers of shape (n, 3) or "
            "more columns, or (N, n, 3) with a row to choose, are accepted",
        )
    chosen, notes = choose_row(values, row, path, "its array")
    return with_beside(chosen, {}, path, None, None, columns, notes)


def describe_npy(path: Path) -> list[StoredArray]:
    """A list of the array if it can be read as points, else an empty list."""
    with path.open("rb") as stream:
        shape, _, dtype = _header(stream, path.stat().st_size, path)
    if dtype.kind not in "fiu":
        return []
    found = described(_ONLY, shape, str(dtype), lambda: np.load(path, mmap_mode="r", allow_pickle=False))
    return [found] if found else []


_Header = tuple[tuple[int, ...], bool, DType]


def _header(stream: IO[bytes], size: int, path: Path) -> _Header:
    """The shape, Fortran order and type in an npy header, checked against the file's ``size`` in bytes."""
    try:
        version = np.lib.format.read_magic(stream)
        header = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, fortran, dtype = header(stream)
    except (ValueError, TypeError, SyntaxError, EOFError) as error:
        raise ReadError(path, f"it is not an array as numpy saves it ({error})".replace("\n", " ")) from None
    if dtype.hasobject:
        return shape, fortran, dtype
    count = 1
    for extent in shape:
        count *= extent
    left = size - stream.tell()
    if min(shape, default=0) < 0 or count * dtype.itemsize > left:
        raise ReadError(
            path,
            f"its header announces an array {shape} of {dtype}, more than the {max(left, 0)} bytes that "
            "follow; it is cut short or damaged",
        )
    return shape, fortran, dtype


def _values(stream: IO[bytes], size: int, path: Path) -> Array:
    shape, fortran, dtype = _header(stream, size, path)
    if dtype.hasobject:
        raise ReadError(path, _OBJECTS)
    count = int(np.prod(shape, dtype=object)) * dtype.itemsize
    data = stream.read(count)
    if len(data) < count:
        raise ReadError(path, "it ends before its array does; it is cut short or damaged")
    values = np.frombuffer(data, dtype)
    return values.reshape(shape[::-1]).T if fortran else values.reshape(shape)


def read_npz(
    path: Path, dataset: str | None = None, row: Row | None = None, columns: Sequence[str] | None = None
) -> PointCloud:
    """Read a cloud from the positions in the archive; arrays with as many rows become its fields.

    Only the arrays that are needed are read. Arrays of Python objects are never read.
    """
    with _archive(path) as archive:
        headers = dict(_headers(archive, path))
        shapes = {name: shape for name, (shape, _, dtype) in headers.items() if dtype.kind in "fiu"}
        if not shapes and any(dtype.hasobject for _, _, dtype in headers.values()):
            raise ReadError(path, _OBJECTS)
        if dataset is not None and dataset in headers and headers[dataset][2].hasobject:
            raise ReadError(path, f"its array {dataset!r}: {_OBJECTS}")
        stored = {
            name: Stored(shape, dtype, partial(_member, archive, name, path))
            for name, (shape, _, dtype) in headers.items()
            if not dtype.hasobject
        }
        if (table := table_in(stored, dataset, path, row, columns)) is not None:
            return table
        name = pick_dataset(shapes, dataset, path, "array")
        stacked = shapes[name][0] if len(shapes[name]) == 3 else None
        values, notes = choose_row(_member(archive, name, path), row, path, f"its array {name!r}")
        label: str | int | None = None
        crs = None
        others: list[Beside] = []
        for other, (shape, _, dtype) in headers.items():
            if other == name or dtype.hasobject:
                continue
            if other in ("label", "labels", "crs") and not shape:
                item = _member(archive, other, path)[()]
                label, crs = (label, str(item)) if other == "crs" else (plain(item), crs)
            else:
                others.append(Beside(other, shape, dtype.kind, partial(_member, archive, other, path)))
        beside, own = belonging(others, stacked, len(values), row)
        return with_beside(values, beside, path, own if label is None else label, crs, columns, notes)


def describe_npz(path: Path) -> list[StoredArray]:
    """The arrays that can be read as points, for the user to choose from in a dialog."""
    with _archive(path) as archive:
        found = [
            described(name, shape, str(dtype), partial(_member, archive, name, path))
            for name, (shape, _, dtype) in _headers(archive, path)
            if dtype.kind in "fiu"
        ]
    return [dataset for dataset in found if dataset]


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        why = f"it is not a whole npz archive ({short(error)}); it may be cut short"
        raise ReadError(path, why) from None


def _headers(archive: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, _Header]]:
    for member in archive.infolist():
        if member.filename.endswith(".npy"):
            with archive.open(member) as stream:
                yield member.filename.removesuffix(".npy"), _header(stream, member.file_size, path)


def _member(archive: zipfile.ZipFile, name: str, path: Path) -> Array:
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as stream:
        return _values(stream, member.file_size, path)


def write_npy(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write the positions (n, 3) only, as float32, or as float64 if they are far from the origin."""
    np.lib.format.write_array(stream, positions(cloud), allow_pickle=False)


def named_arrays(cloud: PointCloud) -> dict[str, Array]:
    """The arrays by name that npz and h5 files store of a cloud; the positions are `POSITION_NAMES[0]`."""
    arrays: dict[str, Array] = {POSITION_NAMES[0]: positions(cloud)}
    if cloud.rgb is not None:
        arrays["rgb"] = cloud.rgb
    if cloud.normals is not None:
        arrays["normals"] = cloud.normals
    for name, values in cloud.attributes.items():
        key = name.replace("/", "_")
        arrays[key if key not in (*arrays, "label", "crs") else f"{key}_"] = values
    return arrays


def write_npz(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write named arrays, compressed; the label, coordinate system and sampling notes become scalars."""
    arrays = named_arrays(cloud)
    for name, value in [("label", cloud.label), ("crs", cloud.crs), *notes.items()]:
        if value is not None and name not in arrays:
            arrays[name] = np.array(value)
    np.savez_compressed(stream, allow_pickle=False, **arrays)


FORMATS = (
    Format(
        *("npy", "NumPy array", (".npy",), ("Arrays",), read_npy, write_npy),
        describe=describe_npy,
        choices=("dataset", "row", "columns"),
        places_alone=True,
    ),
    Format(
        *("npz", "NumPy archive", (".npz",), ("Arrays",), read_npz, write_npz),
        describe=describe_npz,
        choices=("dataset", "row", "columns"),
    ),
)
