"""Summarise the contents and the problems of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from apsnet_core.datasets.dataset import DatasetError, measured_normalisation, measured_up
from apsnet_core.datasets.folder import empty_classes
from apsnet_core.datasets.layouts import recognised
from apsnet_core.datasets.open import folder_of, read_source, split
from apsnet_core.ops.normalise import Normalisation
from apsnet_core.ops.orientation import Up
from apsnet_core.placing import counted


@dataclass(frozen=True)
class Survey:
    """Counts of a dataset without its ``broken`` files; if half or more are broken, only its layout is known.

    ``twins`` is the number of shapes that have a near-identical one in their class, ``test_twins`` the number
    of test shapes that have one outside the test part.
    """

    where: str
    layout: str
    broken: tuple[tuple[str, str], ...] = ()
    shapes: int = 0
    points: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    twins: int = 0
    test_twins: int = 0
    up: Up | None = None
    normalisation: Normalisation | None = None
    licence: str = ""
    notes: tuple[str, ...] = ()


def survey(source: str | Path) -> Survey:
    """Summarise a whole dataset. Raises DatasetError only if there is no dataset at all."""
    folder = folder_of(source)
    where = "bundled" if folder is None else str(folder)
    layout, empty = ("bundled", ()) if folder is None else _layout(folder)
    try:
        _, shapes = read_source(source)
    except DatasetError as error:
        return Survey(where, layout, tuple((str(one.path), one.why) for one in (error, *error.more)))
    counts = np.bincount(shapes.labels, minlength=len(shapes.classes))
    test, held = split(shapes)
    groups = np.arange(len(shapes)) if shapes.groups is None else shapes.groups
    return Survey(
        where=where,
        layout=layout,
        broken=shapes.broken,
        notes=(*shapes.notes, *empty),
        shapes=len(shapes),
        points=shapes.points.shape[1],
        classes={name: int(count) for name, count in zip(shapes.classes, counts, strict=True) if count},
        parts={
            "train": int((~test & ~held).sum()),
            "validation": int(held.sum()),
            "test": int(test.sum()),
        },
        twins=int((np.bincount(groups)[groups] > 1).sum()),
        test_twins=int(np.isin(groups[test], groups[~test]).sum()),
        up=measured_up(shapes.points),
        normalisation=measured_normalisation(shapes.points),
        licence=shapes.licence,
    )


def _layout(folder: Path) -> tuple[str, tuple[str, ...]]:
    """The title of a folder's layout, and a note on class folders without a shape."""
    layout, files = recognised(folder)
    empty = empty_classes(folder, files) if layout.by_folder else []
    told = f"{counted(len(empty), 'folder')} without a shape, no class: {', '.join(empty)}"
    return layout.title, (told,) if empty else ()
