"""Datasets of arrays (N, n, 3) with many shapes each, in npy, npz and h5 files, with labels or without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core.cloud import Float32
from apsnet_core.datasets.dataset import DatasetError, Place, Shapes, Tell, silent
from apsnet_core.datasets.parts import part_in
from apsnet_core.types import Values

_SUFFIXES = (".npy", ".npz", ".h5", ".hdf5")
_LABELS = ("label", "labels", "y", "class", "classes")
_NAMES = ("class_names", "shape_names", "label_names")


def array_files(folder: Path) -> list[Path]:
    """The array files directly in ``folder`` if each contains an array of several clouds; else no files."""
    from apsnet_core.files import ReadError

    found = [
        path
        for path in sorted(folder.glob("*"))
        if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")
    ]
    try:
        return found if found and all(_dataset(path)[1] > 1 for path in found) else []
    except (ReadError, DatasetError):
        return []


def read_arrays(folder: Path, tell: Tell = silent) -> Shapes:
    """All shapes of the arrays as stored; the part follows from a file's name. Raises DatasetError."""
    paths = array_files(folder)
    clouds: list[Float32] = []
    labels: list[Any] = []
    test: list[bool] = []
    names: list[str] = []
    bare: set[Path] = set()
    classes: tuple[str, ...] = ()
    for path in paths:
        tell(None, path.name)
        points, label, titles = _read(path)
        clouds.append(points)
        bare |= {path} if label is None else set()
        labels.append(np.zeros(len(points), np.int64) if label is None else label)
        classes = titles or classes
        test += [part_in(path.stem) == "test"] * len(points)
        names += [f"{path.stem}[{row}]" for row in range(len(points))]
    if len({cloud.shape[1] for cloud in clouds}) > 1:
        sizes = ", ".join(f"{path.name} {cloud.shape}" for path, cloud in zip(paths, clouds, strict=True))
        raise DatasetError(folder, f"its arrays hold clouds of different sizes, not of one: {sizes}")
    if bare and len(bare) < len(paths):
        raise DatasetError(
            min(bare), "has no labels, and other arrays beside it have: give all of them labels"
        )
    values, numbers = np.unique(np.concatenate(labels), return_inverse=True)
    if classes and values.dtype.kind in "iu" and 0 <= values.min() <= values.max() < len(classes):
        numbers, shown = values[numbers], classes
    else:
        shown = tuple(f"{value}" for value in values) if len(values) > 1 else (folder.resolve().name,)
    return Shapes(
        points=np.concatenate(clouds),
        labels=numbers.reshape(-1).astype(np.int64),
        names=tuple(names),
        classes=shown,
        test=np.array(test) if any(test) else None,
    )


def array_places(folder: Path) -> list[Place]:
    """The place of each shape, in the order of `read_arrays`."""
    places = []
    for path in array_files(folder):
        name, rows = _dataset(path)
        places += [Place(path, None if _is_npy(path) else name, row) for row in range(rows)]
    return places


def _dataset(path: Path) -> tuple[str, int]:
    """The name of the array with the shapes and the number of shapes; "" and 0 if it is not clear."""
    from apsnet_core.files import describe
    from apsnet_core.files.many_clouds import POSITION_NAMES

    stored = [one for one in describe(path) if one.rows > 1]
    known = [one for name in POSITION_NAMES for one in stored if one.name == name]
    if not (known or len(stored) == 1):
        return "", 0
    return (known or stored)[0].name, (known or stored)[0].rows


def _read(path: Path) -> tuple[Float32, Any, tuple[str, ...]]:
    """Clouds (N, n, 3), labels (N,) or None, and the names of the classes if the file has them."""
    from apsnet_core.files.many_clouds import clouds_in

    name, rows = _dataset(path)
    try:
        stored = _stored(path, name)
        values = np.asarray(stored[name])
        label = next((np.asarray(stored[key]) for key in _LABELS if key in stored), None)
        titles = next((np.asarray(stored[key]).reshape(-1) for key in _NAMES if key in stored), ())
    except (OSError, ValueError, KeyError) as error:
        raise DatasetError(path, f"cannot be read as arrays ({error})") from error
    clouds = clouds_in(values.shape)
    if clouds is not None and clouds.turned:
        values = values.swapaxes(1, 2)
    points: Float32 = np.ascontiguousarray(values[..., :3], dtype=np.float32)
    if not np.isfinite(points).all():
        row = np.flatnonzero(~np.isfinite(points).all(axis=(1, 2)))[0]
        raise DatasetError(path, f"has coordinates that are not numbers, first in row {row}")
    if label is not None and label.size != rows:
        if label.shape[:1] != (rows,):
            raise DatasetError(path, f"has {label.size} labels for {rows} shapes: one for each is accepted")
        label = None  # they are labels of points, not of shapes
    words = tuple(item.decode() if isinstance(item, bytes) else str(item) for item in titles)
    return points, None if label is None else label.reshape(-1), words


def _is_npy(path: Path) -> bool:
    return path.suffix.lower() == ".npy"


def _stored(path: Path, name: str) -> Values:
    """The array ``name`` of a file, and the labels and names of classes beside it."""
    if _is_npy(path):
        return {name: np.load(path, allow_pickle=False)}
    beside = (*_LABELS, *_NAMES)
    if path.suffix.lower() == ".npz":
        with np.load(path, allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files if key in (name, *beside)}
    import h5py

    with h5py.File(path, "r") as file:
        group = file[name].parent
        found = {key: group[key][...] for key in beside if isinstance(group.get(key), h5py.Dataset)}
        return {name: file[name][...], **found}
