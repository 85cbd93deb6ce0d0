"""Trainings that take a second: two dozen balls and boxes, with the real networks and run folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from apsnet_core.tasks import PCAE, PCRNet, PointNet
from apsnet_core.training.config import TrainConfig, make_config
from apsnet_core.training.run_training import start
from apsnet_core.training.runs import Run
from apsnet_core.weights import Metadata, save
from tests.core.small_networks import randomised

CLASSES = ["ball", "box"]
STORED = 64
_NETWORKS = {"classification": "pointnet", "reconstruction": "pcae", "registration": "pcrnet"}


def shape(kind: int, seed: int, points: int = STORED) -> np.ndarray:
    """A ball or a box, (points, 3) float32 in the unit sphere, wider below than above, with y up."""
    rng = np.random.default_rng([kind, seed])
    cloud = rng.normal(size=(points, 3))
    cloud /= (np.linalg.norm if kind == 0 else _largest)(cloud, axis=1, keepdims=True)
    cloud *= rng.uniform(0.5, 1.0, 3)
    cloud[:, [0, 2]] *= 1.2 - 0.6 * (cloud[:, 1:2] > 0)
    cloud[:, 1] = np.where(cloud[:, 1] > 0, 2 * cloud[:, 1], cloud[:, 1])
    cloud -= cloud.mean(axis=0)
    return np.asarray(cloud / np.linalg.norm(cloud, axis=1).max(), np.float32)


def _largest(cloud: np.ndarray, axis: int, keepdims: bool) -> np.ndarray:
    return np.asarray(np.abs(cloud).max(axis=axis, keepdims=keepdims))


def write_release(folder: Path, train: int = 27) -> Path:
    """Write ``train`` training and 4 test shapes, balls and boxes, in the layout of the ModelNet release."""
    folder.mkdir(parents=True)
    (folder / "shape_names.txt").write_text("\n".join(CLASSES) + "\n")
    for part, count, first in (("train", train, 0), ("test", 4, 1000)):
        (folder / f"{part}_files.txt").write_text(f"data/x/ply_data_{part}0.h5\n")
        labels = np.arange(count) % 2
        with h5py.File(folder / f"ply_data_{part}0.h5", "w") as file:
            file["data"] = np.stack([shape(int(kind), first + i) for i, kind in enumerate(labels)])
            file["label"] = labels.astype(np.uint8)[:, None]
    return folder


def write_task_net(path: Path, task: str = "classification", **told: Any) -> Path:
    """Write a task net with random weights to ``path``."""
    torch.manual_seed(3)
    net = {"classification": lambda: PointNet(2), "reconstruction": PCAE, "registration": PCRNet}[task]()
    metadata = {
        "architecture": _NETWORKS[task], "task": task, "points": 32,
        "classes": CLASSES if task == "classification" else [],
        "normalisation": "unit_sphere", "up": "y", "data": "balls and boxes", **told,
    }  # fmt: skip
    save(path, randomised(net).state_dict(), Metadata.model_validate(metadata))
    return path


def config(home: Path, **changes: Any) -> TrainConfig:
    """The config of an APSNet of sizes 2 and 4 for the data and task net in ``home``.

    In the names of ``changes``, two underscores stand for the dot of a key.
    """
    values: dict[str, Any] = {
        "name": "small", "model": "apsnet", "task": "classification", "data": str(home / "release"),
        "points": 32, "sizes": [2, 4], "seed": 5, "snapshots": 1, "device": "cpu",
        "task_weights": str(home / "net.safetensors"), "checkpoint_seconds": 3600.0,
        "optimisation": {"epochs": 3, "batch_size": 8, "warmup": 1.0},
        "augmentation": {"scale": [0.8, 1.25], "per_axis": True, "redraw": True},
    }  # fmt: skip
    for key, value in changes.items():
        table = values
        *parents, last = key.split("__")
        for parent in parents:
            table = table.setdefault(parent, {})
        table[last] = value
    return make_config(values)


def events(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [event for event in Run(folder).events() if event["event"] == kind]


def losses(folder: Path, kind: str = "epoch") -> dict[int, dict[str, float]]:
    """The metrics of every step or epoch; of steps repeated after a resumption, the last ones."""
    key = "step" if kind == "step" else "epoch"
    return {event[key]: event["metrics"] for event in events(folder, kind)}


def same_tensors(a: Path, b: Path) -> bool:
    ours, theirs = load_file(a), load_file(b)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def state(network: torch.nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def start_in(
    folder: Path, how: TrainConfig, *, stop_after: int | None = None, stop_file_after: int | None = None
) -> list[dict[str, Any]]:
    """Train in this process and return the events.

    The training ends after ``stop_after`` steps by the callback, or after ``stop_file_after`` by a stop file.
    """
    told: list[dict[str, Any]] = []
    steps = 0

    def stop() -> bool:
        nonlocal steps
        steps += 1
        if steps == stop_file_after:
            Run(folder).stop_file.touch()
        return steps == stop_after

    start(how, folder, stop=stop, watch=told.append)
    return told
