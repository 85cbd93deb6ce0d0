"""The classes of datasets: labelled shapes in memory, in a training, validation and test part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from apsnet_core.cloud import Float32, Int64
from apsnet_core.datasets.parts import Part
from apsnet_core.ops.normalise import Normalisation
from apsnet_core.ops.orientation import Up
from apsnet_core.types import Mask

Tell = Callable[[float | None, str], None]
"""A progress callback with the fraction done (0..1, or None) and a text; its exceptions stop the reading."""


def silent(fraction: float | None, text: str) -> None:
    """A `Tell` that does nothing."""


class DatasetError(Exception):
    """A dataset cannot be read: ``path`` is the file at fault, ``why`` a sentence that the user can act on.

    ``more`` are errors of the other files in the same folder that could not be read.
    """

    def __init__(self, path: str | Path, why: str, more: Sequence[DatasetError] = ()) -> None:
        self.path = Path(path)
        self.why = why
        self.more = tuple(more)
        count = f"{len(more)} more broken file{'s' if len(more) > 1 else ''}"
        others = f"; {count}: apsnet data check lists all" if more else ""
        super().__init__(f"{path}: {why}{others}")


@dataclass(frozen=True, eq=False)
class Split:
    """One part of a dataset: ``points`` (S, N, 3) float32, ``labels`` (S,) int64, ``names`` of S shapes.

    ``groups`` (S,) int64 are equal for near-identical shapes in all parts of one dataset; None if these were
    not searched. ``rows`` (S,) int64 are the positions of the shapes in their source.
    """

    points: Float32
    labels: Int64
    names: tuple[str, ...]
    groups: Int64 | None = None
    rows: Int64 | None = None

    def __len__(self) -> int:
        return len(self.points)

    def take(self, which: Mask | Int64) -> Split:
        """The shapes that ``which`` selects: a mask (S,) or indices (k,)."""
        indices = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return Split(
            self.points[indices],
            self.labels[indices],
            tuple(self.names[i] for i in indices),
            None if self.groups is None else self.groups[indices],
            None if self.rows is None else self.rows[indices],
        )


@dataclass(frozen=True, eq=False)
class Dataset:
    """Shapes for training, for validation, and for the final test.

    Labels index ``classes``. ``up`` is the axis that points up, ``normalisation`` the scaling of the stored
    clouds. ``licence`` states the terms of use of the shapes. ``notes`` are sentences on differences from the
    files: first one for each of the ``broken`` files, which are left out.
    """

    name: str
    classes: tuple[str, ...]
    up: Up
    normalisation: Normalisation
    licence: str
    train: Split
    validation: Split
    test: Split
    notes: tuple[str, ...] = ()
    broken: int = 0

    def judged_on(self, part: Part | Literal["all"]) -> Dataset:
        """The dataset with another part, or all shapes, as its test part, and with the other parts empty.

        With "test" the dataset is returned unchanged.
        """
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        if part == "test":
            return self
        chosen = list(parts.values()) if part == "all" else [parts[part]]
        nothing = self.train.take(np.zeros(len(self.train), np.bool_))
        return replace(self, train=nothing, validation=nothing, test=_joined(chosen))


def _joined(splits: Sequence[Split]) -> Split:
    groups = [split.groups for split in splits if split.groups is not None]
    rows = [split.rows for split in splits if split.rows is not None]
    return Split(
        np.concatenate([split.points for split in splits]),
        np.concatenate([split.labels for split in splits]),
        tuple(name for split in splits for name in split.names),
        np.concatenate(groups) if len(groups) == len(splits) else None,
        np.concatenate(rows) if len(rows) == len(splits) else None,
    )


@dataclass(frozen=True, eq=False)
class Shapes:
    """All shapes of a source as its reader returns them, before they are split or filtered.

    ``points`` (S, N, 3) float32, ``labels`` (S,) int64 into ``classes``. ``test`` and ``validation`` (S,)
    bool are the official parts, or None if the source has none. ``groups`` are as in `Split`. ``broken`` are
    the files left out, with the reasons, and ``notes`` other differences from the files. ``kept`` (S,) are
    the positions of the shapes in the source, or None if all were kept.
    """

    points: Float32
    labels: Int64
    names: tuple[str, ...]
    classes: tuple[str, ...]
    test: Mask | None
    licence: str = "not stated by the source"
    groups: Int64 | None = None
    validation: Mask | None = None
    broken: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    kept: Int64 | None = None

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class Place:
    """The place of one shape, as arguments of `apsnet_core.files.read`."""

    path: Path
    dataset: str | None = None
    row: int | None = None


def measured_normalisation(points: Float32) -> Normalisation:
    """The scaling of clouds (S, N, 3): the farthest point at 1 or at 0.5, the largest extent 1, or neither.

    A deviation of 1 % is allowed, because half floats are rounded and some points of a shape may be missing.
    It must hold for 95 % of the shapes; about a thousand of them are tested.
    """
    some = points[:: 1 + len(points) // 1000]
    radius = np.linalg.norm(some, axis=2).max(axis=1)
    extent = np.ptp(some, axis=1).max(axis=1)
    if np.mean(np.abs(radius - 1) < 0.01) > 0.95:
        return "unit_sphere"
    if np.mean(np.abs(radius - 0.5) < 0.01) > 0.95:
        return "half_sphere"
    if np.mean(np.abs(extent - 1) < 0.01) > 0.95:
        return "unit_cube"
    return "none"


def measured_up(points: Float32) -> Up:
    """The up axis, y or z, of clouds (S, N, 3): the one along which they are least mirror-symmetric.

    Most objects are symmetric from left to right (x) and many from front to back, but few from top to
    bottom. The distance between a cloud and its mirror image is the 1-Wasserstein distance of the
    coordinates; about a thousand shapes are tested.
    """
    some = points[:: 1 + len(points) // 1000, :512]
    centred = np.sort(some[..., 1:], axis=1)
    centred -= (centred[:, :1] + centred[:, -1:]) / 2
    asymmetry = np.abs(centred + centred[:, ::-1]).mean(axis=(0, 1))
    return "y" if asymmetry[0] > asymmetry[1] else "z"
