"""Single runs of a row: the weights or seed of each, and its value for every shape."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.statistics import Interval, mean_interval, wilson_interval
from apsnet_core.networks.digest import network_digest
from apsnet_core.tasks.metric import Metric
from apsnet_core.types import Values
from apsnet_core.weights import Entry, Metadata

# Fields of a training's metadata that do not describe how it was trained.
_ASIDE = ("recipe", "seed", "best_epoch", "steps", "device", *(_OPTIONAL := ("settings", "data_hash")))


@dataclass(frozen=True, eq=False)
class SeedRun:
    """A training, or a ``seed`` of a method without weights, and its ``values`` (S,) on the shapes.

    ``seed`` is None for weights that do not record it. ``weights_hash`` is the hash of the tensors,
    ``trained`` are the settings of the training except the seed.
    """

    seed: int | None
    weights: str | None
    weights_hash: str | None
    trained: Values | None
    values: Float64

    @property
    def same(self) -> str | int | None:
        """The identity of the run: the hash of its weights, or its seed."""
        return self.weights_hash or self.seed


def run_of(entry: Entry, values: Float64) -> SeedRun:
    """The run of the weights ``entry``."""
    from apsnet_core.methods.learned import open_network  # imported here: listing methods needs no torch

    digest = network_digest(open_network(entry.path)[0]).hex()
    return SeedRun(seed_of(entry.metadata), entry.name, digest, trained_by(entry.metadata), values)


def seed_of(metadata: Metadata) -> int | None:
    """The seed of a training, None if it is not recorded."""
    seed = metadata.training.get("seed")
    return seed if isinstance(seed, int) else None


def trained_by(metadata: Metadata) -> Values:
    """The settings of a training except the seed, which the seeds of one row have in common."""
    told = {key: value for key, value in metadata.training.items() if key not in _ASIDE}
    asked = {key: metadata.training[key] for key in _OPTIONAL if key in metadata.training}
    return {"sizes": metadata.sizes, "points": metadata.points} | told | asked


def differing(ways: Iterable[Values]) -> str:
    """The first setting in which trainings differ, with its values; empty if they have the same settings.

    Older weights have no hash of all their settings, so it is compared only between weights that have it.
    """
    several = list(ways)
    for key in dict.fromkeys(key for way in several for key in way):
        told = [way.get(key) for way in several if key in way or key not in _OPTIONAL]
        if other := [value for value in told if value != told[0]]:
            return f"{key.replace('_', ' ')} {told[0]} and {other[0]}"
    return ""


def in_order(runs: Iterable[SeedRun]) -> list[SeedRun]:
    """The runs sorted by seed, so that their sum does not depend on the order in which they were joined."""
    return sorted(runs, key=lambda run: (run.seed or 0, run.weights or ""))


def values_of(runs: Sequence[SeedRun]) -> Float64:
    """The values of all runs, (seeds, S)."""
    return np.stack([run.values for run in runs])


def joint_hash(runs: Sequence[SeedRun]) -> str | None:
    """The hash of the weights; for several weights, a hash of their hashes in sorted order."""
    digests = sorted(bytes.fromhex(run.weights_hash) for run in runs if run.weights_hash)
    if len(digests) < 2:
        return digests[0].hex() if digests else None
    return hashlib.sha256(b"".join(digests)).hexdigest()


def sure(metric: Metric, values: Float64) -> tuple[float, Interval]:
    """The mean of ``values`` (seeds, S), and its interval over the shapes, which all seeds share."""
    shapes: Float64 = values.mean(axis=0)
    value = float(shapes.mean())
    return value, wilson_interval(value, len(shapes)) if metric.right else mean_interval(shapes)
