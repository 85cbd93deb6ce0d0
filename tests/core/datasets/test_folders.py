"""Datasets with one file per shape: ShapeNet's layout, plain class folders, and broken files in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.datasets import DatasetError, open_dataset, twins
from tests.core.datasets.conftest import Cloud, ellipsoid

WritePly = Callable[[Path, Cloud], None]


@pytest.fixture
def shapenet(tmp_path: Path, write_ply: WritePly) -> Path:
    """60 clouds of chairs, six of them second samplings of the same shape, and 20 of an unknown synset."""
    for i in range(60):
        shape, sample = (i - 54, 1) if i >= 54 else (i, 0)
        write_ply(tmp_path / "set" / "03001627" / f"{i:03}.ply", 0.5 * ellipsoid(shape, 2048, sample))
    for i in range(20):
        write_ply(tmp_path / "set" / "12345678" / f"{i:03}.ply", 0.5 * ellipsoid(500 + i))
    return tmp_path / "set"


def test_shapenet_is_split_85_5_10_with_twins_together(shapenet: Path) -> None:
    data = open_dataset(shapenet)
    assert data.classes == ("chair", "12345678")
    assert [np.bincount(part.labels).tolist() for part in (data.train, data.validation, data.test)] == [
        [51, 17],
        [3, 1],
        [6, 2],
    ]
    assert not twins(data.test, data.train).any()
    assert not twins(data.test, data.validation).any()
    assert not twins(data.validation, data.train).any()
    assert len(set(np.concatenate([data.train.groups, data.validation.groups, data.test.groups]))) <= 74


def test_the_test_part_never_depends_on_the_seed_of_a_run(shapenet: Path) -> None:
    first, other = open_dataset(shapenet, seed=0), open_dataset(shapenet, seed=1, validation=0.2)
    assert first.test.names == other.test.names
    assert first.validation.names != other.validation.names


def test_clouds_of_shapenet_are_not_changed(shapenet: Path) -> None:
    data = open_dataset(shapenet)
    row = data.train.names.index("020")
    np.testing.assert_array_equal(data.train.points[row], 0.5 * ellipsoid(20))
    assert data.normalisation == "half_sphere"


def test_class_folders_may_hold_any_readable_files_at_any_scale(tmp_path: Path, write_ply: WritePly) -> None:
    folder = tmp_path / "mine"
    write_ply(folder / "egg" / "a.ply", 1000 * ellipsoid(1, 3000) + 5)
    np.savetxt(folder / "egg" / "b.xyz", ellipsoid(2, 100))
    (folder / "block").mkdir()
    np.save(folder / "block" / "c.npy", ellipsoid(3))
    (folder / "block" / "notes.md").write_text("not a shape")
    (folder / "block" / ".hidden.xyz").write_text("not a shape either")
    data = open_dataset(folder, validation=0.0)
    assert data.classes == ("block", "egg") and data.train.names == ("c", "a", "b")
    assert data.normalisation == "unit_sphere"
    np.testing.assert_allclose(data.train.points.mean(axis=1), 0, atol=1e-5)
    # If a file has fewer points than needed, all are used, and some are repeated.
    assert len(np.unique(data.train.points[2], axis=0)) == 100
    assert len(np.unique(data.train.points[1], axis=0)) == 2048


def test_every_broken_file_is_named(tmp_path: Path, write_ply: WritePly) -> None:
    folder = tmp_path / "mine"
    write_ply(folder / "egg" / "a.ply", ellipsoid(1))
    (folder / "egg" / "b.ply").write_bytes((folder / "egg" / "a.ply").read_bytes()[:500])
    (folder / "egg" / "c.xyz").write_text("1 1 1\n1 1 1\n1 1 1\n")
    with pytest.raises(DatasetError, match=r"b\.ply: .*; 1 more broken file: apsnet data check") as raised:
        open_dataset(folder)
    assert [error.path.name for error in raised.value.more] == ["c.xyz"]
    assert "all its points are the same" in raised.value.more[0].why


def test_the_error_for_an_unknown_layout_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"ModelNet HDF5.*ShapeNet clouds.*one folder per class"):
        open_dataset(tmp_path)
    with pytest.raises(DatasetError, match="is not a folder"):
        open_dataset(tmp_path / "nowhere")
