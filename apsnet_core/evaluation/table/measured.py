"""Runs that were measured before, here or by others: read from a leaderboard, matched and joined."""

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
"""The largest relative difference between two measurements of one number by a network with 32-bit floats."""


def with_further(
    entries: Iterable[Values], runs: list[SeedRun], row: tuple[str, str | None, int], name: str
) -> list[SeedRun]:
    """``runs``, joined with the other seeds of their training from an entry that contains one of ``runs``.

    ``row`` is the method, variant and size of the entry; ``name`` names the row in error texts.
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
    """The entries of ``board`` for these shapes and this task net."""
    wanted = data_hash(held_out), net_hash
    return [each for each in board["entries"] if (each["data_hash"], each["task_net_hash"]) == wanted]


def runs_in(entry: Values) -> list[SeedRun]:
    """The single runs of an entry; empty for a file of format 1, which has none."""
    return [
        SeedRun(run["seed"], run["weights"], run["weights_hash"], run["trained"], _numbers(run["values"]))
        for run in entry.get("runs", ())
    ]


def measurement(metric: str, runs: Sequence[SeedRun]) -> Values:
    """The measurement as plain values: the figures of all runs together, and each single run."""
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
    """Whether two figures are equal within the relative ``rounding``; None is an open end."""
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=rounding, abs_tol=1e-6)


def _same(ours: Float64, theirs: Float64) -> bool:
    """Whether two runs agree, apart from rounding.

    On another processor, one shape in a hundred may be on the other side of a decision.
    """
    if ours.shape != theirs.shape:
        return False
    apart = ~np.isclose(ours, theirs, rtol=ROUNDING, atol=1e-6)
    return int(apart.sum()) <= len(ours) // 100


def joined_runs(runs: Sequence[SeedRun], name: str) -> list[SeedRun]:
    """Each run once, by seed; ``ValueError`` if the runs of ``name`` are not seeds of one training."""
    found: dict[str | int | None, SeedRun] = {}
    for run in runs:
        known = found.setdefault(run.same, run)
        if not _same(known.values, run.values):
            means = f"{known.values.mean():g} and {run.values.mean():g}"
            raise ValueError(f"two leaderboards disagree on {name}: {means}")
    several = in_order(found.values())
    if how := differing([run.trained for run in several if run.trained is not None]):
        raise ValueError(f"{name} was trained in two ways, {how}: runs of one row may differ only in seed")
    seeds = [run.seed for run in several]
    if twice := [seed for seed in seeds if seed is not None and seeds.count(seed) > 1]:
        raise ValueError(f"{name} has two different trainings of seed {twice[0]}: leave one of them out")
    return several


def data_hash(held_out: HeldOut) -> str:
    """The SHA-256 of the shapes and labels as the task net sees them, in their order."""
    digest = hashlib.sha256()
    for batch in held_out.batches:
        for tensor in batch:
            digest.update(b"" if tensor is None else tensor.numpy().tobytes())
    return digest.hexdigest()


def text_of(values: Float64 | Mask) -> str:
    """Numbers as one text, since indented JSON would use a line for each number."""
    return " ".join(str(int(value)) if value == int(value) else repr(float(value)) for value in values)


def _numbers(text: str) -> Float64:
    return np.array([float(part) for part in text.split()])
