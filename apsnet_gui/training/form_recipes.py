"""What the training form offers: networks, data, and the recipe that fits those that are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apsnet_core.datasets import DatasetError
from apsnet_core.datasets.imported import known
from apsnet_core.methods.registry import learned
from apsnet_core.training.config import TASK_NET
from apsnet_core.training.recipes import Recipe

Values = dict[str, Any]


def model_names() -> dict[str, str]:
    """What can be trained, by the name in a recipe; of the samplers, those added last first."""
    return {TASK_NET: "Task net"} | {row.name: row.label for row in reversed(learned())}


def named_data() -> list[str]:
    """The datasets that have a name on this machine, beside the bundled one."""
    try:
        return list(known())
    except DatasetError:  # the list is damaged; opening one of its datasets reports that
        return []


def fitting(recipes: Mapping[str, Recipe], model: str, task: str, data: str) -> tuple[str | None, Values]:
    """The recipe for a network on ``data``, by name, and its settings.

    Another one's settings, changed to fit, where there is none; the defaults and no name without that.
    """
    found = [row for row in recipes.values() if (row.model, row.task) == (model, task)]
    same = [row for row in found if row.data == data]
    if same:
        return same[0].name, dict(same[0].values)
    if not found:
        return None, {"model": model, "task": task, "data": data}
    # Neither the networks that go with the recipe's data, nor more points than this data is known to have.
    kept = {key: value for key, value in found[0].values.items() if not key.endswith("_weights")}
    known = [row.values["points"] for row in recipes.values() if row.data == data]
    return found[0].name, {**kept, "data": data, "points": min([kept["points"], *known])}
