"""The choice of the task net that judges samples: a given one, or the one that samplers were trained for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from apsnet_core.evaluation.answers import TaskNet, net_of, task_net
from apsnet_core.methods.find_weights import find_weights, runs_of
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.weights import WeightsError, find_task_net
from apsnet_core.weights.listing import TASK_NET, Entry, named


class Judge(NamedTuple):
    """A loaded net; ``note`` is a sentence on the choice, empty if it needs no explanation."""

    net: TaskNet
    note: str = ""


def judge_of(task: str, specs: Sequence[MethodSpec] = (), asked: str | None = None) -> Judge:
    """The net for ``task``: ``asked``, by name or path, or the one that the learned methods were trained for.

    If they were trained for different nets, or for one that is not available, the net that ships judges, and
    the note says so. `WeightsError` if there is no such net.
    """
    if asked is not None:
        return Judge(task_net(task, asked))
    behind = {entry.name: net_behind(entry) for spec in specs for entry in _weights(spec, task)}
    nets = {net.path: net for net in behind.values() if net}
    if len(nets) == 1 and all(behind.values()):
        return Judge(net_of(*nets.values()))
    judge = task_net(task)
    others = [name for name, net in behind.items() if net is None or net.name != judge.name]
    if not others:
        return Judge(judge)
    were = "were" if len(others) > 1 else "was"
    return Judge(judge, f"{', '.join(others)} {were} trained for another task net.")


def net_behind(sampler: Entry) -> Entry | None:
    """The net that a sampler was trained for, according to its weights; None if it is not available."""
    folder, name = sampler.path.parent, sampler.metadata.task_weights
    if sampler.metadata.task_net and (folder / TASK_NET).is_file():  # the user's own net, copied by the run
        return replace(named(str(folder / TASK_NET)), name=f"{folder.name}/task_net")
    try:
        return find_task_net(sampler.metadata.task, name) if name else None
    except WeightsError:
        return None


def _weights(spec: MethodSpec, task: str) -> list[Entry]:
    """The weights of a learned method, for a folder of runs all of them; empty if there are none.

    Missing weights are not an error here, since sampling reports them.
    """
    if (runs := runs_of(spec, task)) is not None:
        return [run.entry for run in runs if run.finished]
    try:
        return [find_weights(spec, task)] if spec.row.learned else []
    except WeightsError:
        return []
