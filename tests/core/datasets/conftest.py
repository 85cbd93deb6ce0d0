"""Tiny datasets in every layout, written with the libraries that other programs would use."""

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
    """Each test."""


def ellipsoid(seed: int, points: int = 2048, sample: int = 0) -> Cloud:
    """A surface of its own for each ``seed``, another sampling of the same one for each ``sample``."""
    axes = np.random.default_rng(seed).uniform(0.2, 1.0, 3)
    rng = np.random.default_rng([seed, sample, 1])
    sphere = rng.normal(size=(points, 3))
    sphere[0] = np.eye(3)[axes.argmax()]  # so that the radius is exactly 1
    sphere *= axes / axes.max() / np.linalg.norm(sphere, axis=1, keepdims=True)
    return np.asarray(sphere, dtype=np.float32)


def write_part(path: Path, clouds: list[Cloud], labels: list[int]) -> None:
    with h5py.File(path, "w") as file:
        file["data"] = np.stack(clouds)
        file["label"] = np.array(labels, dtype=np.uint8)[:, None]


@pytest.fixture
def hdf5_release(tmp_path: Path) -> Path:
    """24 + 12 training and 6 test shapes of classes 1 and 3 of four, in two training files."""
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
