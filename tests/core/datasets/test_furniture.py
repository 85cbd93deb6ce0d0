"""The bundled furniture: its classes, attribution and size, and a split without near-identical shapes."""

from __future__ import annotations

import csv

import numpy as np

from apsnet_core.datasets import open_dataset, twins
from apsnet_core.datasets.furniture import ATTRIBUTION, SHAPES, read_furniture
from apsnet_core.datasets.make_furniture import LICENCES, class_of
from apsnet_core.datasets.near_identical import twin_groups


def test_at_least_eight_classes_have_twenty_shapes() -> None:
    shapes = read_furniture()
    assert (np.bincount(shapes.labels) >= 20).sum() >= 8
    assert shapes.points.shape[1:] == (2048, 3)
    assert SHAPES.stat().st_size < 4e6


def test_every_shape_is_credited() -> None:
    shapes = read_furniture()
    with ATTRIBUTION.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert [row["model"] for row in rows] == list(shapes.names)
    assert [row["class"] for row in rows] == [shapes.classes[label] for label in shapes.labels]
    for row in rows:
        assert row["author"] and row["source"] and row["licence text"] == LICENCES[row["licence"]]


def test_near_identical_shapes_are_in_the_same_part() -> None:
    shapes = read_furniture()
    assert shapes.groups is not None
    fresh = twin_groups(shapes.points, shapes.labels)
    assert len(set(zip(fresh, shapes.groups, strict=True))) == len(set(fresh)) == len(set(shapes.groups))
    data = open_dataset("furniture")
    assert not twins(data.test, data.train).any()
    assert not twins(data.test, data.validation).any()
    assert not twins(data.validation, data.train).any()
    for part in (data.train, data.validation, data.test):
        assert set(part.labels) == set(range(len(data.classes)))


def test_bundled_shapes_are_upright_in_the_unit_sphere() -> None:
    data = open_dataset("furniture", points=1024)
    assert (data.up, data.normalisation) == ("y", "unit_sphere")
    # The top of a table is at the top, so most of its points are in the upper half.
    tables = data.train.points[data.train.labels == data.classes.index("table")]
    middle = (tables[..., 1].max(axis=1) + tables[..., 1].min(axis=1)) / 2
    assert np.mean(tables[..., 1] > middle[:, None]) > 0.6


def test_misleading_names_of_models_get_the_right_class_or_none() -> None:
    kitchen, lights, vehicles = "Kitchen", "Lights", "Vehicles"
    assert class_of("Table fan", "Miscellaneous") is None
    assert class_of("Desk lamp", lights) == "lamp"
    assert class_of("Table tennis bat", "Miscellaneous") is None
    assert class_of("Plate, glass and cutlery", kitchen) is None
    assert class_of("Wheelchair", "Miscellaneous") is None
    assert class_of("Sink cabinet", kitchen) is None
    assert class_of("Fork lift", vehicles) is None
    assert class_of("Doll house", "Bedroom") is None
    assert class_of("Mannequin female", "Characters") is None
    assert class_of("Oak table", "Living room") == "table"
    assert class_of("Winchester armchair", "Living room") == "chair"
