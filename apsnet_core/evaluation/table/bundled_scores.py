"""Scores on furniture that ships with the program: no measure of quality, but the same on every machine.

The shipped weights were not trained on this furniture. The scores show whether the weights still give the
results that they gave when they were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from apsnet_core.datasets import open_dataset
from apsnet_core.datasets.dataset import Dataset, Split
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.evaluation.table.held_out import HeldOut, as_trained, batches_of
from apsnet_core.evaluation.table.scoring import Source, score
from apsnet_core.methods.method import Variant
from apsnet_core.tasks.registry import task
from apsnet_core.weights import Entry

VARIANTS: tuple[Variant, ...] = ("g", "m")


def bundled_split(net: TaskNet) -> HeldOut:
    """The first shapes of a few classes of the bundled furniture, as ``net`` sees them."""
    data = _furniture()
    row = task(net.metadata.task)
    wanted = row.bundled
    known = tuple(net.metadata.classes) if row.knows_classes else tuple(wanted)
    parts = []
    for name, count in wanted.items():
        part = data.train.take(data.train.labels == data.classes.index(name)).take(np.arange(count))
        parts.append(replace(part, labels=np.full(count, known.index(name))))
    shapes = Split(
        as_trained(np.concatenate([part.points for part in parts]), data, net),
        np.concatenate([part.labels for part in parts]),
        tuple(name for part in parts for name in part.names),
    )
    never = np.zeros(len(shapes), dtype=np.bool_)
    return HeldOut("furniture", known, shapes.names, shapes.labels, never, batches_of(shapes, net))


def bundled_scores(net: TaskNet, entries: Sequence[Entry]) -> dict[str, dict[str, float]]:
    """The mean metric by name: of ``net``, and of the samplers ``entries`` at every size, as G and as M."""
    held_out, row = bundled_split(net), task(net.metadata.task)
    sources = {
        entry.name: Source(
            sampler, entry.path, 0, tuple((v, m) for m in entry.metadata.sizes for v in VARIANTS)
        )
        for entry in entries
        if (sampler := entry.metadata.method) is not None
    }
    found = score(held_out, net, list(sources.values()))
    scores = {net.name: {f"bundled {row.of_all_points.name}": float(found.full.mean())}}
    for name, source in sources.items():
        scores[name] = {
            f"bundled {row.metric.name}@{m}:{variant}": float(found.samples[source, (variant, m)].mean())
            for variant, m in source.wants
        }
    return scores


@cache
def _furniture() -> Dataset:
    return open_dataset("furniture")
