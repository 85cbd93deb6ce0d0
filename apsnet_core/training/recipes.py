"""The recipes that ship: trainings as TOML files, by the name of the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from apsnet_core.assets import asset
from apsnet_core.training.config import ConfigError, TrainConfig, load_config


def recipes() -> dict[str, Path]:
    """Every shipped recipe by its name: ``furniture-apsnet``, ``paper/classification-apsnet``."""
    home = asset("recipes")
    found = {path.relative_to(home).with_suffix("").as_posix(): path for path in home.rglob("*.toml")}
    return dict(sorted(found.items()))


def find_recipe(name: str) -> Path:
    """The TOML file that a path or the name of a shipped recipe means; `ConfigError` lists what there is."""
    path = Path(name).expanduser()
    if path.is_file():
        return path
    shipped = recipes()
    if name in shipped:
        return shipped[name]
    raise ConfigError(f"{name} is neither a file nor a recipe; the recipes are {', '.join(shipped)}")


def configured(recipe: str, changes: Sequence[str] = (), folder: Path | None = None) -> TrainConfig:
    """The training that a recipe, by path or name, with ``changes`` stands for; named as its ``folder``."""
    path = find_recipe(recipe)
    config = load_config(path, changes)
    name = config.name or (path.stem if folder is None else folder.resolve().name)
    return config.model_copy(update={"name": name})
