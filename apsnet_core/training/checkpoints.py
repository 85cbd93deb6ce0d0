"""Checkpoints: tensors and counters in one safetensors file, written atomically."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from apsnet_core.atomic import atomic_path
from apsnet_core.training.runs import RunError
from apsnet_core.types import Values


@dataclass
class Progress:
    """The progress of a training; ``step`` counts optimiser steps from the start."""

    step: int = 0
    best_score: float | None = None
    best_epoch: int = 0
    scores: dict[str, float] = field(default_factory=dict)


def save_state(path: Path, tensors: Mapping[str, Tensor], progress: Mapping[str, Any]) -> None:
    """Write a checkpoint atomically: the tensors, and ``progress`` as JSON in its header."""
    with atomic_path(path) as beside:
        kept = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        save_file(kept, beside, metadata={"progress": json.dumps(dict(progress))})


def load_state(path: Path) -> tuple[dict[str, Tensor], Values]:
    """Read a checkpoint of `save_state`. Raises `RunError` if the file is damaged."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
            return tensors, json.loads(file.metadata()["progress"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path} is damaged and cannot be resumed from ({error})") from error


def optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's moments and step counts in a flat dict with the keys ``optimiser.<parameter>.<name>``."""
    state = optimiser.state_dict()["state"]
    return {
        f"optimiser.{index}.{name}": torch.as_tensor(value)
        for index, values in state.items()
        for name, value in values.items()
    }


def fill_optimiser(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Restore the tensors of `optimiser_tensors`. The groups and their tensor of the learning rate stay."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser."):
            _, index, name = key.split(".", 2)
            state.setdefault(int(index), {})[name] = value
    rates = [group["lr"] for group in optimiser.param_groups]
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    for group, rate in zip(optimiser.param_groups, rates, strict=True):
        group["lr"] = rate  # load_state_dict has replaced it by a copy
