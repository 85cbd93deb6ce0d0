"""The commands that train the shipped weights again, made from the metadata of the weights."""

from __future__ import annotations

import re
import shlex

from apsnet_core.training.config import TrainConfig, load_config
from apsnet_core.training.recipes import recipes
from apsnet_core.types import Values
from apsnet_core.weights import Metadata

_STAGE = re.compile(r"its own weights of (\d+) epochs")


def commands(name: str, metadata: Metadata) -> list[str]:
    """A command for each stage of the training; the run of a first stage has the name NAME-before."""
    recipe = _recipe(metadata)
    lines = _stages(name, metadata, recipe)
    first = recipes()[recipe].values.get("initial_weights")
    if first is not None and "initial_weights" not in lines[0]:
        lines.insert(0, _spelled(str(first), {}, str(first)))
    return lines


def _recipe(metadata: Metadata) -> str:
    """The recipe that the weights name; older weights name none and belong to that of task and method."""
    told = metadata.training.get("recipe")
    plain = f"{metadata.task}-{(metadata.method or metadata.architecture).replace('_', '-')}"
    return next((row.name for row in recipes().values() if row.run_name == told), plain)


def _stages(name: str, metadata: Metadata, recipe: str) -> list[str]:
    told = metadata.training
    if "average" in told:  # the weights are the mean of this stage and another one
        joint = "protocol/classification-apsnet-joint"
        wanted: Values = {"points": 512, "optimisation.epochs": 12}  # the text of ``average`` names these
        more = {"initial_weights": f"{name}-before"}
        return [
            _line(recipe, metadata, f"{name}-before"),
            _spelled(joint, _changed(joint, wanted) | more, name),
        ]
    started = str(told.get("started_from", ""))
    if own := _STAGE.match(started):
        first = {"sizes": metadata.sizes, "optimisation.epochs": int(own[1])}
        before = _spelled(recipe, _changed(recipe, first), f"{name}-before")
        return [before, _line(recipe, metadata, name, {"initial_weights": f"{name}-before"})]
    return [_line(recipe, metadata, name, {"initial_weights": started} if started else {})]


def _line(recipe: str, metadata: Metadata, run: str, more: Values | None = None) -> str:
    told = metadata.training
    wanted = {
        "sizes": metadata.sizes,
        "seed": told["seed"],
        "optimisation.epochs": told["epochs"],
        "optimisation.batch_size": told["batch_size"],
        "optimisation.learning_rate": told["learning_rate"],
    }
    if metadata.method is not None:
        wanted |= {"loss.weight": told["lambda"], "loss.delta": told["delta"]}
    return _spelled(recipe, _changed(recipe, wanted) | (more or {}), run)


def _changed(recipe: str, wanted: Values) -> Values:
    """The settings that differ from those of the recipe."""
    config = load_config(recipes()[recipe].path)
    return {key: value for key, value in wanted.items() if setting(config, key) != value}


def setting(config: TrainConfig, key: str) -> object:
    """The value of a config at a dotted key."""
    found: object = config
    for part in key.split("."):
        found = getattr(found, part)
    return found


def _spelled(recipe: str, changes: Values, run: str) -> str:
    sets = [word for key, value in changes.items() for word in ("--set", f"{key}={_toml(value)}")]
    return shlex.join(["apsnet", "train", recipe, *sets, "-o", run]).replace("'", "")


def _toml(value: object) -> str:
    return str(value).replace(" ", "")
