"""The recipes that ship as a newcomer meets them: titled, in order, and fitted to the data that is chosen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apsnet_core.methods.registry import learned
from apsnet_core.tasks.registry import task
from apsnet_core.training.config import TASK_NET

Values = dict[str, Any]

FURNITURE = {
    "furniture-pointnet": "Furniture, five minutes · first the task net",
    "furniture-apsnet": "Furniture, five minutes · then APSNet",
    "furniture-apsnet-kd": "Distil from a task net, without labels · furniture",
}


def model_names() -> dict[str, str]:
    """What can be trained, by the name in a recipe; of the samplers, those added last first."""
    return {TASK_NET: "Task net"} | {row.name: row.label for row in reversed(learned())}


def load_toml(path: Path) -> Values:
    """The values of a TOML file. OSError or ValueError where there are none."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def titled(recipes: Mapping[str, Path]) -> list[tuple[str, Path]]:
    """What is shown for each recipe; the bundled furniture first, its task net before its samplers."""
    found, models = [], model_names()
    for name, path in recipes.items():
        values = load_toml(path)
        what = f"{models[values['model']]} · {task(values['task']).label.lower()}"
        if name in FURNITURE:
            found.append((list(FURNITURE).index(name), FURNITURE[name], path))
        elif name.startswith("paper/"):
            found.append((len(FURNITURE) + 1, f"As in the paper · {what}", path))
        else:
            central = ", first stage" if name.endswith("-first") else ""
            found.append((len(FURNITURE), f"Short · {what}{central}", path))
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
