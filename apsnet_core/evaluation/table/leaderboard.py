"""Results that two people can merge: what was measured, with which weights, on which data.

Every run is kept with what it got on each shape: seeds that were measured apart are joined to one row, and
differences are computed from the file alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.measured import ROUNDING, data_hash, joined_runs, runs_in, text_of
from apsnet_core.evaluation.table.pairs import Pair, adjusted, tested
from apsnet_core.evaluation.table.seed_runs import SeedRun, joint_hash, sure, values_of
from apsnet_core.evaluation.table.table import Table
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.types import Values

FORMAT = 2
_READ = (1, 2)  # the first has no single runs: its rows stay as they are
FILE = "leaderboard.json"
_WHAT = ("task", "metric", "data_hash", "task_net_hash", "method", "variant", "m")
# These fields say what was measured; the others are the measurement.
_KEY = (*_WHAT, "weights_hash", "seeds")
_TABLE = ("task", "metric", "data_hash", "task_net_hash")
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
            "label": row.label,
            "m": row.m,
            **_told(row.metric, table.seed_runs[row.label, row.m]),
        }
        for row in table.rows
    ]
    twins = {data: text_of(table.held_out.has_twin)}
    return {"format": FORMAT, "twins": twins, "entries": _in_order(entries)}


def merged(boards: Iterable[Values]) -> Values:
    """All entries of ``boards``, each once, the seeds of a folder of trainings joined to one row.

    ValueError where two say different things of the same, or seeds were trained in different ways.
    """
    found: dict[str, list[Values]] = {}
    twins: Values = {}
    for board in boards:
        twins |= board.get("twins", {})
        for entry in _checked(board):
            found.setdefault(json.dumps([entry.get(name) for name in _row_of(entry)]), []).append(entry)
    entries = [_joined(group) for group in found.values()]
    whole = [each for each in entries if "runs" in each]
    runs = {_key(entry, run) for entry in whole for run in (*entry["runs"], entry)}
    entries = [each for each in entries if "runs" in each or _key(each, each) not in runs]
    return {"format": FORMAT, "twins": twins, "entries": _in_order(entries)}


def paired(board: Values) -> list[tuple[Values, Pair]]:
    """Every two rows of a size, the better first, with its entry: as `apsnet evaluate --paired all`.

    Rows without single runs have no differences.
    """
    tables: dict[tuple[Any, ...], list[Values]] = {}
    for entry in board["entries"]:
        if entry.get("runs"):
            tables.setdefault(tuple(entry[name] for name in _TABLE), []).append(entry)
    found: list[tuple[Values, Pair]] = []
    for rows in tables.values():
        metric = metric_named(rows[0]["metric"])
        twins = board["twins"].get(rows[0]["data_hash"]) or "0 " * rows[0]["shapes"]
        own = np.array(twins.split()) == "0"
        both = [(a, b) for i, a in enumerate(rows) for b in rows[i + 1 :] if a["m"] == b["m"]]
        pairs = [tested(_named(a), _named(b), a["m"], metric, own) for a, b in both]
        found += zip([a for a, _ in both], adjusted(pairs), strict=True)
    return found


def _named(entry: Values) -> tuple[str, Float64]:
    return entry["label"], values_of(runs_in(entry))


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


def _told(metric: str, runs: Sequence[SeedRun]) -> Values:
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


def _row_of(entry: Values) -> tuple[str, ...]:
    """The fields that entries of one row share: a folder of trainings goes on by its name, on any machine."""
    if not entry.get("runs"):
        return _KEY
    variant = f":{entry['variant']}" if entry["variant"] else ""
    own = MethodSpec.parse(entry["method"] + variant).label == entry["label"]
    return (*_WHAT, "label", "weights_hash") if own and entry["weights"] else (*_WHAT, "label")


def _joined(group: list[Values]) -> Values:
    """Entries of one row as one."""
    first = group[0]
    name = f"{first.get('label', first['method'])} at {first['m']} points"
    for entry in group if not first.get("runs") else []:
        if any(_differ(first[figure], entry[figure]) for figure in _FIGURES):
            raise ValueError(
                f"two leaderboards disagree on {name}: {first['value']:g} and {entry['value']:g}"
            )
    if not first.get("runs"):
        return first
    return first | _told(first["metric"], joined_runs([run for each in group for run in runs_in(each)], name))


def _key(entry: Values, run: Values) -> str:
    return json.dumps([*(entry[name] for name in _WHAT), run["weights_hash"]])


def _checked(board: Values) -> list[Values]:
    """The entries, each with all that it must have; ValueError."""
    entries = board.get("entries")
    if board.get("format") not in _READ or not isinstance(entries, list):
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
        try:
            lengths = {len(run.values) for run in runs_in(entry)}
        except (KeyError, TypeError, AttributeError) as why:
            raise ValueError(f"a run of {entry['method']!r} in the leaderboard is damaged") from why
        if lengths - {entry.get("shapes")}:
            raise ValueError(f"a run of {entry['method']!r} in the leaderboard is not of all its shapes")
    return entries


def _differ(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is not theirs
    return not math.isclose(ours, theirs, rel_tol=ROUNDING, abs_tol=1e-6)


def _in_order(entries: list[Values]) -> list[Values]:
    """By task, data and size; the best figure first."""

    def place(entry: Values) -> tuple[Any, ...]:
        sign = -1 if metric_named(entry["metric"]).higher else 1
        name = [str(entry.get(key)) for key in ("method", "variant", "label", "weights_hash")]
        return entry["task"], entry["data_hash"], entry["m"], sign * entry["value"], name

    return sorted(entries, key=place)
