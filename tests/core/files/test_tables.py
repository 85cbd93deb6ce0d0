"""Points stored otherwise than as an array (n, 3): tables, separate x, y, z, organised clouds (h, w, 3)."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud

XYZ = np.random.default_rng(3).uniform(-1, 1, (60, 3)).astype(np.float32)


def _saved(path: Path, **arrays: np.ndarray) -> Path:
    if path.suffix == ".npz":
        np.savez(path, **arrays)  # type: ignore[arg-type]
    else:
        with h5py.File(path, "w") as file:
            for name, values in arrays.items():
                file[name.replace("__", "/")] = values
    return path


@pytest.mark.parametrize("suffix", [".npz", ".h5"])
def test_structured_arrays_in_archives_are_read(tmp_path: Path, suffix: str) -> None:
    table = np.empty((6, 10), [("x", "f4"), ("y", ">f8"), ("z", "f4"), ("intensity", "u2")])
    table["x"], table["y"], table["z"] = XYZ.T.reshape(3, 6, 10)
    table["intensity"] = np.arange(60).reshape(6, 10)
    cloud = files.read(_saved(tmp_path / f"a{suffix}", scan=table, weights=np.arange(7)))
    assert isinstance(cloud, PointCloud) and np.array_equal(cloud.xyz, XYZ)
    assert cloud.attributes["intensity"].tolist() == list(range(60))
    two = _saved(tmp_path / f"b{suffix}", one=table[0], two=table[1])
    with pytest.raises(files.ReadError, match="its tables could be the points; choose one: one, two"):
        files.read(two)
    assert np.array_equal(files.read(two, dataset="two").xyz, XYZ[10:20])  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", [".npz", ".h5"])
def test_separate_arrays_of_x_y_and_z_are_read(tmp_path: Path, suffix: str) -> None:
    x, y, z = XYZ.T
    path = _saved(tmp_path / f"a{suffix}", x=x, Y=y, z=z, label=np.arange(60), other=np.arange(7))
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud) and np.array_equal(cloud.xyz, XYZ)
    assert list(cloud.attributes) == ["label"]
    with pytest.raises(files.ReadError, match="it holds x"):
        files.read(_saved(tmp_path / f"b{suffix}", x=x, y=y))


@pytest.mark.parametrize("suffix", [".npz", ".h5"])
@pytest.mark.parametrize(
    ("stored", "label"),
    [(7, 7), ([7.0], 7), (0.75, "0.75"), ([0.75], "0.75"), ([b"a"], "a"), (np.nan, "nan"), ([1, 2], None)],
)
def test_the_label_of_a_single_cloud_is_read(
    tmp_path: Path, suffix: str, stored: object, label: object
) -> None:
    path = _saved(tmp_path / f"a{suffix}", data=XYZ, label=np.array(stored))
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud) and cloud.label == label and not cloud.attributes
    path = _saved(tmp_path / f"b{suffix}", data=np.stack([XYZ, XYZ]), label=np.array([0.5, 2.0]))
    two = [files.read(path, row=row) for row in range(2)]
    assert [each.label for each in two if isinstance(each, PointCloud)] == ["0.5", 2]


def _seen(rows: int, columns: int, *, lidar: bool = False) -> np.ndarray:
    """An organised scan (rows, columns, 3): a wall by a depth camera, or a hall by a rotating laser."""
    up, side = np.meshgrid(np.linspace(-0.5, 0.5, rows), np.linspace(-0.7, 0.7, columns), indexing="ij")
    if lidar:
        around = np.linspace(-np.pi, np.pi, columns, endpoint=False)[None].repeat(rows, 0)
        flat = 8 + np.sin(3 * around)
        return np.stack([flat * np.cos(around), flat * np.sin(around), flat * np.tan(up)], axis=-1)
    depth = 3 + 0.3 * np.sin(5 * up) * np.cos(4 * side)
    return np.stack([side * depth, up * depth, depth], axis=-1)


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".h5"])
@pytest.mark.parametrize("lidar", [False, True])
def test_an_organised_cloud_is_read_as_one_cloud(tmp_path: Path, suffix: str, lidar: bool) -> None:
    grid = _seen(48, 64, lidar=lidar)
    grid[3, 5] = np.nan
    path = tmp_path / f"a{suffix}"
    np.save(path, grid) if suffix == ".npy" else _saved(path, points=grid)
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud) and len(cloud) == 48 * 64 - 1
    left = np.delete(np.arange(48 * 64), 3 * 64 + 5)
    assert np.array_equal(cloud.source_rows(np.arange(len(cloud))), left)
    assert np.allclose(cloud.absolute, grid.reshape(-1, 3)[left], atol=1e-5)
    assert "organised as 48 x 64: kept as a list of points" in cloud.notes[0]
    [stored] = files.describe(path)  # it counts as one cloud, so the user need not choose a row
    assert (stored.rows, stored.points) == (1, 48 * 64)
    assert len(files.read(path, row=7)) == 64  # type: ignore[arg-type]


def test_stacked_clouds_are_not_read_as_one_organised_cloud(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    apart = rng.normal(size=(40, 64, 3)) + 100 * np.arange(40)[:, None, None]
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle), angle / 7], axis=-1)
    moving = ring + np.linspace(0, 0.5, 40)[:, None, None] * [1, 0, 0]  # frames of one moving shape
    for name, stack in {"random": rng.normal(size=(40, 64, 3)), "apart": apart, "moving": moving}.items():
        np.save(tmp_path / f"{name}.npy", stack)
        with pytest.raises(files.ReadError, match="40 clouds of 64 points; choose a row from 0 to 39"):
            files.read(tmp_path / f"{name}.npy")
        assert [stored.rows for stored in files.describe(tmp_path / f"{name}.npy")] == [40]


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.h5"])
def test_choices_that_a_table_does_not_offer_are_refused(tmp_path: Path, name: str) -> None:
    """A choice that is ignored silently would look as if it had been made."""
    table = np.empty(60, [("x", "f4"), ("y", "f4"), ("z", "f4")])
    table["x"], table["y"], table["z"] = XYZ.T
    path = tmp_path / name
    if path.suffix == ".npy":
        np.save(path, table)
    else:
        _saved(path, scan=table)
    for row in (None, 0, "all"):
        assert np.array_equal(files.read(path, row=row).xyz, XYZ)  # type: ignore[union-attr]
    with pytest.raises(files.ReadError, match="a single cloud; there is no row 3 to choose"):
        files.read(path, row=3)
    with pytest.raises(files.ReadError, match="columns have names of their own; leave --columns out"):
        files.read(path, columns=("x", "y", "z"))
    with pytest.raises(files.ReadError, match=r"there is no (array|dataset) 'other' in it"):
        files.read(path, dataset="other")


def test_a_dataset_cannot_be_chosen_in_a_file_of_one_array(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", XYZ)
    with pytest.raises(
        files.ReadError, match="a single array without a name; there is no array 'data' in it"
    ):
        files.read(tmp_path / "a.npy", dataset="data")
    [told] = files.describe(tmp_path / "a.npy")
    assert np.array_equal(files.read(tmp_path / "a.npy", dataset=told.name).xyz, XYZ)  # type: ignore[union-attr]
