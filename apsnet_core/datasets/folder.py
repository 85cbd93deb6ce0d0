"""Datasets of shape files in any readable format: in folders by class, by part and class, or flat."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.datasets.dataset import Shapes, Tell, silent
from apsnet_core.datasets.parts import OFFICIAL, Part, official_parts, part_of
from apsnet_core.datasets.shape_files import ShapeFile, read_files
from apsnet_core.datasets.shapenet import SYNSETS
from apsnet_core.files import can_be_read

_NO_SHAPES = {".txt", ".csv", ".dat"}  # in a flat folder, files with these suffixes are lists, not shapes


def class_folder_files(folder: Path) -> list[Path]:
    """The readable files in ``<class>/``, ``<part>/<class>/`` and ``<class>/<part>/``, sorted."""
    found = [*folder.glob("*/*"), *(path for path in folder.glob("*/*/*") if _part(path, folder))]
    return sorted(path for path in found if _shape(path, folder))


def flat_files(folder: Path) -> list[Path]:
    """The readable files of a folder without classes, sorted, without text files such as lists of shapes."""
    return [
        path
        for path in sorted(folder.glob("*"))
        if _shape(path, folder) and path.suffix.lower() not in _NO_SHAPES
    ]


def read_class_folders(folder: Path, tell: Tell = silent) -> Shapes:
    """Read all shapes, each scaled to the unit sphere; classes with synset numbers get their names."""
    listed = official_parts(folder)
    files = []
    for path in class_folder_files(folder):
        names = [name for name in path.relative_to(folder).parts[:-1] if not part_of(name)]
        part = _part(path, folder) or listed.get(path.name.partition(".")[0])
        files.append(ShapeFile(path, names[0] if names else folder.resolve().name, part))
    return read_files(files, normalise=True, titles=SYNSETS, tell=tell)


def empty_classes(folder: Path, files: list[Path]) -> list[str]:
    """The class folders, ``<class>`` and ``<part>/<class>``, that contain none of ``files``, sorted."""
    above = [path for path in folder.glob("*") if not part_of(path.name)]
    below = [path for path in folder.glob("*/*") if part_of(path.parent.name)]
    names = {path.name for path in (*above, *below) if path.is_dir() and not path.name.startswith(".")}
    full = {name for path in files for name in path.relative_to(folder).parts[:-1]}
    return sorted(names - full - {OFFICIAL})


def read_flat(folder: Path, tell: Tell = silent) -> Shapes:
    """Read all shapes of a folder as one class with its name, each scaled to the unit sphere."""
    listed = official_parts(folder)
    name = folder.resolve().name
    files = [ShapeFile(path, name, listed.get(path.name.partition(".")[0])) for path in flat_files(folder)]
    return read_files(files, normalise=True, tell=tell)


def _part(path: Path, folder: Path) -> Part | None:
    """The part that the name of a folder above a file says, or None."""
    parts = [part for name in path.relative_to(folder).parts[:-1] if (part := part_of(name))]
    return parts[0] if parts else None


def _shape(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and can_be_read(path) and path.is_file()
