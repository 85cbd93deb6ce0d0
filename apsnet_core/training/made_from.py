"""What a run is made from, as digests: it goes on with the same data and networks, wherever these lie."""

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
"""Settings that say where something lies: a run that was copied to another machine finds it by other ones."""


def data_digest(dataset: Dataset) -> str:
    """SHA-256 of the points and labels that are trained and validated on, as they are stored."""
    digest = hashlib.sha256()
    for split in (dataset.train, dataset.validation):
        for array in (split.points, split.labels):
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def settings_digest(config: TrainConfig) -> str:
    """SHA-256 of all that makes it the training that it is, but the seed: seeds are one row of a table."""
    apart = {*NO_MATTER, *ELSEWHERE, "seed", "task_net"}
    settings = json.dumps(config.model_dump(mode="json", exclude=apart), sort_keys=True)
    return hashlib.sha256(settings.encode()).hexdigest()


def made_from(run: Run) -> Mapping[str, str]:
    """The digests that ``run`` was begun with, by setting; empty before it began."""
    try:
        told = json.loads((run.folder / MADE_FROM).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def check_made_from(run: Run, found: Mapping[str, str]) -> None:
    """Write down what a new run is made from; `ConfigError` where one would go on with something else."""
    begun = made_from(run)
    for key, digest in begun.items():
        if found.get(key) != digest:
            raise ConfigError(f"{key}: this is not what the run was begun with; name the same")
    if not begun:
        write_text(run.folder / MADE_FROM, json.dumps(dict(found), indent=2))
