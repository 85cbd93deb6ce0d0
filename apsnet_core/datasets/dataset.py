"""What a dataset is: labelled shapes in memory, in three parts."""

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
"""Is told how much is done, 0..1 or None, of what. What it raises ends the reading."""


def silent(fraction: float | None, text: str) -> None:
    """A `Tell` that reports to nobody."""


class DatasetError(Exception):
    """A dataset that cannot be read: ``path`` is the file at fault, ``why`` a sentence a user can act on.

    ``more`` are the other files of the same folder that could not be read.
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

    ``groups`` (S,) int64 is equal for near-identical shapes, across the parts of one dataset; None where
    nobody has looked for them. ``rows`` (S,) int64 are the shapes' places in their source.
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
    """Shapes for training, for choosing a model, and for the final score.

    Labels index ``classes``. ``up`` is the axis that points to the ceiling, ``normalisation`` how the
    clouds are scaled as stored. ``licence`` says what may be done with the shapes, ``notes`` what is not as
    in the files, a sentence for each of the ``broken`` files first.
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
        """The same dataset with another part, or with all shapes, as the test part, and no training part."""
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
    """All shapes of a source as its reader found them, before anything is split or left out.

    ``points`` (S, N, 3) float32, ``labels`` (S,) int64 into ``classes``, ``test`` (S,) bool: the official
    test part, or None where the source has no split of its own, ``validation`` (S,) likewise. ``groups`` as
    in Split. ``broken`` are files left out and why, ``notes`` what else is not as in the files, ``kept`` (S,)
    the shapes' places in the source where some were left out.
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
    """Where one shape can be read again, as `apsnet_core.files.read` takes it."""

    path: Path
    dataset: str | None = None
    row: int | None = None


def measured_normalisation(points: Float32) -> Normalisation:
    """How clouds (S, N, 3) are scaled: the farthest point at 1 or at 0.5, the largest extent 1, or neither.

    One percent is allowed: stored halves round, and only some of a shape's points may have been kept.
    95 of 100 shapes must obey, of the thousand that are looked at.
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
    """The axis along which clouds (S, N, 3) resemble their mirror image least: floors are not ceilings.

    Most things are symmetric from left to right (x) and many from front to back, few upside down. The
    distance between a cloud and its mirror image is the 1-Wasserstein distance of the coordinates; a
    thousand shapes are enough to know.
    """
    some = points[:: 1 + len(points) // 1000, :512]
    centred = np.sort(some[..., 1:], axis=1)
    centred -= (centred[:, :1] + centred[:, -1:]) / 2
    asymmetry = np.abs(centred + centred[:, ::-1]).mean(axis=(0, 1))
    return "y" if asymmetry[0] > asymmetry[1] else "z"
