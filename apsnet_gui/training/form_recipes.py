"""The recipes that ship as a newcomer meets them: titled, in order, and fitted to the data that is chosen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apsnet_core.datasets import DatasetError
from apsnet_core.datasets.imported import known
from apsnet_core.methods.registry import learned
from apsnet_core.tasks.registry import task
from apsnet_core.training.config import TASK_NET

Values = dict[str, Any]


def model_names() -> dict[str, str]:
    """What can be trained, by the name in a recipe; of the samplers, those added last first."""
    return {TASK_NET: "Task net"} | {row.name: row.label for row in reversed(learned())}


def named_data() -> list[str]:
    """The datasets that have a name on this machine, beside the bundled one."""
    try:
        return list(known())
    except DatasetError:  # the list of them is damaged, which is said where one of them is asked for
        return []


def load_toml(path: Path) -> Values:
    """The values of a TOML file. OSError or ValueError where there are none."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def titled(recipes: Mapping[str, Path]) -> list[tuple[str, Path]]:
    """What is shown for each recipe; those with a title of their own first, task nets before samplers."""
    found, models = [], model_names()
    for name, path in recipes.items():
        values = load_toml(path)
        what = f"{models[values['model']]} · {task(values['task']).label.lower()}"
        if "title" in values:
            found.append((0 if values["model"] == TASK_NET else 1, values["title"], path))
        elif name.startswith("paper/"):
            found.append((3, f"As in the paper · {what}", path))
        else:
            central = ", first stage" if name.endswith("-first") else ""
            found.append((2, f"Short · {what}{central}", path))
    return [(text, path) for _, text, path in sorted(found, key=lambda item: item[0])]


def fitting(recipes: Mapping[Path, Values], model: str, task: str, data: str) -> tuple[Path | None, Values]:
    """The recipe for a network on ``data``, or another one's settings changed to fit, or the defaults."""
    found = [path for path, values in recipes.items() if (values["model"], values["task"]) == (model, task)]
    same = [path for path in found if recipes[path].get("data") == data]
    if same:
        return same[0], recipes[same[0]]
    if not found:
        return None, {"model": model, "task": task, "data": data}
    # Neither the networks that go with the recipe's data, nor more points than this data is known to have.
    kept = {key: value for key, value in recipes[found[0]].items() if not key.endswith("_weights")}
    known = [values["points"] for values in recipes.values() if values.get("data") == data]
    return found[0], {**kept, "data": data, "points": min([kept["points"], *known])}
