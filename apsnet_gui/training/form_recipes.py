"""The choices of the training form: networks, data, and the recipe that fits them."""

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
    """The labels of all trainable networks by their name in a recipe; the last registered sampler first."""
    return {TASK_NET: "Task net"} | {row.name: row.label for row in reversed(learned())}


def named_data() -> list[str]:
    """The names of the datasets on this machine, without the bundled one."""
    try:
        return list(known())
    except DatasetError:  # the list is damaged; the user sees the error on opening one of its datasets
        return []


def fitting(recipes: Mapping[str, Recipe], model: str, task: str, data: str) -> tuple[str | None, Values]:
    """The name and the settings of the recipe that trains ``model`` for ``task`` on ``data``.

    If there is none for this data, the settings of a recipe for other data are adapted. If there is none for
    the network and task either, the name is None and the settings hold only the three arguments.
    """
    found = [row for row in recipes.values() if (row.model, row.task) == (model, task)]
    same = [row for row in found if row.data == data]
    if same:
        return same[0].name, dict(same[0].values)
    if not found:
        return None, {"model": model, "task": task, "data": data}
    # Drop the weights that belong to the recipe's data, and ask for no more points than this data has.
    kept = {key: value for key, value in found[0].values.items() if not key.endswith("_weights")}
    known = [row.values["points"] for row in recipes.values() if row.data == data]
    return found[0].name, {**kept, "data": data, "points": min([kept["points"], *known])}
