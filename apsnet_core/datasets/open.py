"""Open a dataset by its name or folder, and split it into training, validation and test parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from apsnet_core.datasets.dataset import (
    Dataset,
    DatasetError,
    Place,
    Shapes,
    Split,
    Tell,
    measured_normalisation,
    measured_up,
    silent,
)
from apsnet_core.datasets.furniture import SHAPES, read_furniture
from apsnet_core.datasets.imported import known
from apsnet_core.datasets.layouts import check_folder, layout_of, places_in, read_folder
from apsnet_core.datasets.published import PUBLISHED
from apsnet_core.datasets.split import Fold, folds, hold_out
from apsnet_core.ops.orientation import Up
from apsnet_core.units import with_unit

TEST_SHARE = 0.1
"""The test share of a source without a test part: 85/5/10, as in published reconstructions on ShapeNet."""

VALIDATION_SHARE_UNSPLIT = 0.05 / 0.9

Mask = np.typing.NDArray[np.bool_]

_TEST_SEED = 0  # fixed, because a shape that one run trains on must not be a test shape of another run


def open_dataset(
    source: str | Path,
    *,
    points: int | None = None,
    classes: Sequence[str] | None = None,
    validation: float | None = None,
    test: float | None = None,
    seed: int = 0,
    fold: Fold | None = None,
    up: Up | None = None,
    tell: Tell = silent,
) -> Dataset:
    """Open ``"furniture"``, an imported name, or a folder in any of the known layouts.

    - ``points``: keep the first ``points`` of each cloud, which are a uniform subset if the order is random,
      as in the published files.
    - ``classes``: keep only these classes, in this order.
    - ``validation``: the share of each training class that is held out; by default 0.1, or 0.05 of all shapes
      if the source has no test part, which is then 10 % of each class.
    - ``test``: the share of each class in the test part, instead of the source's own test part; ``fold`` uses
      one part of a cross-validation over all shapes instead.
    - ``up``: overrides the measured axis.

    Near-identical shapes are never divided between parts made here. Raises DatasetError with the file at
    fault, and ValueError for an unknown class or too many points.
    """
    name, shapes = read_source(source, tell)
    available = shapes.points.shape[1]
    if points is not None and not 1 <= points <= available:
        raise ValueError(f"{name} has {available} points per shape; {points} were asked for")
    wanted = _wanted(name, present_classes(shapes), classes)
    tested, held = split(shapes, validation, seed, test, fold)
    renumbered = np.full(len(shapes.classes), -1, dtype=np.int64)
    renumbered[[shapes.classes.index(c) for c in wanted]] = np.arange(len(wanted))
    labels = renumbered[shapes.labels]
    kept = labels >= 0
    everything = Split(
        np.ascontiguousarray(shapes.points[:, :points]),
        labels,
        shapes.names,
        shapes.groups,
        np.arange(len(shapes)) if shapes.kept is None else shapes.kept,
    )
    return Dataset(
        name=name,
        classes=wanted,
        up=up or measured_up(shapes.points),
        normalisation=measured_normalisation(shapes.points[kept]),
        licence=shapes.licence,
        train=everything.take(kept & ~tested & ~held),
        validation=everything.take(kept & held),
        test=everything.take(kept & tested),
        notes=notes_of(shapes),
        broken=len(shapes.broken),
    )


def _wanted(name: str, present: tuple[str, ...], classes: Sequence[str] | None) -> tuple[str, ...]:
    """The requested ``classes``, or all ``present`` ones. Raises ValueError for repeated or unknown ones."""
    wanted = present if classes is None else tuple(classes)
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"a class is named twice: {', '.join(wanted)}")
    for unknown in sorted(set(wanted) - set(present)):
        raise ValueError(f"{name} has no class {unknown!r}; it has {', '.join(present)}")
    return wanted


def read_source(source: str | Path, tell: Tell = silent) -> tuple[str, Shapes]:
    """The name and all shapes of ``"furniture"``, an imported name, or a folder. Raises DatasetError."""
    folder = folder_of(source)
    if folder is None:
        return "furniture", read_furniture()
    return folder.resolve().name, read_folder(folder, tell)


def places(source: str | Path) -> list[Place]:
    """The place of each shape of a source; `Split.rows` index this list. Raises DatasetError."""
    folder = folder_of(source)
    if folder is None:
        return [Place(SHAPES, "points", row) for row in range(len(read_furniture()))]
    return places_in(folder)


def folder_of(source: str | Path) -> Path | None:
    """The folder of a name or path, None for the bundled dataset. Raises DatasetError for unknown names."""
    if source == "furniture":
        return None
    folder = known().get(str(source)) or Path(source).expanduser()
    if len(folder.parts) == 1 and not folder.exists():
        name = str(source)
        how = f"name a folder in its place, or give one this name: apsnet data import FOLDER --name {name}"
        if name in PUBLISHED:
            size = with_unit(str(PUBLISHED[name].megabytes), "MB")
            how = f"apsnet data import {name} downloads it ({size})"
        raise DatasetError(name, f"is not on this machine; {how}")
    return folder


def check_there(source: str | Path) -> None:
    """Raise DatasetError if the folder of a name or path does not exist; its files are not opened."""
    folder = folder_of(source)
    if folder is not None:
        check_folder(folder)


def check_data(source: str | Path) -> None:
    """Raise DatasetError as `check_there`, and if the folder has no known layout; this may take some time."""
    folder = folder_of(source)
    if folder is not None:
        layout_of(folder)


def present_classes(shapes: Shapes) -> tuple[str, ...]:
    """The classes with at least one shape, in the source's order."""
    return tuple(shapes.classes[label] for label in np.unique(shapes.labels))


def notes_of(shapes: Shapes) -> tuple[str, ...]:
    """Sentences on the differences from the source's files, first on the broken files."""
    return (*(f"left out: {path}: {why}" for path, why in shapes.broken), *shapes.notes)


def split(
    shapes: Shapes,
    validation: float | None = None,
    seed: int = 0,
    share: float | None = None,
    fold: Fold | None = None,
) -> tuple[Mask, Mask]:
    """The masks (S,) of the test part and of the validation part.

    The test part is the ``fold`` or the ``share`` of each class, if given; else the source's own part, or a
    default share of each class. The validation part is the share ``validation`` of each class, if given; else
    the source's own part, or a default share.
    """
    groups = np.arange(len(shapes)) if shapes.groups is None else shapes.groups
    test = shapes.test
    if fold is not None:
        test = folds(shapes.labels, groups, fold.count, _TEST_SEED) == fold.number - 1
    elif share is not None:
        test = hold_out(shapes.labels, groups, share, seed)
        validation = None if validation is None else min(validation / (1 - share), 0.99)
    elif test is None:
        test = hold_out(shapes.labels, groups, TEST_SHARE, _TEST_SEED)
    if validation is None and shapes.validation is not None and fold is None:
        return test, shapes.validation & ~test
    if validation is None:
        validation = 0.1 if shapes.test is not None else VALIDATION_SHARE_UNSPLIT
    held = np.zeros(len(shapes), dtype=np.bool_)
    held[~test] = hold_out(shapes.labels[~test], groups[~test], validation, seed)
    return test, held
