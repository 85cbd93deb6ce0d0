"""numpy's own files: npy (one array) and npz (named arrays). Pickles are never opened."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import PointCloud
from apsnet_core.files.columns import Columns, cloud_from_arrays, cloud_from_columns, colours, positions
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.guess_columns import name_columns
from apsnet_core.files.many_clouds import POSITION_NAMES, Dataset, choose_row, is_points, pick_dataset

_COLOURS = ("rgb", "colors", "colours", "color", "colour")
_NORMALS = ("normals", "normal")


def read_npy(path: Path, dataset: str | None = None, row: int | None = None) -> PointCloud:
    """A cloud from an array (n, 3 or more), one row of (N, n, 3 or more), or a structured array (n,)."""
    with path.open("rb") as stream:
        values = _array(stream, path.stat().st_size, path)
    return _cloud(values, path, row)


def _cloud(values: npt.NDArray[Any], path: Path, row: int | None, name: str = "its array") -> PointCloud:
    if values.dtype.names is not None and values.ndim == 1:
        return cloud_from_columns({field: values[field] for field in values.dtype.names}, path)
    if not is_points(values.shape) or values.dtype.kind not in "fiu":
        raise ReadError(
            path,
            f"{name} has the shape {values.shape} and the type {values.dtype}; numbers of shape (n, 3) or "
            "more columns, or (N, n, 3) with a row to choose, are accepted",
        )
    values = choose_row(values, row, path, name)
    return cloud_from_columns(name_columns(list(values.T), path.suffix), path)


def _array(stream: IO[bytes], size: int, path: Path) -> npt.NDArray[Any]:
    """One array of at most ``size`` bytes, header included; its header is checked before it is believed."""
    try:
        version = np.lib.format.read_magic(stream)
        header = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, fortran, dtype = header(stream)
    except (ValueError, TypeError, SyntaxError, EOFError) as error:
        raise ReadError(path, f"it is not an array as numpy saves it ({error})".replace("\n", " ")) from None
    if dtype.hasobject:
        raise ReadError(
            path, "it holds Python objects, which can run code when opened; plain numbers are accepted"
        )
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
    data = stream.read(count * dtype.itemsize)
    if len(data) < count * dtype.itemsize:
        raise ReadError(path, "it ends before its array does; it is cut short or damaged")
    values = np.frombuffer(data, dtype)
    return values.reshape(shape[::-1]).T if fortran else values.reshape(shape)


def read_npz(path: Path, dataset: str | None = None, row: int | None = None) -> PointCloud:
    """A cloud from the archive's positions; arrays of as many rows beside them are what is known of each."""
    arrays = _archive(path)
    shapes = {name: values.shape for name, values in arrays.items() if values.dtype.kind in "fiu"}
    name = pick_dataset(shapes, dataset, path, "array")
    values = arrays.pop(name)
    stacked = values.ndim == 3
    length = values.shape[0]
    values = choose_row(values, row, path, f"its array {name!r}")
    chosen = (0 if row is None else row) if stacked else None
    beside: Columns = {}
    label = crs = None
    for other, extra in arrays.items():
        if other in ("label", "labels", "crs") and extra.ndim == 0:
            label, crs = (label, str(extra)) if other == "crs" else (extra.item(), crs)
        elif chosen is not None and extra.ndim and len(extra) == length:
            if extra.ndim == 1 and other in ("label", "labels", "names", "name"):
                label = extra[chosen].item() if label is None or extra.dtype.kind in "US" else label
            elif extra.ndim >= 2 and extra.shape[1] == len(values):
                beside[other] = extra[chosen]
        elif chosen is None and extra.ndim and len(extra) == len(values):
            beside[other] = extra
    return with_beside(values, beside, path, label, crs)


def describe_npz(path: Path) -> list[Dataset]:
    """The arrays that can be read as points, for a dialog to choose from."""
    return [
        Dataset(name, values.shape[0] if values.ndim == 3 else 1, values.shape[-2], str(values.dtype))
        for name, values in _archive(path).items()
        if values.dtype.kind in "fiu" and is_points(values.shape)
    ]


def with_beside(
    values: npt.NDArray[Any], beside: Columns, path: Path, label: str | int | None, crs: str | None
) -> PointCloud:
    """A cloud of positions (n, 3 or more) and arrays of n rows beside them, by name."""
    rgb = normals = None
    attributes: Columns = {}
    for name, extra in beside.items():
        if rgb is None and name in _COLOURS and extra.shape == (len(values), 3):
            rgb = colours(extra)
            if rgb is not None:
                continue
        if normals is None and name in _NORMALS and extra.shape == (len(values), 3):
            normals = extra
        elif extra.dtype.kind in "fiub":
            attributes[name] = extra
    if values.shape[1] == 3:
        return cloud_from_arrays(
            values, path, rgb=rgb, normals=normals, attributes=attributes, label=label, crs=crs
        )
    columns = name_columns(list(values.T), path.suffix)
    return cloud_from_columns(columns | attributes, path, label=label, crs=crs)


def _archive(path: Path) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".npy"):
                    with archive.open(member) as stream:
                        arrays[member.filename.removesuffix(".npy")] = _array(stream, member.file_size, path)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ReadError(path, f"it is not a whole npz archive ({error}); it may be cut short") from None
    return arrays


def write_npy(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Positions alone, (n, 3): float32, or float64 where they lie far from the origin."""
    np.lib.format.write_array(stream, positions(cloud), allow_pickle=False)


def named_arrays(cloud: PointCloud) -> dict[str, npt.NDArray[Any]]:
    """What npz and h5 hold of a cloud, by name; positions are `POSITION_NAMES[0]`."""
    arrays: dict[str, npt.NDArray[Any]] = {POSITION_NAMES[0]: positions(cloud)}
    if cloud.rgb is not None:
        arrays["rgb"] = cloud.rgb
    if cloud.normals is not None:
        arrays["normals"] = cloud.normals
    for name, values in cloud.attributes.items():
        key = name.replace("/", "_")
        arrays[key if key not in (*arrays, "label", "crs") else f"{key}_"] = values
    return arrays


def write_npz(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Named arrays, compressed; label, coordinate system and what is known of the sampling as scalars."""
    arrays = named_arrays(cloud)
    for name, value in [("label", cloud.label), ("crs", cloud.crs), *notes.items()]:
        if value is not None and name not in arrays:
            arrays[name] = np.array(value)
    np.savez_compressed(stream, allow_pickle=False, **arrays)


FORMATS = (
    Format("npy", "NumPy array", (".npy",), ("Arrays",), read_npy, write_npy, choices=("dataset", "row")),
    Format(
        "npz",
        "NumPy archive",
        (".npz",),
        ("Arrays",),
        read_npz,
        write_npz,
        describe=describe_npz,
        choices=("dataset", "row"),
    ),
)
