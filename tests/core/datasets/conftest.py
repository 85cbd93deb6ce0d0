"""Tiny datasets in several layouts, written with h5py and plyfile, as other programs do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import numpy.typing as npt
import pytest
from plyfile import PlyData, PlyElement

Cloud = npt.NDArray[np.float32]


@pytest.fixture(autouse=True)
def _in_own_folders(own_folders: Path) -> None:
    """Give every test of this package its own folders."""


def ellipsoid(seed: int, points: int = 2048, sample: int = 0) -> Cloud:
    """Points of an ellipsoid that depends on ``seed``; each ``sample`` is another sampling of its surface."""
    axes = np.random.default_rng(seed).uniform(0.2, 1.0, 3)
    rng = np.random.default_rng([seed, sample, 1])
    sphere = rng.normal(size=(points, 3))
    sphere[0] = np.eye(3)[axes.argmax()]  # this point makes the radius exactly 1
    sphere *= axes / axes.max() / np.linalg.norm(sphere, axis=1, keepdims=True)
    return np.asarray(sphere, dtype=np.float32)


def write_part(path: Path, clouds: list[Cloud], labels: list[int]) -> None:
    with h5py.File(path, "w") as file:
        file["data"] = np.stack(clouds)
        file["label"] = np.array(labels, dtype=np.uint8)[:, None]


@pytest.fixture
def hdf5_release(tmp_path: Path) -> Path:
    """A release with two training files of 24 and 12 shapes and 6 test shapes, of classes 1 and 3 of four."""
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "shape_names.txt").write_text("bed\nchair\nlamp\ntable\n")
    (folder / "train_files.txt").write_text("data/other_name/ply_data_train0.h5\ndata/x/ply_data_train1.h5\n")
    (folder / "test_files.txt").write_text("data/other_name/ply_data_test0.h5\n")
    write_part(folder / "ply_data_train0.h5", [ellipsoid(i, 256) for i in range(24)], [1, 3] * 12)
    write_part(folder / "ply_data_train1.h5", [ellipsoid(100 + i, 256) for i in range(12)], [3] * 12)
    write_part(folder / "ply_data_test0.h5", [ellipsoid(200 + i, 256) for i in range(6)], [1, 3, 3, 1, 1, 3])
    return folder


@pytest.fixture
def write_ply() -> Callable[[Path, Cloud], None]:
    def write(path: Path, cloud: Cloud) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        vertices = np.array([tuple(p) for p in cloud], dtype=[("x", "f4"), ("y", "f4"), ("z", "f4")])
        PlyData([PlyElement.describe(vertices, "vertex")]).write(path)

    return write
