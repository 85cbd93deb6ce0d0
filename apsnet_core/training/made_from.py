"""Digests of a run's data and networks, so that it is only resumed with the same ones, wherever they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from apsnet_core.arrays import np
from apsnet_core.atomic import write_text
from apsnet_core.training.config import ConfigError, TrainConfig
from apsnet_core.training.median_seed import NO_MATTER
from apsnet_core.training.runs import MADE_FROM, Run

if TYPE_CHECKING:
    from apsnet_core.datasets import Dataset

ELSEWHERE = ("data", "task_weights", "initial_weights")
"""Settings that are paths or names, which differ if a run was copied to another machine."""


def data_digest(dataset: Dataset) -> str:
    """SHA-256 of the stored points and labels of the training and validation splits."""
    digest = hashlib.sha256()
    for split in (dataset.train, dataset.validation):
        for array in (split.points, split.labels):
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def settings_digest(config: TrainConfig) -> str:
    """SHA-256 of the settings that define a training, without its seed: seeds are one row of a table."""
    apart = {*NO_MATTER, *ELSEWHERE, "seed", "task_net"}
    settings = json.dumps(config.model_dump(mode="json", exclude=apart), sort_keys=True)
    return hashlib.sha256(settings.encode()).hexdigest()


def made_from(run: Run) -> Mapping[str, str]:
    """The digests with which ``run`` was started, by setting; empty before it started."""
    try:
        told = json.loads((run.folder / MADE_FROM).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def check_made_from(run: Run, found: Mapping[str, str]) -> None:
    """Write the digests ``found`` for a new run. For a resumed one, raise `ConfigError` if they differ."""
    begun = made_from(run)
    for key, digest in begun.items():
        if found.get(key) != digest:
            raise ConfigError(f"{key}: it is not the same as when the run was begun; name the same one")
    if not begun:
        write_text(run.folder / MADE_FROM, json.dumps(dict(found), indent=2))
