"""Results that two people can merge: what was measured, with which weights, on which data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.table import Table
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.types import Values

FORMAT = 1
FILE = "leaderboard.json"
# These fields say what was measured; the others are the measurement.
_KEY = ("task", "metric", "data_hash", "task_net_hash", "method", "variant", "weights_hash", "m", "seeds")
_FIGURES = ("value", "low", "high")
# What a list of them shows besides.
_SHOWN = ("data", "points", "weights")


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
        for entry in _checked(board):
            key = json.dumps([entry[name] for name in _KEY])
            known = found.setdefault(key, entry)
            if any(_differ(known[name], entry[name]) for name in _FIGURES):
                raise ValueError(
                    f"two leaderboards disagree on {entry['method']} at {entry['m']} points: "
                    f"{known['value']:g} and {entry['value']:g}"
                )
    return {"format": FORMAT, "entries": _in_order(list(found.values()))}


def read_leaderboard(path: Path) -> Values:
    """A leaderboard from its file; ValueError says what is wrong with it."""
    try:
        board = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(board, dict):
            raise ValueError("it holds no object")
        _checked(board)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: is not what apsnet evaluate writes as {FILE}: {error}") from error
    return board


def _checked(board: Values) -> list[Values]:
    """The entries, each with all that it must have; ValueError."""
    entries = board.get("entries")
    if board.get("format") != FORMAT or not isinstance(entries, list):
        raise ValueError(f"this is no leaderboard of format {FORMAT}")
    for entry in entries:
        if not isinstance(entry, dict):
            raise ValueError(f"an entry of the leaderboard is {entry!r}")
        if absent := [name for name in (*_KEY, *_FIGURES, *_SHOWN) if name not in entry]:
            raise ValueError(f"an entry of the leaderboard has no {absent[0]}")
        numbers = [entry["value"], *(entry[name] or 0.0 for name in ("low", "high"))]  # an end may be open
        if not all(isinstance(number, int | float) for number in (*numbers, entry["m"], entry["seeds"])):
            raise ValueError(
                f"an entry of the leaderboard has figures that are no numbers: {entry['method']!r}"
            )
        metric_named(str(entry["metric"]))
    return entries


def _differ(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is not theirs
    return abs(ours - theirs) > 1e-6


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
