"""The table of tasks, and lookups in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from apsnet_core.table import Table
from apsnet_core.tasks.classification import CLASSIFICATION
from apsnet_core.tasks.metric import Metric
from apsnet_core.tasks.reconstruction import RECONSTRUCTION
from apsnet_core.tasks.registration import REGISTRATION
from apsnet_core.tasks.task import Task

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _check(row: Task, others: Iterable[Task]) -> None:
    if not _NAME.fullmatch(row.name):
        raise ValueError(f"{row.name!r} is not a task name: write small letters, digits and '_'")
    for other in others:
        if row.label == other.label:
            raise ValueError(f"there is a task labelled {row.label!r} already")
        if row.architecture == other.architecture:
            raise ValueError(f"there is a task net {row.architecture!r} already, for {other.name}")
        for own in _metrics(row):
            if any(own.name == theirs.name and own != theirs for theirs in _metrics(other)):
                raise ValueError(f"there is another metric named {own.name!r} already, of {other.name}")
    if row.of_all_points.higher != row.metric.higher:
        raise ValueError(f"{row.name}'s two metrics differ: one is better if higher, the other if lower")
    if row.say is None and not row.pairs:
        raise ValueError(f"{row.name} has no `say`, the function that puts its net's answer into words")


_table = Table(Task, "apsnet.tasks", "task", [CLASSIFICATION, RECONSTRUCTION, REGISTRATION], _check)

DEFAULT = CLASSIFICATION.name


def tasks() -> tuple[Task, ...]:
    """All tasks, with the plug-ins' tasks last."""
    return _table.rows()


def task(name: str) -> Task:
    """Return the task called ``name``. Raises ValueError with a list of the tasks if there is none."""
    row = _table.get(name)
    if row is None:
        names = ", ".join(row.name for row in tasks())
        raise ValueError(f"there is no task {name!r}; the tasks are {names}")
    return row


def task_of_network(architecture: str) -> Task | None:
    """The task whose net is ``architecture``, or None."""
    return next((row for row in tasks() if row.architecture == architecture), None)


def metric(name: str) -> Metric:
    """Return a metric of any task, for samples or full clouds, by its name. Raises ValueError if unknown."""
    for row in tasks():
        for own in _metrics(row):
            if own.name == name:
                return own
    raise ValueError(f"no task has a metric named {name!r}")


def source(name: str) -> str | None:
    """The plug-in that a task comes from, or None for a built-in one."""
    return _table.source(name)


def register(row: Task) -> None:
    """Add a task. Raises ValueError if its name is taken or the row is not valid."""
    _table.register(row)


def unregister(name: str) -> None:
    """Remove a registered task. Raises ValueError for an unknown name and for a built-in task."""
    _table.unregister(task(name).name)


def _metrics(row: Task) -> tuple[Metric, ...]:
    return (row.metric, row.of_all_points)
