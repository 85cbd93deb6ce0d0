"""ModelNet's HDF5 release and its folders of meshes, against the data that the tests wrote."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from apsnet_core.datasets import DatasetError, open_dataset
from tests.core.datasets.conftest import ellipsoid, write_part

CUBE = """OFF
8 6 12
0 0 0\n2 0 0\n2 2 0\n0 2 0\n0 0 {z}\n2 0 {z}\n2 2 {z}\n0 2 {z}
4 0 3 2 1\n4 4 5 6 7\n4 0 1 5 4\n4 1 2 6 5\n4 2 3 7 6\n4 3 0 4 7
"""


def test_parts_labels_and_points_equal_those_in_the_files(hdf5_release: Path) -> None:
    data = open_dataset(hdf5_release)
    assert data.classes == ("chair", "table")  # only two of the four names occur
    assert (len(data.train) + len(data.validation), len(data.test)) == (36, 6)
    np.testing.assert_array_equal(data.test.labels, [0, 1, 1, 0, 0, 1])
    with h5py.File(hdf5_release / "ply_data_test0.h5") as file:
        np.testing.assert_array_equal(data.test.points, file["data"][:])
    assert data.normalisation == "unit_sphere"


def test_validation_is_a_tenth_of_each_training_class_and_always_the_same(hdf5_release: Path) -> None:
    data, again = open_dataset(hdf5_release), open_dataset(hdf5_release)
    np.testing.assert_array_equal(np.bincount(data.validation.labels), [1, 2])  # a tenth of 12 and of 24
    assert data.validation.names == again.validation.names
    assert not set(data.train.names) & set(data.validation.names)
    assert data.validation.names != open_dataset(hdf5_release, seed=3).validation.names


def test_classes_are_kept_in_the_order_asked_for_with_the_same_validation(hdf5_release: Path) -> None:
    whole, table = open_dataset(hdf5_release), open_dataset(hdf5_release, classes=["table"])
    assert open_dataset(hdf5_release, classes=["table", "chair"]).test.labels.tolist() == [1, 0, 0, 1, 1, 0]
    assert set(table.train.labels) == {0} and len(table.test) == 3
    assert set(table.validation.names) < set(whole.validation.names)
    with pytest.raises(ValueError, match=r"no class 'sofa'; it has chair, table"):
        open_dataset(hdf5_release, classes=["sofa"])


def test_points_limits_each_cloud_to_its_first_points(hdf5_release: Path) -> None:
    whole, part = open_dataset(hdf5_release), open_dataset(hdf5_release, points=100)
    np.testing.assert_array_equal(part.train.points, whole.train.points[:, :100])
    with pytest.raises(ValueError, match="256 points per shape; 257"):
        open_dataset(hdf5_release, points=257)


def test_without_lists_the_files_are_taken_in_the_order_of_their_numbers(hdf5_release: Path) -> None:
    names = open_dataset(hdf5_release, validation=0.0).train.names
    write_part(hdf5_release / "ply_data_train10.h5", [ellipsoid(7, 256)], [1])
    (hdf5_release / "train_files.txt").unlink()
    assert open_dataset(hdf5_release, validation=0.0).train.names == (*names, "ply_data_train10[0]")


def test_a_truncated_file_is_named(hdf5_release: Path) -> None:
    broken = hdf5_release / "ply_data_train1.h5"
    broken.write_bytes(broken.read_bytes()[:1000])
    with pytest.raises(DatasetError, match=r"ply_data_train1.h5: is not a whole HDF5 file"):
        open_dataset(hdf5_release)


def test_a_listed_file_that_is_absent_is_named(hdf5_release: Path) -> None:
    (hdf5_release / "ply_data_test0.h5").unlink()
    with pytest.raises(DatasetError, match=r"ply_data_test0.h5: is listed but is not there"):
        open_dataset(hdf5_release)


@pytest.mark.parametrize(
    ("labels", "cloud", "sentence"),
    [
        ([9], ellipsoid(1, 256), "label 9, but shape_names.txt names 4 classes"),
        ([1], np.full((256, 3), np.nan, np.float32), "not numbers, first in row 0"),
        ([1], np.zeros((100, 3), np.float32), "clouds of different sizes"),
    ],
)
def test_invalid_contents_are_refused(
    hdf5_release: Path, labels: list[int], cloud: np.ndarray, sentence: str
) -> None:
    write_part(hdf5_release / "ply_data_test0.h5", [cloud], labels)
    with pytest.raises(DatasetError, match=sentence):
        open_dataset(hdf5_release)


def test_meshes_become_points_of_their_surface_on_the_unit_sphere(tmp_path: Path) -> None:
    for name, part, height in [("box", "train", 2), ("box", "test", 3), ("slab", "train", 0.5)]:
        path = tmp_path / "meshes" / name / part / f"{name}_{part}.off"
        path.parent.mkdir(parents=True)
        path.write_text(CUBE.format(z=height))
    data = open_dataset(tmp_path / "meshes")
    assert data.classes == ("box", "slab")
    assert data.train.names == ("box_train", "slab_train") and data.test.names == ("box_test",)
    box = data.train.points[0].astype(np.float64)
    assert box.shape == (2048, 3)
    np.testing.assert_allclose(np.linalg.norm(box, axis=1).max(), 1, atol=1e-6)
    np.testing.assert_allclose(box.mean(axis=0), 0, atol=1e-6)
    # In the unit sphere the faces of a cube are 1 / sqrt(3) from the centre, and each point is on a face.
    np.testing.assert_allclose(np.abs(box).max(axis=1), 1 / np.sqrt(3), atol=0.03)
