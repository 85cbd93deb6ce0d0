"""The direction that shapes face: files of one class agree on it, but different sources do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import torch

from apsnet_core.cloud import Float32, Float64
from apsnet_core.datasets.dataset import Split
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.evaluation.table.statistics import mcnemar, wilcoxon_signed_rank
from apsnet_core.ops.orientation import Up
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.registry import task

Facing = Literal["stored", "known"]
SURE = 0.001
MOST = 32
_BATCH = 64


def facing_of(classes: tuple[str, ...], shapes: Split, net: TaskNet) -> dict[str, int]:
    """The quarter turns about the vertical after which ``net`` recognises a class better than as stored.

    ``shapes`` are as the net sees them, labels index its ``classes``; its answers on all their points decide,
    not those on samples. A class is turned only if a paired exact test of at most `MOST` of its shapes gives
    a p below `SURE`; the other classes are absent. The result is empty for a net of pairs, whose shapes are
    turned anyway.
    """
    if task(net.metadata.task).pairs:
        return {}
    found = {}
    for label in np.unique(shapes.labels):
        own = shapes.take(shapes.labels == label)
        own = own.take(np.arange(min(MOST, len(own))) * len(own) // min(MOST, len(own)))
        turn = _best_turn(own, net)
        if turn:
            found[classes[label]] = turn
    return found


def faced(shapes: Split, classes: tuple[str, ...], turns: Mapping[str, int], up: Up) -> Split:
    """``shapes``, with each class turned by its number of quarter turns in ``turns``."""
    points = shapes.points.copy()
    for name, turn in turns.items():
        own = shapes.labels == classes.index(name)
        points[own] = turned(points[own], turn, up)
    return replace(shapes, points=points)


def turned(points: Float32, turn: int, up: Up) -> Float32:
    """Clouds (S, N, 3) after ``turn`` quarter turns about the up axis, anticlockwise seen from above.

    Coordinates only change places and signs, so nothing is rounded.
    """
    first, second = (0, 1) if up == "z" else (2, 0)
    result = points.copy()
    for _ in range(turn % 4):
        result[..., first], result[..., second] = -result[..., second], result[..., first].copy()
    return result


def _best_turn(shapes: Split, net: TaskNet) -> int:
    """The number of quarter turns with the best mean, if it is significantly better than none; else 0."""
    row = task(net.metadata.task)
    metric = row.of_all_points
    told = [_told(shapes, turn, net) for turn in range(4)]
    means = np.array([values.mean() for values in told])
    best = int(means.argmax() if metric.higher else means.argmin())
    if best == 0:
        return 0
    test = mcnemar if metric.right else wilcoxon_signed_rank
    return best if test(told[best], told[0]).p < SURE else 0


def _told(shapes: Split, turn: int, net: TaskNet) -> Float64:
    """The net's score (S,) on all points of each shape after ``turn`` quarter turns."""
    row = task(net.metadata.task)
    points = turned(shapes.points[:, : net.metadata.points], turn, net.metadata.up)
    clouds, labels = torch.from_numpy(np.ascontiguousarray(points)), torch.from_numpy(shapes.labels)
    values = []
    with torch.no_grad():
        for start in range(0, len(shapes), _BATCH):
            rows = slice(start, start + _BATCH)
            batch = Batch(clouds[rows], labels[rows])
            values.append(row.measure_all(row.ask(net.network, batch.to_sample), batch).double().numpy())
    return np.concatenate(values)
