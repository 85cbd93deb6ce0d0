"""Runs that were measured before, here or by others: read from a leaderboard, joined, and found again."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.seed_runs import (
    SeedRun,
    differing,
    in_order,
    joint_hash,
    sure,
    values_of,
)
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.types import Mask, Values

ROUNDING = 1e-4
"""How far apart two measurements of one number may be, relative to it: what 32 bits leave after a network."""


def with_further(
    entries: Iterable[Values], runs: list[SeedRun], row: tuple[str, str | None, int], name: str
) -> list[SeedRun]:
    """``runs`` and the other seeds of their training, where one of ``entries`` has these beside one of them.

    ``row`` is the method, variant and size, ``name`` what it is called where something is wrong with it.
    """
    own = {run.weights_hash for run in runs} - {None}
    for entry in entries:
        if (entry["method"], entry["variant"], entry["m"]) != row:
            continue
        found = runs_in(entry)
        if own & {run.weights_hash for run in found}:
            return joined_runs([*runs, *found], name)
    return runs


def entries_for(board: Values, held_out: HeldOut, net_hash: str) -> list[Values]:
    """The entries of ``board`` that are of these shapes and this task net."""
    wanted = data_hash(held_out), net_hash
    return [each for each in board["entries"] if (each["data_hash"], each["task_net_hash"]) == wanted]


def runs_in(entry: Values) -> list[SeedRun]:
    """The single runs of an entry; none where it is of a file that has none."""
    return [
        SeedRun(run["seed"], run["weights"], run["weights_hash"], run["trained"], _numbers(run["values"]))
        for run in entry.get("runs", ())
    ]


def measurement(metric: str, runs: Sequence[SeedRun]) -> Values:
    """The measurement: figures of all runs together, and each run by itself."""
    value, interval = sure(metric_named(metric), values_of(runs))
    return {
        "weights": ", ".join(run.weights for run in runs if run.weights) or None,
        "weights_hash": joint_hash(runs),
        "seeds": len(runs),
        "value": value,
        "low": interval.low,
        "high": interval.high,
        "runs": [
            {
                "seed": run.seed,
                "weights": run.weights,
                "weights_hash": run.weights_hash,
                "trained": run.trained,
                "values": text_of(run.values),
            }
            for run in runs
        ],
    }


def close(ours: float | None, theirs: float | None, rounding: float) -> bool:
    """Whether two figures are one but for ``rounding``, relative to them; None is an open end."""
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=rounding, abs_tol=1e-6)


def _same(ours: Float64, theirs: Float64) -> bool:
    """Whether both are of the same weights: other sums, other rounding.

    A shape in a hundred may fall to the other side of a decision on another processor.
    """
    if ours.shape != theirs.shape:
        return False
    apart = ~np.isclose(ours, theirs, rtol=ROUNDING, atol=1e-6)
    return int(apart.sum()) <= len(ours) // 100


def joined_runs(runs: Sequence[SeedRun], name: str) -> list[SeedRun]:
    """Each run once, by seed; ``ValueError`` for those of ``name`` that are no seeds of one training."""
    found: dict[str | int | None, SeedRun] = {}
    for run in runs:
        known = found.setdefault(run.same, run)
        if not _same(known.values, run.values):
            means = f"{known.values.mean():g} and {run.values.mean():g}"
            raise ValueError(f"two leaderboards disagree on {name}: {means}")
    several = in_order(found.values())
    if how := differing([run.trained for run in several if run.trained is not None]):
        raise ValueError(f"{name} was trained in two ways, {how}: seeds of one row differ in nothing else")
    seeds = [run.seed for run in several]
    if twice := [seed for seed in seeds if seed is not None and seeds.count(seed) > 1]:
        raise ValueError(f"{name} has two different trainings of seed {twice[0]}: leave one of them out")
    return several


def data_hash(held_out: HeldOut) -> str:
    """SHA-256 of the shapes and labels as the task net sees them, in their order."""
    digest = hashlib.sha256()
    for batch in held_out.batches:
        for tensor in batch:
            digest.update(b"" if tensor is None else tensor.numpy().tobytes())
    return digest.hexdigest()


def text_of(values: Float64 | Mask) -> str:
    """Numbers in a line: JSON in lines would take one for each."""
    return " ".join(str(int(value)) if value == int(value) else repr(float(value)) for value in values)


def _numbers(text: str) -> Float64:
    return np.array([float(part) for part in text.split()])
