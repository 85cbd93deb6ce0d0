"""A tiny dataset in the layout of the public release, and task nets and samplers with random tensors."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import numpy.typing as npt
import pytest

from tests.core.weights.files import write

POINTS = 64
CLASSES = ("chair", "lamp", "table", "unheard_of")
TEST_LABELS = [0, 1, 2, 0, 1, 2, 3]


@pytest.fixture(autouse=True)
def _in_own_folders(own_folders: Path) -> None:
    """Give every test of this package its own folders."""


def shape(seed: int) -> npt.NDArray[np.float32]:
    """Half an ellipsoid with random axes for each ``seed``, z up, whose farthest point is at distance 1."""
    rng = np.random.default_rng(seed)
    axes, points = rng.uniform(0.3, 1.0, 3), rng.normal(size=(4 * POINTS, 3))
    points *= axes / np.linalg.norm(points, axis=1, keepdims=True)
    points[:, 2] = np.abs(points[:, 2])
    points -= points.mean(axis=0)
    return np.asarray(points / np.linalg.norm(points, axis=1).max(), np.float32)


def held_out_shapes() -> list[npt.NDArray[np.float32]]:
    """The test shapes; the first is a near copy, within the sampling noise, of a training shape."""
    moved = np.random.default_rng(1).normal(scale=0.003, size=(4 * POINTS, 3)).astype(np.float32)
    return [shape(0) + moved, *(shape(100 + i) for i in range(6))]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 training and 7 test shapes of 256 points in four classes, which tests only read."""
    folder = tmp_path_factory.mktemp("evaluation") / "release"
    folder.mkdir()
    (folder / "shape_names.txt").write_text("".join(name + "\n" for name in CLASSES))
    labels = {"train": [i % 4 for i in range(24)], "test": TEST_LABELS}
    clouds = {
        "train": [shape(i) for i in range(24)],
        "test": held_out_shapes(),
    }
    for part in ("train", "test"):
        (folder / f"{part}_files.txt").write_text(f"data/release/ply_data_{part}0.h5\n")
        with h5py.File(folder / f"ply_data_{part}0.h5", "w") as file:
            file["data"] = np.stack(clouds[part])
            file["label"] = np.array(labels[part], dtype=np.uint8)[:, None]
    return folder


@pytest.fixture(scope="session")
def nets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of random tensors for each task net and sampler, for clouds of 64 points; tests only read it."""
    folder, files = tmp_path_factory.mktemp("nets"), {}
    for number, (task, net) in enumerate(
        {"classification": "pointnet", "reconstruction": "pcae", "registration": "pcrnet"}.items()
    ):
        files[task] = write(folder / f"{net}.safetensors", net, seed=number)
        for sampler in ("apsnet", "samplenet"):
            name = f"{task}-{sampler}"
            files[name] = write(folder / f"{name}.safetensors", sampler, seed=10 + number, task=task)
    return files
