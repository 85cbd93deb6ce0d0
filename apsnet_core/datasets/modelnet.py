"""ModelNet in its published forms: HDF5 files of sampled points, or folders of `.off` meshes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float32, Int64
from apsnet_core.datasets.dataset import DatasetError, Place, Shapes, Tell, silent
from apsnet_core.datasets.shape_files import ShapeFile, read_files
from apsnet_core.types import Mask

LICENCE = "ModelNet: research use only, the shapes belong to their authors (modelnet.cs.princeton.edu)"


def hdf5_files(folder: Path) -> list[Path]:
    """The files of a folder in the layout of the ``modelnet40_ply_hdf5_2048`` release; else no files."""
    if not (folder / "shape_names.txt").is_file() or not _parts(folder, "train"):
        return []
    return [folder / "shape_names.txt", *_parts(folder, "train"), *_parts(folder, "test")]


def read_modelnet_hdf5(folder: Path, tell: Tell = silent) -> Shapes:
    """Read ``ply_data_{train,test}N.h5`` and ``shape_names.txt``. DatasetError names the file at fault."""
    classes = tuple(line.strip() for line in _lines(folder / "shape_names.txt"))
    points: list[Float32] = []
    labels: list[Int64] = []
    test: list[Mask] = []
    names: list[str] = []
    for part in ("train", "test"):
        for path in _parts(folder, part):
            tell(None, path.name)
            data, label, name = _read_part(path, len(classes))
            points.append(data)
            labels.append(label)
            names += name or [f"{path.stem}[{row}]" for row in range(len(data))]
            test.append(np.full(len(data), part == "test"))
    if len({data.shape[1] for data in points}) > 1:
        raise DatasetError(folder, "its HDF5 files hold clouds of different sizes; they must all be the same")
    return Shapes(
        np.concatenate(points), np.concatenate(labels), tuple(names), classes, np.concatenate(test), LICENCE
    )


def hdf5_places(folder: Path) -> list[Place]:
    """The place of each shape in the HDF5 files, in the order of `read_modelnet_hdf5`."""
    import h5py

    places = []
    for path in [*_parts(folder, "train"), *_parts(folder, "test")]:
        with h5py.File(path, "r") as file:
            places += [Place(path, "data", row) for row in range(len(file["data"]))]
    return places


def off_files(folder: Path) -> list[Path]:
    """The meshes `<class>/{train,test}/*.off`, sorted."""
    return [path for path in sorted(folder.glob("*/*/*.off")) if path.parent.name in ("train", "test")]


def read_modelnet_off(folder: Path, tell: Tell = silent) -> Shapes:
    """Read 2048 points on the surface of each mesh, scaled to the unit sphere. Raises DatasetError."""
    files = [
        ShapeFile(path, path.parent.parent.name, "test" if path.parent.name == "test" else "train")
        for path in off_files(folder)
    ]
    return read_files(files, normalise=True, licence=LICENCE, tell=tell)


def _parts(folder: Path, part: str) -> list[Path]:
    """The HDF5 files of one part, in the order of the part's list if there is one.

    The paths in the published lists begin with a folder of the authors, so only the file names are used.
    """
    listing = folder / f"{part}_files.txt"
    if listing.is_file():
        return [folder / re.split(r"[/\\]", line.strip())[-1] for line in _lines(listing)]
    found = folder.glob(f"ply_data_{part}*.h5")
    return sorted(found, key=lambda path: [int(digits) for digits in re.findall(r"\d+", path.stem)])


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(path, f"cannot be read as text ({error})") from error


def _read_part(path: Path, classes: int) -> tuple[Float32, Int64, list[str]]:
    import h5py

    if not path.is_file():
        raise DatasetError(path, "is listed but is not there")
    try:
        with h5py.File(path, "r") as file:
            data = np.asarray(file["data"], dtype=np.float32)
            label = np.asarray(file["label"]).reshape(-1).astype(np.int64)
            names = [bytes(name).decode("utf-8", "replace") for name in file.get("name", ())]
    except (OSError, KeyError, ValueError) as error:
        why = f"is not a whole HDF5 file with `data` (S, N, 3) and `label` (S, 1): {error}"
        raise DatasetError(path, why) from error
    if data.ndim != 3 or data.shape[2] != 3 or len(label) != len(data):
        raise DatasetError(path, f"holds `data` {data.shape} and {len(label)} labels, not (S, N, 3) and S")
    if not np.isfinite(data).all():
        rows = np.flatnonzero(~np.isfinite(data).all(axis=(1, 2)))
        raise DatasetError(path, f"has coordinates that are not numbers, first in row {rows[0]}")
    if len(label) and not 0 <= label.min() <= label.max() < classes:
        raise DatasetError(path, f"has label {label.max()}, but shape_names.txt names {classes} classes")
    return data, label, names
