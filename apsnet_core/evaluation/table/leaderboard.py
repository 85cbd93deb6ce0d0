"""Results that two people can merge: what was measured, with which weights, on which data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.table import Table
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.types import Values

FORMAT = 1
# These fields say what was measured; the others are the measurement.
_KEY = ("task", "metric", "data_hash", "task_net_hash", "method", "variant", "weights_hash", "m", "seeds")
_FIGURES = ("value", "low", "high")


def leaderboard(table: Table) -> Values:
    """The rows of ``table``, best first, with hashes of the weights, the task net and the shapes."""
    data = data_hash(table.held_out)
    entries = [
        {
            "task": table.task,
            "metric": table.metric,
            "data": table.held_out.name,
            "data_hash": data,
            "shapes": len(table.held_out),
            "points": table.held_out.points,
            "task_net": table.net,
            "task_net_hash": table.net_hash,
            "method": row.method,
            "variant": row.variant,
            "weights": row.weights,
            "weights_hash": row.weights_hash,
            "m": row.m,
            "seeds": row.seeds,
            **{name: getattr(row, name) for name in _FIGURES},
        }
        for row in table.rows
    ]
    return {"format": FORMAT, "entries": _in_order(entries)}


def merged(boards: Iterable[Values]) -> Values:
    """All entries of ``boards``, each once; ValueError where two say different things of the same."""
    found: dict[str, Values] = {}
    for board in boards:
        if board.get("format") != FORMAT or not isinstance(board.get("entries"), list):
            raise ValueError(f"this is no leaderboard of format {FORMAT}")
        for entry in board["entries"]:
            if absent := [name for name in (*_KEY, *_FIGURES) if name not in entry]:
                raise ValueError(f"an entry of the leaderboard has no {absent[0]}")
            key = json.dumps([entry[name] for name in _KEY])
            known = found.setdefault(key, entry)
            if any(abs(known[name] - entry[name]) > 1e-6 for name in _FIGURES):
                raise ValueError(
                    f"two leaderboards disagree on {entry['method']} at {entry['m']} points: "
                    f"{known['value']:g} and {entry['value']:g}"
                )
    return {"format": FORMAT, "entries": _in_order(list(found.values()))}


def data_hash(held_out: HeldOut) -> str:
    """SHA-256 of the shapes and labels as the task net sees them, in their order."""
    digest = hashlib.sha256()
    for batch in held_out.batches:
        for tensor in batch:
            digest.update(b"" if tensor is None else tensor.numpy().tobytes())
    return digest.hexdigest()


def _in_order(entries: list[Values]) -> list[Values]:
    """By task, data and size; the best figure first."""

    def place(entry: Values) -> tuple[Any, ...]:
        sign = -1 if metric_named(entry["metric"]).higher else 1
        name = [str(entry[key]) for key in ("method", "variant", "weights_hash")]
        return entry["task"], entry["data_hash"], entry["m"], sign * entry["value"], name

    return sorted(entries, key=place)
