"""From the name or folder of a dataset to its three parts in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from apsnet_core.datasets.dataset import (
    Dataset,
    DatasetError,
    Shapes,
    Split,
    Up,
    measured_normalisation,
    measured_up,
)
from apsnet_core.datasets.modelnet import is_modelnet_hdf5, read_modelnet_hdf5
from apsnet_core.datasets.near_identical import twin_groups
from apsnet_core.datasets.split import hold_out


def open_dataset(
    source: str | Path,
    *,
    points: int | None = None,
    classes: Sequence[str] | None = None,
    validation: float = 0.1,
    seed: int = 0,
    up: Up | None = None,
) -> Dataset:
    """Open ``"furniture"``, an imported name, or a folder in any of the known layouts.

    ``points`` keeps the first so many of each cloud: they are a uniform subset where, as in the published
    files, the order is random. ``classes`` keeps these, in this order. ``validation`` is the share of each
    training class that is held out, near-identical shapes on one side. ``up`` overrules the measured axis.
    Raises DatasetError with the file at fault, ValueError for an unknown class or too many points.
    """
    folder = Path(source).expanduser()
    shapes = _read(folder)
    groups = twin_groups(shapes.points, shapes.labels)
    return _split(folder.name, shapes, groups, points, classes, validation, seed, up)


def _read(folder: Path) -> Shapes:
    if is_modelnet_hdf5(folder):
        return read_modelnet_hdf5(folder)
    raise DatasetError(folder, "is no dataset this program knows")


def _split(
    name: str,
    shapes: Shapes,
    groups: np.typing.NDArray[np.int64],
    points: int | None,
    classes: Sequence[str] | None,
    validation: float,
    seed: int,
    up: Up | None,
) -> Dataset:
    available = shapes.points.shape[1]
    if points is not None and not 1 <= points <= available:
        raise ValueError(f"{name} has {available} points per shape; {points} were asked for")
    present = tuple(c for k, c in enumerate(shapes.classes) if np.any(shapes.labels == k))
    wanted = present if classes is None else tuple(classes)
    for unknown in sorted(set(wanted) - set(present)):
        raise ValueError(f"{name} has no class {unknown!r}; it has {', '.join(present)}")

    renumbered = np.full(len(shapes.classes), -1, dtype=np.int64)
    renumbered[[shapes.classes.index(c) for c in wanted]] = np.arange(len(wanted))
    labels = renumbered[shapes.labels]
    assert shapes.test is not None
    training = (labels >= 0) & ~shapes.test
    held = np.zeros(len(shapes), dtype=np.bool_)
    held[training] = hold_out(labels[training], groups[training], validation, seed)
    everything = Split(np.ascontiguousarray(shapes.points[:, :points]), labels, shapes.names, groups)
    return Dataset(
        name=name,
        classes=wanted,
        up=up or measured_up(everything.points),
        normalisation=measured_normalisation(shapes.points),
        licence=shapes.licence,
        train=everything.take(training & ~held),
        validation=everything.take(held),
        test=everything.take((labels >= 0) & shapes.test),
    )
