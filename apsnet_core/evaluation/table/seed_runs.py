"""Single runs of a row: which weights or seed each is of, and what it got on every shape."""

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

# What a training says of itself that is not how it was trained.
_ASIDE = ("recipe", "seed", "best_epoch", "steps", "device", *(_OPTIONAL := ("settings", "data_hash")))


@dataclass(frozen=True, eq=False)
class SeedRun:
    """A training, or a ``seed`` of a method without weights, and its ``values`` (S,) on the shapes.

    ``seed`` is None for weights that do not say it. ``weights_hash`` is of the tensors, ``trained`` how they
    were made, apart from the seed.
    """

    seed: int | None
    weights: str | None
    weights_hash: str | None
    trained: Values | None
    values: Float64

    @property
    def same(self) -> str | int | None:
        """What makes it the run that it is."""
        return self.weights_hash or self.seed


def run_of(entry: Entry, values: Float64) -> SeedRun:
    """That of the weights ``entry``."""
    from apsnet_core.methods.learned import open_network  # who names methods does not wait for torch

    digest = network_digest(open_network(entry.path)[0]).hex()
    return SeedRun(seed_of(entry.metadata), entry.name, digest, trained_by(entry.metadata), values)


def seed_of(metadata: Metadata) -> int | None:
    """The seed of a training, None where it does not say."""
    seed = metadata.training.get("seed")
    return seed if isinstance(seed, int) else None


def trained_by(metadata: Metadata) -> Values:
    """How weights were trained, apart from the seed: what seeds of one row have in common."""
    told = {key: value for key, value in metadata.training.items() if key not in _ASIDE}
    asked = {key: metadata.training[key] for key in _OPTIONAL if key in metadata.training}
    return {"sizes": metadata.sizes, "points": metadata.points} | told | asked


def differing(ways: Iterable[Values]) -> str:
    """The first setting in which trainings differ, with its values; empty where they are of one recipe.

    Older weights have no hash of all their settings: that counts where both have one.
    """
    several = list(ways)
    for key in dict.fromkeys(key for way in several for key in way):
        told = [way.get(key) for way in several if key in way or key not in _OPTIONAL]
        if other := [value for value in told if value != told[0]]:
            return f"{key.replace('_', ' ')} {told[0]} and {other[0]}"
    return ""


def in_order(runs: Iterable[SeedRun]) -> list[SeedRun]:
    """By seed: however they come together, they are summed alike."""
    return sorted(runs, key=lambda run: (run.seed or 0, run.weights or ""))


def values_of(runs: Sequence[SeedRun]) -> Float64:
    """(seeds, S)."""
    return np.stack([run.values for run in runs])


def joint_hash(runs: Sequence[SeedRun]) -> str | None:
    """The hash of the weights; of several, that of their hashes in whatever order they come."""
    digests = sorted(bytes.fromhex(run.weights_hash) for run in runs if run.weights_hash)
    if len(digests) < 2:
        return digests[0].hex() if digests else None
    return hashlib.sha256(b"".join(digests)).hexdigest()


def sure(metric: Metric, values: Float64) -> tuple[float, Interval]:
    """The mean of ``values`` (seeds, S) and its interval: seeds share their shapes, only these count."""
    shapes: Float64 = values.mean(axis=0)
    value = float(shapes.mean())
    return value, wilson_interval(value, len(shapes)) if metric.right else mean_interval(shapes)
