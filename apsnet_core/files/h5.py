"""HDF5 files in the layout of the ModelNet releases, ``data`` (N, n, 3) with ``label`` (N,), or similar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from apsnet_core.cloud import PointCloud
from apsnet_core.files.arrays import named_arrays
from apsnet_core.files.beside import Beside, belonging, plain, with_beside
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.many_clouds import Row, StoredArray, choose_row, described, pick_dataset
from apsnet_core.files.tables import Stored, table_in
from apsnet_core.types import Foreign

_MOST_DATASETS = 1000
_DEEPEST = 32


def describe(path: Path) -> list[StoredArray]:
    """The arrays that can be read as points, for the user to choose from in a dialog."""
    with _opened(path) as file:
        found = [
            described(name, values.shape, str(values.dtype), partial(_written, values))
            for name, values in _datasets(file, path).items()
            if values.dtype.kind in "fiu"
        ]
    return [dataset for dataset in found if dataset]


def _written(values: Foreign) -> Foreign:
    """The dataset, or an empty slice if it was created and never written."""
    return values if values.id.get_storage_size() else values[:0]


def read(
    path: Path, dataset: str | None = None, row: Row | None = None, columns: Sequence[str] | None = None
) -> PointCloud:
    """Read a cloud from ``dataset``, or from the only plausible one; ``row`` chooses a cloud of (N, n, 3)."""
    with _opened(path) as file:
        found = _datasets(file, path)
        shapes = {name: values.shape for name, values in found.items() if values.dtype.kind in "fiu"}
        stored = {
            name: Stored(values.shape, values.dtype, partial(values.__getitem__, ...))
            for name, values in found.items()
            if not values.dtype.hasobject
        }
        if (table := table_in(stored, dataset, path, row, columns)) is not None:
            return table
        name = pick_dataset(shapes, dataset, path, "dataset")
        source = found[name]
        if source.size and not source.id.get_storage_size():
            raise ReadError(path, f"its dataset {name!r} {source.shape} was created, but never written")
        values, notes = choose_row(source, row, path, f"its dataset {name!r}")
        group = name.rpartition("/")[0]
        others = [
            Beside(other.rpartition("/")[2], extra.shape, extra.dtype.kind, partial(found.get, other))
            for other, extra in found.items()
            if other != name and other.rpartition("/")[0] == group
        ]
        beside, label = belonging(others, len(source) if source.ndim == 3 else None, len(values), row)
        own = plain(file.attrs["label"]) if "label" in file.attrs else label
        crs = str(file.attrs["crs"]) if "crs" in file.attrs else None
        return with_beside(values, beside, path, own, crs, columns, notes)


def _opened(path: Path) -> Foreign:
    import h5py

    try:
        return h5py.File(path, "r")
    except OSError as error:
        reason = str(error).partition("(")[2].rstrip(")") or str(error)
        raise ReadError(path, f"it is not an HDF5 file, or only a part of one ({reason})") from None


def _datasets(file: Foreign, path: Path) -> dict[str, Foreign]:
    """The datasets in the file and its nested groups, up to a fixed depth and number.

    Links, virtual datasets and datasets with external storage are ignored: their values are in other files.
    """
    import h5py

    found: dict[str, Foreign] = {}
    waiting: list[tuple[str, Any, int]] = [("", file, 0)]
    deeper = False
    while waiting and len(found) < _MOST_DATASETS:
        prefix, group, depth = waiting.pop()
        for name in group:
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                continue
            item = group[name]
            if isinstance(item, h5py.Group):
                deeper = deeper or depth == _DEEPEST
                if depth < _DEEPEST:
                    waiting.append((f"{prefix}{name}/", item, depth + 1))
            elif isinstance(item, h5py.Dataset) and not (
                item.is_virtual or item.external or item.shape is None
            ):
                found[f"{prefix}{name}"] = item
    if deeper and not found:
        raise ReadError(path, f"its groups are nested more than {_DEEPEST} deep and contain no arrays")
    return found


def write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Write ``data`` (n, 3) and a dataset for each field.

    The label, the coordinate system and the notes on the sampling become attributes of the file.
    """
    import h5py

    arrays = named_arrays(cloud)
    arrays = {"data": arrays.pop("xyz")} | arrays
    with h5py.File(stream, "w") as file:
        for name, values in arrays.items():
            file.create_dataset(name, data=values, compression="gzip", shuffle=True)
        for name, value in [("label", cloud.label), ("crs", cloud.crs), *notes.items()]:
            if value is not None:
                file.attrs[name] = value


FORMAT = Format(
    "h5",
    "HDF5",
    (".h5", ".hdf5"),
    ("Arrays",),
    read,
    write,
    describe=describe,
    choices=("dataset", "row", "columns"),
    contained=True,
)
