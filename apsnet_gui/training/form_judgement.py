"""What the core makes of a form's values: their config, or what is wrong with them, in the form's words."""

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
    """``wrong`` and ``missing`` are sentences by the field they concern, "" for several.

    ``config`` is None where something is wrong. What is missing is not on this machine: the recipe is sound.
    """

    config: TrainConfig | None
    wrong: Mapping[str, str]
    missing: Mapping[str, str]

    @property
    def may_start(self) -> bool:
        """Whether it can be trained here and now."""
        return not self.wrong and not self.missing


def judge(values: Mapping[str, Any], labels: Mapping[str, str], nets: Collection[str]) -> Judgement:
    """What the core says of ``values``; fields are called by their ``labels``, ``nets`` can be asked for."""
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
    """What the config names and this machine has not."""
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
