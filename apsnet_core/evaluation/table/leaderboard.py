"""Leaderboards: results that can be merged, with hashes of their weights and data.

Every run is stored with its value for each shape. So seeds that were measured separately can be joined to one
row, and differences can be computed from the file only.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core.evaluation.table.checked_board import FORMAT, checked
from apsnet_core.evaluation.table.measured import (
    ROUNDING,
    close,
    data_hash,
    joined_runs,
    measurement,
    runs_in,
    text_of,
)
from apsnet_core.evaluation.table.pairs import Pair, adjusted, tested
from apsnet_core.evaluation.table.seed_runs import values_of
from apsnet_core.evaluation.table.table import Table
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.types import Values

FILE = "leaderboard.json"
_WHAT = ("task", "metric", "data_hash", "task_net_hash", "method", "variant", "m")
# These fields identify a measurement; the others are its result.
_KEY = (*_WHAT, "weights_hash", "seeds")
_TABLE = ("task", "metric", "data_hash", "task_net_hash")
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
            "label": row.label,
            "m": row.m,
            **measurement(row.metric, table.seed_runs[row.label, row.m]),
        }
        for row in table.rows
    ]
    twins = {data: text_of(table.held_out.has_twin)}
    return {"format": FORMAT, "twins": twins, "entries": _in_order(entries)}


def merged(boards: Iterable[Values]) -> Values:
    """All entries of ``boards``, each once, with the seeds of a folder of trainings joined to one row.

    ValueError if two boards disagree on a measurement, or if seeds were trained in different ways. A shape
    has a twin if one of the boards says so.
    """
    found: dict[str, list[Values]] = {}
    twins: dict[str, str] = {}
    for board in boards:
        for data, told in board.get("twins", {}).items():
            twins[data] = _either(told, twins.get(data, told))
        for entry in checked(board):
            found.setdefault(json.dumps([entry.get(name) for name in _row_of(entry)]), []).append(entry)
    entries = [_joined(group) for group in found.values()]
    whole = [each for each in entries if "runs" in each]
    runs = {_key(entry, run): value for entry in whole for run, value in _values_of(entry)}
    for entry in (each for each in entries if "runs" not in each and each["weights_hash"]):
        if _differ(entry["value"], runs.get(_key(entry, entry), entry["value"])):
            raise ValueError(_disagreement(entry, entry["value"], runs[_key(entry, entry)]))
    entries = [each for each in entries if "runs" in each or _key(each, each) not in runs]
    return {"format": FORMAT, "twins": twins, "entries": _in_order(entries)}


def tables_of(board: Values) -> dict[str, list[Values]]:
    """The entries of each task net and data, by a title; only entries of one table can be compared."""
    tables: dict[tuple[Any, ...], list[Values]] = {}
    for entry in board["entries"]:
        tables.setdefault(tuple(entry[name] for name in _TABLE), []).append(entry)
    nets = {(own[0].get("task_net"), own[0]["task_net_hash"]) for own in tables.values()}
    found = {}
    for own in tables.values():
        first = own[0]
        data = " or ".join(dict.fromkeys(entry["data"] for entry in own))
        title = f"{first['task']}, {data}, {first['points']} points"
        if name := first.get("task_net"):
            title += f", judged by {_apart(name, first['task_net_hash'], nets)}"
        while title in found:  # other shapes of the same data
            title += f", data {first['data_hash'][:8]}"
        found[title] = own
    return found


def names_in(table: Sequence[Values]) -> list[str]:
    """The name of each entry of a table, with its hash if another entry of its size has the same name."""
    names = [(_name(entry), entry["weights_hash"], entry["m"]) for entry in table]
    return [_apart(name, own, {(n, h) for n, h, size in names if size == m}) for name, own, m in names]


def paired(table: Sequence[Values], twins: Values) -> list[Pair]:
    """Tests of every two rows of one size, the better one first, as by `apsnet evaluate --paired all`.

    Rows without single runs are left out. ``twins`` are those of the board.
    """
    rows = [
        (entry, (name, values_of(runs_in(entry))))
        for entry, name in zip(table, names_in(table), strict=True)
        if entry.get("runs")
    ]
    if not rows:
        return []
    first, _ = rows[0]
    own = np.array((twins.get(first["data_hash"]) or "0 " * first["shapes"]).split()) == "0"
    metric = metric_named(first["metric"])
    both = [(a, b) for i, a in enumerate(rows) for b in rows[i + 1 :] if a[0]["m"] == b[0]["m"]]
    return adjusted([tested(one, other, entry["m"], metric, own) for (entry, one), (_, other) in both])


def _name(entry: Values) -> str:
    variant = f":{entry['variant']}" if entry["variant"] else ""
    return str(entry.get("label") or entry["method"] + variant)


def _apart(name: str, digest: str | None, among: Collection[tuple[str | None, str | None]]) -> str:
    """``name``, with the beginning of its hash if another entry ``among`` the pairs has the same name."""
    several = len({other for own, other in among if own == name}) > 1
    return f"{name} {digest[:8]}" if several and digest else name


def read_leaderboard(path: Path) -> Values:
    """Read a leaderboard from its file; ValueError with one sentence if it is invalid."""
    try:
        board = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(board, dict):
            raise ValueError("it holds no object")
        checked(board)
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: is not what apsnet evaluate writes as {FILE}: {error}") from error
    return board


def _row_of(entry: Values) -> tuple[str, ...]:
    """The fields that entries of one row share; a folder of trainings is identified by its label."""
    if not entry.get("runs"):
        return _KEY
    variant = f":{entry['variant']}" if entry["variant"] else ""
    try:
        own = MethodSpec.parse(entry["method"] + variant).label == entry["label"]
    except ValueError:  # the method of a plug-in that is not installed here
        own = True
    return (*_WHAT, "label", "weights_hash") if own and entry["weights"] else (*_WHAT, "label")


def _joined(group: list[Values]) -> Values:
    """Join the entries of one row to one entry."""
    first = group[0]
    name = f"{_name(first)} at {first['m']} points"
    for entry in group if not first.get("runs") else []:
        if any(_differ(first[figure], entry[figure]) for figure in _FIGURES):
            raise ValueError(_disagreement(first, first["value"], entry["value"]))
    if not first.get("runs"):
        return first
    runs = joined_runs([run for each in group for run in runs_in(each)], name)
    return first | measurement(first["metric"], runs)


def _disagreement(entry: Values, ours: float, theirs: float) -> str:
    return f"two leaderboards disagree on {_name(entry)} at {entry['m']} points: {ours:g} and {theirs:g}"


def _values_of(entry: Values) -> Iterator[tuple[Values, float]]:
    """The entry itself and its single runs, each with its value."""
    yield entry, entry["value"]
    for told, run in zip(entry["runs"], runs_in(entry), strict=True):
        yield told, float(run.values.mean())


def _key(entry: Values, run: Values) -> str:
    return json.dumps([*(entry[name] for name in _WHAT), run["weights_hash"]])


def _either(ours: str, theirs: str) -> str:
    """The union of two lists of twins: the shapes with a twin in the training data of either evaluation."""
    if len(ours) != len(theirs):
        raise ValueError("two leaderboards have twins of the same data for different numbers of shapes")
    return " ".join(map(max, ours.split(), theirs.split()))


def _differ(ours: float | None, theirs: float | None) -> bool:
    return not close(ours, theirs, ROUNDING)


def _in_order(entries: list[Values]) -> list[Values]:
    """Sort by task, metric, data, task net and size, then the best value first."""

    def place(entry: Values) -> tuple[Any, ...]:
        sign = -1 if metric_named(entry["metric"]).higher else 1
        name = [str(entry.get(key)) for key in ("method", "variant", "label", "weights_hash")]
        table = [entry[key] for key in _TABLE]
        return table, entry["m"], sign * entry["value"], name

    return sorted(entries, key=place)
