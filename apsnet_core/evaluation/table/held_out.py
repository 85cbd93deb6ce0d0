"""The test part of a dataset as a task net sees it: upright, scaled, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.datasets import open_dataset, twins
from apsnet_core.datasets.dataset import Dataset, Split
from apsnet_core.datasets.pairs import PairMode, registration_pairs
from apsnet_core.datasets.parts import Part
from apsnet_core.datasets.split import Fold
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.evaluation.table.facing import Facing, faced, facing_of
from apsnet_core.networks.view import view_of
from apsnet_core.ops.orientation import Up
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.registry import task
from apsnet_core.types import Mask

BATCH = 64
PAIR_SEED = 2
"""The test pairs of registration are the same for every method and machine."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """S test shapes in ``batches`` of `BATCH`, in the order of ``names``; ``labels`` (S,) index ``classes``.

    If the net knows classes, ``classes`` are its own. ``has_twin`` (S,) bool marks shapes with a
    near-identical shape in the training or validation part. ``left_out`` are classes of the dataset that the
    net does not know. ``rows`` (S,) int64 are the shapes' rows in their source. For pairs, the batches hold
    each shape ``turns`` times in succession, and its value is the mean over its turns. ``facing`` are the
    classes that were turned about the vertical, each with its quarter turns, and ``part`` is the part of the
    dataset. ``pairs`` says whether both clouds of a pair have the same points.
    """

    name: str
    classes: tuple[str, ...]
    names: tuple[str, ...]
    labels: Int64
    has_twin: Mask
    batches: list[Batch]
    left_out: tuple[str, ...] = ()
    rows: Int64 | None = None
    turns: int = 1
    facing: Mapping[str, int] = field(default_factory=dict)
    part: Part | Literal["all"] = "test"
    pairs: PairMode = "exact"

    def __len__(self) -> int:
        return len(self.names)

    @property
    def points(self) -> int:
        """The number of points of each cloud."""
        return self.batches[0].clouds.shape[1]

    def cloud(self, shape: int) -> Float32:
        """The points (N, 3) of the shape with this number; for a pair, of its template."""
        at = shape * self.turns
        cloud: Float32 = self.batches[at // BATCH].clouds[at % BATCH].numpy()
        return cloud


def open_held_out(
    source: str | Path,
    net: TaskNet,
    *,
    classes: Sequence[str] | None = None,
    up: Up | None = None,
    pairs: PairMode = "exact",
    turns: int = 1,
    most: int | None = None,
    part: Part | Literal["all"] = "test",
    facing: Facing = "stored",
    fold: Fold | None = None,
) -> HeldOut:
    """The test shapes of ``source`` (or another ``part``, or all) for ``net``; only ``classes`` if given.

    ``fold`` makes the parts by a cross-validation. ``facing`` "known" turns each class to the direction that
    the net recognises best in the training part, see `facing_of`. ``pairs``, ``turns`` and ``most`` are as in
    `held_out_of`. ValueError if no test shape is left, or a class is unknown; DatasetError for faulty files.
    """
    data = open_dataset(source, classes=classes, up=up, fold=fold)
    known = known_facing(data, net) if facing == "known" else {}
    judged = data.judged_on(part)
    held_out = held_out_of(judged, net, pairs=pairs, turns=turns, most=most, facing=known)
    return replace(held_out, part=part)


def known_facing(data: Dataset, net: TaskNet) -> dict[str, int]:
    """The quarter turns after which ``net`` recognises classes of ``data`` better, by its training part."""
    known, _ = _classes(data, net)
    if not any(data.classes[label] in known for label in np.unique(data.train.labels)):
        return {}
    return facing_of(known, _seen(data.train, data, net), net)


def held_out_of(
    data: Dataset, net: TaskNet, *, pairs: PairMode = "exact", turns: int = 1, most: int | None = None,
    facing: Mapping[str, int] | None = None,
) -> HeldOut:  # fmt: skip
    """The test shapes of ``data`` for ``net``: all, or ``most`` of them, evenly spread.

    A net of pairs sees each shape in ``turns`` fixed rotations. ``facing`` are quarter turns about the
    vertical by class. ValueError if no shape is left, or if several turns or resampled pairs are requested
    for a net of single clouds.
    """
    if turns > 1 and not task(net.metadata.task).pairs:
        raise ValueError(f"{net.metadata.task} takes single clouds: only pairs can be turned")
    if not len(data.test):
        raise ValueError(f"{data.name} has no shape in that part: choose another part, or all")
    if pairs != "exact" and not task(net.metadata.task).pairs:
        raise ValueError(f"{net.metadata.task} takes single clouds: only pairs can be {pairs}")
    known, left_out = _classes(data, net)
    shared = np.array([name in known for name in data.classes])
    seen = data.test.take(shared[data.test.labels])
    if not len(seen):
        raise ValueError(
            f"{data.name} has no test shape of a class that {net.name} knows; it knows {', '.join(known)}"
        )
    if most is not None and most < len(seen):
        seen = seen.take(np.arange(most) * len(seen) // most)
    has_twin = twins(seen, data.train) | twins(seen, data.validation)
    turned = {name: turn for name, turn in (facing or {}).items() if turn}
    seen = faced(_seen(seen, data, net), known, turned, net.metadata.up)
    batches = batches_of(seen, net, pairs, turns)
    return HeldOut(
        data.name, known, seen.names, seen.labels, has_twin, batches, left_out, seen.rows, turns, turned,
        pairs=pairs,
    )  # fmt: skip


def _classes(data: Dataset, net: TaskNet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes of the task, and the classes of ``data`` that are not among them."""
    known = tuple(net.metadata.classes) if task(net.metadata.task).knows_classes else data.classes
    return known, tuple(name for name in data.classes if name not in known)


def _seen(part: Split, data: Dataset, net: TaskNet) -> Split:
    """The shapes of a part whose class ``net`` knows, as in its training; labels index its classes."""
    known, _ = _classes(data, net)
    numbers = np.array([known.index(name) if name in known else -1 for name in data.classes])
    labels = numbers[part.labels]
    own = part.take(labels >= 0)
    return replace(own, points=as_trained(own.points, data, net), labels=labels[labels >= 0])


def as_trained(points: Float32, data: Dataset, net: TaskNet) -> Float32:
    """Clouds (S, N, 3) of ``data`` with the up axis and the scale that ``net`` was trained with."""
    wanted = net.metadata
    if (data.up, data.normalisation) == (wanted.up, wanted.normalisation):
        return points
    views = (view_of(PointCloud(xyz), wanted.normalisation, data.up, wanted.up).apply(xyz) for xyz in points)
    return np.stack(list(views)).astype(np.float32)


def batches_of(shapes: Split, net: TaskNet, pairs: PairMode = "exact", turns: int = 1) -> list[Batch]:
    """Batches of shapes, which are `as_trained`, for the task of ``net``; pairs in ``turns`` rotations."""
    points = min(net.metadata.points, shapes.points.shape[1])
    if task(net.metadata.task).pairs:
        return _pairs(shapes, points, pairs, turns)
    return _clouds(shapes, points)


def _clouds(test: Split, points: int) -> list[Batch]:
    clouds = torch.from_numpy(np.ascontiguousarray(test.points[:, :points]))
    labels = torch.from_numpy(test.labels)
    return [Batch(clouds[rows], labels[rows]) for rows in _batches(len(test))]


def _pairs(test: Split, points: int, mode: PairMode, turns: int) -> list[Batch]:
    pairs = registration_pairs(test, turns, seed=PAIR_SEED, mode=mode, points=points)
    labels = torch.from_numpy(test.labels)[pairs.shape]
    batches = []
    for rows in _batches(len(pairs)):
        template, source, rotation = pairs.batch(torch.arange(rows.start, rows.stop))
        # The source is the rotated template, so the true rotation is the inverse, which is the transpose.
        batches.append(Batch(template, labels[rows], source, rotation.transpose(1, 2)))
    return batches


def _batches(count: int) -> list[slice]:
    return [slice(start, min(start + BATCH, count)) for start in range(0, count, BATCH)]
