"""Storing the familiarity of a task net's training shapes in its weights after the training."""

from __future__ import annotations

from pathlib import Path

import torch

from apsnet_core.networks.familiarity import familiarity_of
from apsnet_core.tasks.registry import task
from apsnet_core.training.batches import DeviceData
from apsnet_core.weights import load, rewrite_metadata


def remember_shapes(best: Path, data: dict[str, DeviceData], device: torch.device) -> None:
    """Add to the weights ``best`` the `Familiarity` of the training and validation shapes.

    Nothing is added for a task whose net has no global feature.
    """
    net, metadata = load(best)
    if task(metadata.task).feature_width is None:
        return
    train, validation = (data[part].clouds[:, : data[part].points] for part in ("train", "validation"))
    familiar = familiarity_of(net.to(device), train, data["train"].labels, validation)
    rewrite_metadata(best, best, metadata, familiar)
