"""Colours by a field: range, scale, classes, missing values and legend, against numpy and matplotlib."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import datetime

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from apsnet_core.cloud import PointCloud
from apsnet_core.colours import colormap
from apsnet_core.colours.classes import class_colours
from apsnet_core.colours.field_colours import FieldScale, colour_of, colours_of, histogram
from apsnet_core.colours.fields import classes_in, fields_of, is_categorical, unit_of, values_of
from apsnet_core.colours.point_values import values_at
from apsnet_core.evaluation.comparison.legend import legend_html
from apsnet_core.evaluation.scan_quality import class_field
from apsnet_core.methods.weighted import weights_by

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", ["inferno", "viridis", "cividis", "turbo", "coolwarm", "magma"])
@pytest.mark.parametrize("log", [False, True])
def test_colour_maps_equal_those_of_matplotlib(name: colormap.Map, log: bool) -> None:
    values = RNG.uniform(1, 9, 500)
    ours = colormap.apply(values, 2, 7, log, name=name).astype(int)
    place = (np.log(values / 2) / np.log(7 / 2)) if log else (values - 2) / 5
    expected = matplotlib.colormaps[name](np.clip(place, 0, 1), bytes=True)[:, :3].astype(int)
    assert np.abs(ours - expected).max() <= 1  # matplotlib truncates where we round


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int32, np.int64, np.float32, np.float64])
@pytest.mark.parametrize("log", [False, True])
def test_the_range_is_given_by_percentiles_of_the_known_values(kind: type, log: bool) -> None:
    values: np.ndarray = (RNG.random(4001) ** 3 * 200).astype(kind)
    known = values[values > 0] if log else values
    if np.dtype(kind).kind == "f":
        values[::7] = np.nan
        known = values[np.isfinite(values)]
    found = colour_of(values, FieldScale(percentiles=(5, 90), log=log), field="intensity")
    low, high = np.percentile(known.astype(np.float64), [5, 90])
    assert (found.legend.low, found.legend.high) == pytest.approx((low, high), rel=1e-6)
    expected = colormap.apply(values.astype(float), found.legend.low, found.legend.high, log)
    np.testing.assert_array_equal(found.rgb, expected)
    assert found.legend.missing == len(values) - len(known) or log


def test_missing_values_are_grey() -> None:
    values = np.array([1.0, np.nan, np.inf, -np.inf, 3.0])
    found = colour_of(values, FieldScale(percentiles=(0, 100)))
    assert found.legend.missing == 3
    assert [tuple(rgb) == colormap.UNKNOWN for rgb in found.rgb.tolist()] == [False, True, True, True, False]
    nothing = colour_of(np.full(4, np.nan))
    assert nothing.rgb.tolist() == [list(colormap.UNKNOWN)] * 4 and nothing.legend.missing == 4
    assert len(colour_of(np.zeros(0)).rgb) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert colour_of(np.array([1, 1, np.inf])).rgb[2].tolist() == list(colormap.UNKNOWN)


def test_a_few_values_among_equal_ones_are_visible() -> None:
    values = np.zeros(10_000)
    values[5] = 4.0
    found = colour_of(values)
    assert (found.legend.low, found.legend.high) == (0, 4)
    assert found.rgb[5].tolist() != found.rgb[0].tolist()


@given(st.lists(st.integers(-(2**33), 2**33) | st.integers(-3, 300), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_classes_are_counted_as_by_numpy(numbers: list[int]) -> None:
    values = np.array(numbers)
    for given_ in (values, values.astype(np.float64)):
        found, counts = classes_in(given_)
        expected = np.unique(values, return_counts=True)
        assert found.tolist() == expected[0].tolist() and counts.tolist() == expected[1].tolist()


def test_classes_of_a_scan_have_the_standards_names_and_colours() -> None:
    values = np.array([2, 6, 2, 9, 200, 2], np.uint8)
    cloud = PointCloud(RNG.normal(size=(6, 3)).astype(np.float32), attributes={"classification": values})
    found = colours_of(cloud, "classification")
    assert [(each.value, each.name, each.count) for each in found.legend.classes] == [
        (2, "Ground", 3), (6, "Building", 1), (9, "Water", 1), (200, "200", 1),
    ]  # fmt: skip
    by_class = {each.value: list(each.rgb) for each in found.legend.classes}
    assert found.rgb.tolist() == [by_class[value] for value in values.tolist()]


def test_hidden_classes_are_in_the_legend_and_not_drawn() -> None:
    values = np.array([2, 6, 2, 9, np.nan])
    found = colour_of(values, FieldScale(hidden=(2, 77)), field="classification")
    assert found.shown is not None and found.shown.tolist() == [False, True, False, True, True]
    assert [(each.value, each.hidden) for each in found.legend.classes] == [(2, True), (6, False), (9, False)]
    assert found.shown_rows.tolist() == [1, 3, 4] and len(found.drawn.rgb) == 3
    assert colour_of(values, field="classification").shown is None


def test_a_class_keeps_its_colour_and_neighbours_differ() -> None:
    alone, among = class_colours("object", np.array([17])), class_colours("object", np.arange(300))
    assert alone[0].tolist() == among[17].tolist()
    apart = np.abs(np.diff(among.astype(int), axis=0)).max(axis=1)
    assert apart.min() > 60


def test_points_without_an_object_are_grey() -> None:
    found = colour_of(np.array([0, -1, 1], np.int32), field="object")
    assert tuple(found.rgb[1]) == colormap.UNKNOWN
    assert [each.value for each in found.legend.classes] == [0, 1] and found.legend.missing == 1


@pytest.mark.parametrize(
    ("field", "values", "expected"),
    [
        ("classification", np.array([1, 2], np.uint8), True),
        ("flag", np.array([True, False]), True),
        ("label", np.array([0.5, 1.0]), False),
        ("label", np.array([0.0, 1.0, np.nan]), True),
        ("intensity", np.array([1, 2], np.uint16), False),
        ("label", np.arange(5000), False),
        ("scan_direction_flag", np.array([0, 1], np.uint8), True),
    ],
)
def test_fields_of_classes_are_recognised(field: str, values: np.ndarray, expected: bool) -> None:
    assert is_categorical(field, values) == expected


@pytest.mark.parametrize("log", [False, True])
def test_the_histogram_equals_that_of_numpy(log: bool) -> None:
    values = RNG.lognormal(size=3000)
    values[::9] = np.nan
    counts, edges = histogram(values, FieldScale(log=log), bins=20)
    known = values[np.isfinite(values)]
    expected, at = np.histogram(np.log(known) if log else known, 20)
    assert counts.sum() == len(known) and np.abs(counts - expected).max() <= 1
    np.testing.assert_allclose(edges, np.exp(at) if log else at, rtol=1e-12)


def test_the_fields_are_those_of_the_file_absolute_axes_and_curvature() -> None:
    cloud = PointCloud(
        RNG.normal(size=(5, 3)).astype(np.float32),
        offset=np.array([1e6, 0, 0]),
        attributes={"t": np.arange(5), "f": RNG.random((5, 2)), "name": np.array(list("abcde"))},
    )
    assert fields_of(cloud) == ["t", "f[0]", "f[1]", "x", "y", "z", "curvature"]
    np.testing.assert_array_equal(values_of(cloud, "x"), cloud.absolute[:, 0])
    np.testing.assert_array_equal(values_of(cloud, "f[1]"), cloud.attributes["f"][:, 1])
    with pytest.raises(ValueError, match="the fields are t, f"):
        values_of(cloud, "nothing")


def test_curvature_is_estimated_once_if_the_file_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle is the covariance of the neighbours in float64; a field of the file takes precedence."""
    xyz = RNG.normal(size=(600, 3)).astype(np.float32) * [1, 1, 0.1]
    cloud = PointCloud.from_array(xyz)
    near = np.asarray(cKDTree(xyz).query(xyz, 16)[1])
    spreads = [np.linalg.eigvalsh(np.cov(xyz[rows].T.astype(np.float64))) for rows in near]
    found = values_of(cloud, "curvature")
    np.testing.assert_allclose(found, [spread[0] / spread.sum() for spread in spreads], atol=1e-5)
    weights = weights_by(cloud, "curvature")
    np.testing.assert_allclose(weights, found / found.max(), atol=1e-6)
    monkeypatch.setattr("apsnet_core.ops.neighbours.local_planes", None)
    assert values_of(cloud, "curvature") is found, "the curvature was estimated twice"
    assert colours_of(cloud, "curvature").legend.title == "curvature"
    told = PointCloud(cloud.xyz, attributes={"curvature": np.arange(600)})
    np.testing.assert_array_equal(values_of(told, "curvature"), np.arange(600))
    assert fields_of(told) == ["curvature", "x", "y", "z"]


@pytest.mark.parametrize(
    ("scale", "why"),
    [
        ({"percentiles": (90, 10)}, "0 to 100"),
        ({"low": 3.0, "high": 3.0}, "lower to a higher"),
        ({"low": 0.0, "log": True}, "above zero"),
        ({"high": np.inf}, "finite"),
        ({"map": "rainbow"}, "the maps are auto, inferno"),
    ],
)
def test_invalid_scales_are_refused(scale: dict, why: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=why):
        FieldScale(**scale)


def test_numbers_that_the_scale_does_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="values above zero"):
        colour_of(np.zeros(4), FieldScale(log=True))
    with pytest.raises(ValueError, match="no classes that could be hidden"):
        colour_of(np.array([0.5]), FieldScale(hidden=(1,)))
    with pytest.raises(ValueError, match="whole"):
        colour_of(np.array([0.5]), FieldScale(classes=True))


@pytest.mark.parametrize("name", ["scalar_Classification", "Classification", "raw_classification"])
def test_fields_are_known_by_the_names_of_other_programs(name: str) -> None:
    """CloudCompare's PLY files have a prefix and use capitals instead of underscores."""
    cloud = PointCloud(np.zeros((3, 3), np.float32), attributes={name: np.array([2.0, 6, 2], np.float32)})
    assert [each.name for each in colours_of(cloud, name).legend.classes] == ["Ground", "Building"]
    assert class_field(cloud) == name and values_at(cloud, 1)[0].words == f"{name} 6, Building"
    assert unit_of("scalar_GpsTime") == unit_of("scalar_Gps Time") == "s" and not unit_of("scalar_")


def test_legends_give_times_since_a_date_and_long_numbers_since_a_round_one() -> None:
    began = datetime(2020, 11, 21, 13, 20, 30)
    seconds = (began - datetime(1980, 1, 6)).total_seconds() - 1e9 + np.linspace(0, 600, 4001)
    cloud = PointCloud(np.zeros((4001, 3), np.float32), attributes={"gps_time": seconds}, standard_time=True)
    legend = colours_of(cloud, "gps_time", FieldScale(percentiles=(0, 100))).legend
    assert legend.words == "gps_time, s after 2020-11-21 13:20"
    assert (legend.low - legend.base, legend.high - legend.base) == (30, 630)
    assert "<span>30</span>" in legend_html(legend) and "<span>630</span>" in legend_html(legend)
    assert values_at(cloud, 4000)[1].words == "GPS date 2020-11-21 13:30:30"
    of_week = colours_of(replace(cloud, standard_time=False), "gps_time").legend
    assert of_week.words == "gps_time, +290000000 s" and 30 < of_week.low - of_week.base < 40
    near = colours_of(cloud, "gps_time", FieldScale(low=0.0, high=9.0)).legend
    assert near.words == "gps_time, s after 2011-09-14 01:46"
    assert colour_of(np.array([636_000.0, 636_200.0]), field="x").legend.words == "x, units"
