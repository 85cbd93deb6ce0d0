"""Weights files of untrained networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apsnet_core.weights import Metadata, build, save
from tests.core.small_networks import randomised

_TASK_NETS = {"pointnet": "classification", "pcae": "reconstruction", "pcrnet": "registration"}


def metadata(architecture: str, **facts: Any) -> Metadata:
    """Metadata of a network for clouds of 64 points."""
    sampler = architecture in ("apsnet", "samplenet", "snet")
    values: dict[str, Any] = {
        "architecture": architecture,
        "method": architecture if sampler else None,
        "task": _TASK_NETS.get(architecture, "classification"),
        "sizes": [8] if sampler else [],
        "classes": ["chair", "table", "lamp"] if architecture == "pointnet" else [],
        "points": 64,
        "normalisation": "unit_sphere",
        "up": "z",
        "data": "nothing",
    }
    return Metadata.model_validate(values | facts)


def write(path: Path, architecture: str, seed: int = 0, **facts: Any) -> Path:
    """A weights file at ``path`` with random tensors."""
    about = metadata(architecture, **facts)
    save(path, randomised(build(about), seed).state_dict(), about)
    return path
