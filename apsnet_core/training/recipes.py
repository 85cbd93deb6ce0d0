"""The shipped recipes: trainings as TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from apsnet_core.assets import asset
from apsnet_core.training.config import ABOUT_RECIPES, TASK_NET, ConfigError, TrainConfig, load_config
from apsnet_core.types import Values

_FURNITURE = "furniture"  # is shipped too, so that these recipes need no download
_ORDER = ("", "protocol", "paper")


@dataclass(frozen=True)
class Recipe:
    """A shipped training, described by its TOML file.

    ``name`` is for `apsnet train`, and ``title`` for lists. ``minutes`` is the time on two cores, None if it
    was not measured. ``needs`` names the weights that the training uses: shipped ones, or runs of other
    recipes. ``values`` are the settings, which `load_config` validates.
    """

    name: str
    title: str
    model: str
    task: str
    data: str
    epochs: int | None
    minutes: float | None
    needs: tuple[str, ...]
    path: Path
    values: Mapping[str, Any]

    @property
    def run_name(self) -> str:
        """The default name of a run of this recipe."""
        return str(self.values.get("name") or self.path.stem)


def recipes() -> Mapping[str, Recipe]:
    """Every shipped recipe by its name, such as ``furniture-apsnet`` or ``paper/classification-apsnet``.

    Recipes that need no download come first, the paper's recipes last, and a task net before its samplers.

    >>> recipes()["furniture-apsnet"].title
    'Furniture, five minutes · then APSNet'
    >>> recipes()["furniture-apsnet"].needs
    ('furniture-pointnet',)
    """
    return _read(asset("recipes"))


@cache
def _read(home: Path) -> Mapping[str, Recipe]:
    rows = [_row(path.relative_to(home).with_suffix("").as_posix(), path) for path in home.rglob("*.toml")]
    return MappingProxyType({row.name: row for row in sorted(rows, key=_place)})


def _row(name: str, path: Path) -> Recipe:
    values: Values = tomllib.loads(path.read_text(encoding="utf-8"))
    title, minutes = (values.pop(key, None) for key in ABOUT_RECIPES)
    return Recipe(
        name=name,
        title=title,
        model=values["model"],
        task=values["task"],
        data=values["data"],
        epochs=values.get("optimisation", {}).get("epochs"),
        minutes=minutes,
        needs=tuple(values[key] for key in ("task_weights", "initial_weights") if key in values),
        path=path,
        values=MappingProxyType(values),
    )


def _place(row: Recipe) -> tuple[bool, int, str, bool, str]:
    folder = row.name.rpartition("/")[0]
    data = "" if row.data == _FURNITURE else row.task
    return row.data != _FURNITURE, _ORDER.index(folder), data, row.model != TASK_NET, row.name


def find_recipe(name: str) -> Path:
    """Return the TOML file of a path or a shipped recipe's name. `ConfigError` lists the recipes."""
    path = Path(name).expanduser()
    if path.is_file():
        return path
    shipped = recipes()
    if name in shipped:
        return shipped[name].path
    raise ConfigError(f"{name} is neither a file nor a recipe; the recipes are {', '.join(sorted(shipped))}")


def configured(recipe: str, changes: Sequence[str] = (), folder: Path | None = None) -> TrainConfig:
    """The config of a recipe, given by path or name, with ``changes``. It is named after its ``folder``."""
    path = find_recipe(recipe)
    config = load_config(path, changes)
    name = config.name or (path.stem if folder is None else folder.resolve().name)
    return config.model_copy(update={"name": name})
