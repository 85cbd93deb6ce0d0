"""Counts of shapes in the real datasets, in the folder that APSNET_DATA names."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.datasets import open_dataset, twins
from apsnet_core.datasets.pairs import registration_pairs

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def data() -> Path:
    return Path(os.environ["APSNET_DATA"])


def test_modelnet10_has_the_published_counts(data: Path) -> None:
    modelnet = open_dataset(data / "modelnet10_ply_hdf5_2048", points=1024)
    assert (len(modelnet.train) + len(modelnet.validation), len(modelnet.test)) == (3975, 906)
    assert len(modelnet.classes) == 10
    assert (modelnet.up, modelnet.normalisation) == ("z", "unit_sphere")
    near = twins(modelnet.test, modelnet.train) | twins(modelnet.test, modelnet.validation)
    assert 75 <= near.sum() <= 90  # another method finds 81


def test_the_subset_of_modelnet40_has_the_published_counts_and_pairs(data: Path) -> None:
    folder = data / "modelnet40_subset_ply_hdf5_2048"
    subset = open_dataset(folder)
    assert subset.classes == ("airplane", "bathtub", "car", "chair")
    assert (len(subset.train) + len(subset.validation), len(subset.test)) == (1818, 350)
    assert subset.up == "z"
    near = twins(subset.test, subset.train) | twins(subset.test, subset.validation)
    assert 40 <= near.sum() <= 55  # another method finds 44
    car = open_dataset(folder, classes=["car"], validation=0.0)
    assert (len(car.train), len(car.test)) == (197, 100)
    assert len(registration_pairs(car.train)) == 4925
    assert len(registration_pairs(car.test, per_shape=1)) == 100


def test_the_shapenet_style_dataset_has_the_expected_counts_and_split(data: Path) -> None:
    shapenet = open_dataset(data / "shapenet_style_4class_2048")
    assert shapenet.classes == ("airplane", "car", "chair", "table")
    labels = np.concatenate([part.labels for part in (shapenet.train, shapenet.validation, shapenet.test)])
    assert np.bincount(labels).tolist() == [726, 297, 989, 490]
    assert (shapenet.up, shapenet.normalisation) == ("z", "half_sphere")
    np.testing.assert_allclose(
        [len(shapenet.train) / 2502, len(shapenet.validation) / 2502], [0.85, 0.05], atol=0.002
    )
    assert not twins(shapenet.test, shapenet.train).any()
