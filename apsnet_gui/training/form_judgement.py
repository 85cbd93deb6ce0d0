"""Validate the values of the form with the core: return the config, or errors that name the form's labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from apsnet_core.datasets import DatasetError
from apsnet_core.datasets.open import check_there
from apsnet_core.training.complaints import complaints
from apsnet_core.training.config import TrainConfig


@dataclass(frozen=True)
class Judgement:
    """The result of a validation.

    ``wrong`` and ``missing`` map the key of a field to a sentence; the key is "" if it concerns several
    fields. ``config`` is None if anything is wrong. Missing things, such as data or weights, are not on this
    machine, but the recipe is valid.
    """

    config: TrainConfig | None
    wrong: Mapping[str, str]
    missing: Mapping[str, str]

    @property
    def may_start(self) -> bool:
        """Whether the training can start now on this machine."""
        return not self.wrong and not self.missing


def judge(values: Mapping[str, Any], labels: Mapping[str, str], nets: Collection[str]) -> Judgement:
    """Validate ``values``; errors name fields by their ``labels``, and ``nets`` are the known task nets."""
    try:
        config = TrainConfig.model_validate(values)
    except ValidationError as error:
        wrong: dict[str, str] = {}
        for key, why in complaints(TrainConfig, error):
            named = [name for name in re.findall(r"`([\w.]+)`", why) if name in labels]
            wrong[key or next(iter(named), "")] = re.sub(
                r"`([\w.]+)`", lambda found: labels.get(found[1], found[1]), why
            )
        return Judgement(None, wrong, {})
    return Judgement(config, {}, _missing(config, nets))


def _missing(config: TrainConfig, nets: Collection[str]) -> dict[str, str]:
    """The data and the task net that the config names but this machine does not have."""
    found = {}
    try:
        check_there(config.data)
    except DatasetError as error:
        found["data"] = f"{error.path} {error.why}"
    except OSError as error:
        found["data"] = f"{config.data} cannot be opened: {error.strerror}"
    net = config.task_weights
    own = config.task_net is not None and net is None
    if config.sampler is not None and not own and net not in nets and not _exists(net):
        found["task_weights"] = f"{net} is not there yet: train it first, with its recipe"
    return found


def _exists(path: str | None) -> bool:
    try:
        return path is not None and Path(path).expanduser().exists()
    except (OSError, ValueError, RuntimeError):
        return False
