"""Recognise the layout of a dataset folder and read its shapes, later from the cache."""

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
    """A layout of dataset folders: ``files`` lists the dataset's files (empty: not this layout).

    ``read`` reads the shapes. ``places`` returns the place of each shape; without it each file is one shape.
    ``flat`` marks a plain folder of files, which the user may also mean as single files. ``by_folder`` means
    that the folders are the classes.
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
"""All layouts in the order in which they are tried; later ones are less specific and would match too."""


def layout_of(folder: Path) -> Layout:
    """The layout of ``folder``. Raises DatasetError, which lists the known layouts, if none matches."""
    return recognised(folder)[0]


def recognised(folder: Path) -> tuple[Layout, list[Path]]:
    """The layout as from `layout_of` and the dataset's files; listing a large folder twice would be slow."""
    check_folder(folder)
    for layout in LAYOUTS:
        if files := layout.files(folder):
            return layout, files
    known = "; ".join(layout.title for layout in LAYOUTS)
    raise DatasetError(folder, f"holds no dataset in a layout that can be read: {known}")


def check_folder(folder: Path) -> None:
    """Raise DatasetError if ``folder`` is not a folder."""
    if not folder.is_dir():
        raise DatasetError(folder, "is not a folder; a dataset is a folder, an imported name, or furniture")


def read_folder(folder: Path, tell: Tell = silent) -> Shapes:
    """All shapes of the dataset in ``folder``, near-identical ones grouped; from the cache if possible."""
    layout, files = recognised(folder)

    def read() -> Shapes:
        shapes = layout.read(folder, tell)
        return replace(shapes, groups=twin_groups(shapes.points, shapes.labels, tell))

    return remembered(folder, files, read)


def places_in(folder: Path) -> list[Place]:
    """The place of each shape of the dataset in ``folder``, in the order of `read_folder`."""
    layout, files = recognised(folder)
    return layout.places(folder) if layout.places else [Place(path) for path in files]
