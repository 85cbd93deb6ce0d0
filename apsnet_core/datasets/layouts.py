"""Recognise the layout of a dataset folder and read its shapes, once; afterwards from the cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from apsnet_core.datasets import array_files, modelnet, shapenet
from apsnet_core.datasets import folder as plain
from apsnet_core.datasets.cache import remembered
from apsnet_core.datasets.dataset import DatasetError, Place, Shapes, Tell, silent
from apsnet_core.datasets.near_identical import twin_groups


@dataclass(frozen=True)
class Layout:
    """One way to lay out a dataset: the files of it in a folder (none: not this layout), and its reader.

    ``places`` says where each of its shapes lies; without it each file is one. ``flat`` is a folder of files
    that may be meant one by one as well. ``by_folder``: the folders are the classes.
    """

    title: str
    files: Callable[[Path], list[Path]]
    read: Callable[[Path, Tell], Shapes]
    places: Callable[[Path], list[Place]] | None = None
    flat: bool = False
    by_folder: bool = False


LAYOUTS = (
    Layout(
        "ModelNet HDF5 (ply_data_{train,test}N.h5, shape_names.txt)",
        modelnet.hdf5_files,
        modelnet.read_modelnet_hdf5,
        modelnet.hdf5_places,
    ),
    Layout(
        "ModelNet meshes (<class>/{train,test}/*.off)",
        modelnet.off_files,
        modelnet.read_modelnet_off,
        by_folder=True,
    ),
    Layout(
        "ShapeNet clouds (<synset>/*.ply)", shapenet.shapenet_files, shapenet.read_shapenet, by_folder=True
    ),
    Layout(
        "arrays of shapes (N, n, 3) in npy, npz or h5, with `label` or without",
        array_files.array_files,
        array_files.read_arrays,
        array_files.array_places,
    ),
    Layout(
        "one folder per class (also {train,val,test}/<class>/*)",
        plain.class_folder_files,
        plain.read_class_folders,
        by_folder=True,
    ),
    Layout("a folder of shapes without classes", plain.flat_files, plain.read_flat, flat=True),
)
"""In the order in which they are tried: later ones would take what earlier ones understand better."""


def layout_of(folder: Path) -> Layout:
    """The layout of ``folder``; DatasetError says which ones there are."""
    return recognised(folder)[0]


def recognised(folder: Path) -> tuple[Layout, list[Path]]:
    """As `layout_of`, and the files of the dataset: looking for them in a large folder lasts."""
    check_folder(folder)
    for layout in LAYOUTS:
        if files := layout.files(folder):
            return layout, files
    known = "; ".join(layout.title for layout in LAYOUTS)
    raise DatasetError(folder, f"holds no dataset in a layout that can be read: {known}")


def check_folder(folder: Path) -> None:
    """DatasetError where ``folder`` is none."""
    if not folder.is_dir():
        raise DatasetError(folder, "is not a folder; a dataset is a folder, an imported name, or furniture")


def read_folder(folder: Path, tell: Tell = silent) -> Shapes:
    """All shapes of the dataset in ``folder``, near-identical ones grouped; from the cache if it can."""
    layout, files = recognised(folder)

    def read() -> Shapes:
        shapes = layout.read(folder, tell)
        return replace(shapes, groups=twin_groups(shapes.points, shapes.labels, tell))

    return remembered(folder, files, read)


def places_in(folder: Path) -> list[Place]:
    """Where each shape of the dataset in ``folder`` lies, in the order of `read_folder`."""
    layout, files = recognised(folder)
    return layout.places(folder) if layout.places else [Place(path) for path in files]
