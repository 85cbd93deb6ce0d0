"""The texts of all fields of one point."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.colours.point_values import values_at


def test_the_values_of_all_kinds_of_fields_are_texts() -> None:
    cloud = PointCloud(
        np.zeros((2, 3), np.float32),
        rgb=np.array([[1, 2, 3], [300, 5, 6]], np.uint16),
        normals=np.array([[0, 0, 1], [0, -1, 0]], np.float32),
        attributes={
            "classification": np.array([2, 6], np.uint8),
            "gps_time": np.array([1.0, 312345678.25]),
            "temperature": np.array([np.nan, 20.5], np.float32),
            "scan_angle": np.array([0, -7], np.int16),
            "withheld": np.array([True, False]),
            "descriptor": np.arange(12.0).reshape(2, 6),
            "name": np.array(["a", "b"]),
        },
    )
    assert [value.words for value in values_at(cloud, 1)] == [
        "classification 6, Building",
        "gps_time 312345678.25 s",
        "temperature 20.5",
        "scan_angle -7°",
        "withheld no",
        "descriptor 6, 7, 8, 9, …",
        "name b",
        "colour 300, 5, 6",
        "normal 0.000, -1.000, 0.000",
    ]
    assert values_at(cloud, 0)[2].words == "temperature no value"
