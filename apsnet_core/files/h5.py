"""HDF5: the layout of ModelNet's releases, ``data`` (N, n, 3) with ``label`` (N,), and any like it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.arrays import named_arrays, with_beside
from apsnet_core.files.columns import Columns
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.many_clouds import Dataset, choose_row, is_points, pick_dataset

_MOST_DATASETS = 1000


def describe(path: Path) -> list[Dataset]:
    """The arrays that can be read as points, for a dialog to choose from."""
    import h5py

    with _opened(path) as file:
        return [
            Dataset(name, found.shape[0] if found.ndim == 3 else 1, found.shape[-2], str(found.dtype))
            for name, found in _datasets(file).items()
            if isinstance(found, h5py.Dataset) and found.dtype.kind in "fiu" and is_points(found.shape)
        ]


def read(path: Path, dataset: str | None = None, row: int | None = None) -> PointCloud:
    """A cloud from ``dataset``, or the obvious one; ``row`` chooses among several of (N, n, 3)."""
    with _opened(path) as file:
        found = _datasets(file)
        shapes = {name: values.shape for name, values in found.items() if values.dtype.kind in "fiu"}
        name = pick_dataset(shapes, dataset, path, "dataset")
        source = found[name]
        if source.size and not source.id.get_storage_size():
            raise ReadError(path, f"its dataset {name!r} {source.shape} was announced and never written")
        values = choose_row(source, row, path, f"its dataset {name!r}")
        chosen = (row or 0) % source.shape[0] if source.ndim == 3 else None
        group = name.rpartition("/")[0]
        beside: Columns = {}
        label: str | int | None = None
        for other, extra in found.items():
            if other == name or other.rpartition("/")[0] != group or not extra.ndim:
                continue
            short = other.rpartition("/")[2]
            if chosen is None and len(extra) == len(values):
                beside[short] = extra[...]
            elif chosen is not None and len(extra) == source.shape[0]:
                if short in ("label", "labels") and extra.size == len(extra):
                    label = _plain(extra[chosen])
                elif extra.ndim >= 2 and extra.shape[1] == len(values):
                    beside[short] = extra[chosen]
        own = _plain(file.attrs["label"]) if "label" in file.attrs else label
        crs = str(file.attrs["crs"]) if "crs" in file.attrs else None
        return with_beside(values, beside, path, own, crs)


def _plain(value: Any) -> str | int:
    item = np.asarray(value).reshape(-1)[0]
    return (
        item.decode(errors="replace")
        if isinstance(item, bytes)
        else str(item)
        if isinstance(item, str)
        else int(item)
    )


def _opened(path: Path) -> Any:
    import h5py

    try:
        return h5py.File(path, "r")
    except OSError as error:
        reason = str(error).partition("(")[2].rstrip(")") or str(error)
        raise ReadError(path, f"it is not an HDF5 file, or only a part of one ({reason})") from None


def _datasets(file: Any) -> dict[str, Any]:
    """Every array of plain numbers whose values lie in this very file."""
    import h5py

    found: dict[str, Any] = {}

    def visit(name: str, item: Any) -> bool | None:
        if (
            isinstance(item, h5py.Dataset)
            and not item.is_virtual
            and item.external is None
            and item.shape is not None
        ):
            found[name] = item
        return True if len(found) >= _MOST_DATASETS else None

    file.visititems(visit)
    return found


def write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """``data`` (n, 3) and one dataset a field; label, coordinate system, sampling as file attributes."""
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
    choices=("dataset", "row"),
    contained=True,
)
