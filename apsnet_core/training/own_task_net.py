"""The user's own task net for a training: loading it, trying it, and its metadata."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from apsnet_core.datasets import Dataset
from apsnet_core.networks.own import EXPORTED
from apsnet_core.ops.normalise import Normalisation
from apsnet_core.tasks.registry import task
from apsnet_core.tasks.trial import try_net
from apsnet_core.training.batches import DeviceData
from apsnet_core.training.config import ConfigError, TrainConfig
from apsnet_core.weights import Metadata, WeightsError
from apsnet_core.weights.own import open_own


def own_task_net(
    config: TrainConfig, dataset: Dataset, train: DeviceData, normalisation: Normalisation, up: str
) -> tuple[nn.Module, Metadata]:
    """Return the network ``config.task_net`` and its metadata. Raises `ConfigError` or `WeightsError`."""
    spec = config.task_net or ""
    row = task(config.task)
    try:
        net = open_own(spec, config.task_weights, config.task).to(train.device)
    except WeightsError:
        raise
    except ValueError as why:
        raise ConfigError(f"task_net: {why}") from why
    labels = config.sampler is None or not config.sampler.distilled
    try:
        count = try_net(
            row, net, train.batch(torch.arange(2, device=train.device)), config.sizes, labels=labels
        )
    except ValueError as why:
        raise ConfigError(f"task_net: {spec} {why}") from why
    names = list(dataset.classes)
    if labels and row.knows_classes and count != len(names):
        raise ConfigError(
            f"task_net: {spec} has {count} classes, but {dataset.name} has {len(names)}; distil from it "
            'without labels (model = "apsnet_kd"), or name its `classes` in their order'
        )
    exported = Path(spec).suffix == ".pt2"
    classes = names if count == len(names) else [f"class {i}" for i in range(count)]
    return net, Metadata.model_validate(
        {
            "architecture": EXPORTED if exported else spec,
            "task": config.task,
            "classes": classes if row.knows_classes else [],
            "points": config.points,
            "normalisation": normalisation,
            "up": up,
            "data": "not known",
            "note": _note(spec, config.task_weights),
        }
    )


def _note(spec: str, weights: str | None) -> str:
    return f"{Path(spec).name} with {Path(weights).name}" if weights else Path(spec).name
