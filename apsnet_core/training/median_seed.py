"""Selection of the seed with the median validation score among several trainings; its weights are shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from apsnet_core.tasks.registry import task
from apsnet_core.training.run_state import RunState
from apsnet_core.types import Values

NO_MATTER = ("name", "device", "precision", "checkpoint_seconds", "snapshots", "tensorboard")
"""Settings in which two runs may differ and still count as the same training."""


def median_seeds(states: Iterable[RunState]) -> list[tuple[RunState, list[RunState]]]:
    """For each training finished with several seeds, the one with the median score, and all, best first.

    For an even number it is the worse of the two in the middle. Seeds with the same score are in their order.
    """
    groups: defaultdict[str, list[RunState]] = defaultdict(list)
    for state in states:
        if state.phase == "finished" and state.score is not None:
            groups[_but_the_seed(state.config)].append(state)
    found = [sorted(group, key=_rank) for group in groups.values() if len(group) > 1]
    return [(median_of(group), group) for group in found]


def median_of(states: Iterable[RunState]) -> RunState:
    """The finished training with the median score among ``states``, which differ only in the seed."""
    group = sorted(states, key=_rank)
    return group[len(group) // 2]


def _rank(state: RunState) -> tuple[float, int]:
    score = state.score or 0.0
    return (-score if task(state.config["task"]).metric.higher else score, int(state.config["seed"]))


def _but_the_seed(config: Values) -> str:
    apart = (*NO_MATTER, "seed")
    return repr(sorted((key, value) for key, value in config.items() if key not in apart))
