"""One sub-folder per class, with shapes in any format that can be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_core.datasets.dataset import Shapes, Tell, silent
from apsnet_core.datasets.shape_files import read_shapes
from apsnet_core.files import can_be_read


def class_folder_files(folder: Path) -> list[Path]:
    """The readable files one level down, sorted; hidden ones do not count."""
    return [
        path
        for path in sorted(folder.glob("*/*"))
        if can_be_read(path) and not path.name.startswith(".") and not path.parent.name.startswith(".")
    ]


def read_class_folders(folder: Path, tell: Tell = silent) -> Shapes:
    """All shapes, each scaled to the unit sphere; DatasetError names what cannot be read."""
    paths = class_folder_files(folder)
    classes = tuple(sorted({path.parent.name for path in paths}))
    return Shapes(
        points=read_shapes(paths, normalise=True, tell=tell),
        labels=np.array([classes.index(path.parent.name) for path in paths], dtype=np.int64),
        names=tuple(path.stem for path in paths),
        classes=classes,
        test=None,
    )
