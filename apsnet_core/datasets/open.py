"""From the name or folder of a dataset to its three parts in memory."""

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
"""Where a source has no test part of its own: 85/5/10, as reconstruction on ShapeNet is published."""

VALIDATION_SHARE_UNSPLIT = 0.05 / 0.9

Mask = np.typing.NDArray[np.bool_]

_TEST_SEED = 0  # fixed: a shape that one run trains on must not be a test shape of another


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

    ``points`` keeps the first so many of each cloud: they are a uniform subset where, as in the published
    files, the order is random. ``classes`` keeps these, in this order. ``validation`` is the share of each
    training class that is held out: 0.1, or 0.05 of all shapes where the source has no test part; that is
    then 10 % of each class. ``test`` is the share of each class that is tested on, whatever the source says;
    ``fold`` takes for it that part of a cross-validation over all shapes instead.
    Near-identical shapes stay on one side of what is split here. ``up`` overrules
    the measured axis. Raises DatasetError with the file at fault, ValueError for an unknown class or too
    many points.
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
    """The ``classes`` asked for, or all that are ``present``; ValueError for a repeated or unknown one."""
    wanted = present if classes is None else tuple(classes)
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"a class is named twice: {', '.join(wanted)}")
    for unknown in sorted(set(wanted) - set(present)):
        raise ValueError(f"{name} has no class {unknown!r}; it has {', '.join(present)}")
    return wanted


def read_source(source: str | Path, tell: Tell = silent) -> tuple[str, Shapes]:
    """The name and all shapes of ``"furniture"``, an imported name, or a folder; DatasetError."""
    folder = folder_of(source)
    if folder is None:
        return "furniture", read_furniture()
    return folder.resolve().name, read_folder(folder, tell)


def places(source: str | Path) -> list[Place]:
    """Where each shape of a source lies: `Split.rows` index them; DatasetError."""
    folder = folder_of(source)
    if folder is None:
        return [Place(SHAPES, "points", row) for row in range(len(read_furniture()))]
    return places_in(folder)


def folder_of(source: str | Path) -> Path | None:
    """The folder that a name or path means; None for what is bundled. DatasetError for an unknown name."""
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
    """DatasetError where the folder that a name or path means is not on this machine; opens no file of it."""
    folder = folder_of(source)
    if folder is not None:
        check_folder(folder)


def check_data(source: str | Path) -> None:
    """As `check_there`, and where the folder holds no dataset: it is looked through, which may last."""
    folder = folder_of(source)
    if folder is not None:
        layout_of(folder)


def present_classes(shapes: Shapes) -> tuple[str, ...]:
    """The classes that at least one shape has, in the source's order."""
    return tuple(shapes.classes[label] for label in np.unique(shapes.labels))


def notes_of(shapes: Shapes) -> tuple[str, ...]:
    """What differs from the source's files, in sentences."""
    return (*(f"left out: {path}: {why}" for path, why in shapes.broken), *shapes.notes)


def split(
    shapes: Shapes,
    validation: float | None = None,
    seed: int = 0,
    share: float | None = None,
    fold: Fold | None = None,
) -> tuple[Mask, Mask]:
    """Masks (S,) of the test part, the source's own or the one made here, and of the validation part.

    ``share`` of each class is tested on, or the ``fold``, and ``validation`` of each then held out of
    training, where these are given; the source's own parts count otherwise.
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
