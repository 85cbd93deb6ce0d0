"""Sampling weighted by a field, and sampling of the most attended points, against float64 references."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.attention import heatmap
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import learned
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.weights.metadata import WeightsError
from tests.naive import sampling as plain


def cloud(n: int = 300) -> PointCloud:
    random = np.random.default_rng(0)
    intensity = random.integers(0, 5, n).astype(np.float32)
    intensity[:3] = (np.nan, -4, np.inf)
    return PointCloud(random.normal(size=(n, 3)).astype(np.float32), attributes={"intensity": intensity})


def test_points_are_drawn_in_proportion_to_the_field_and_those_of_weight_0_last() -> None:
    scan = cloud()
    weights = np.nan_to_num(scan.attributes["intensity"].astype(np.float64), posinf=0).clip(0)
    weighted = create(MethodSpec.parse("weighted@intensity"))
    drawn = np.zeros(len(scan))
    for seed in range(400):
        rows = weighted.sample(scan, 1, seed).indices
        assert rows is not None
        drawn[rows] += 1
    kinds = np.array([drawn[weights == kind].sum() for kind in range(5)])
    expected = 400 * np.array([weights[weights == kind].sum() for kind in range(5)]) / weights.sum()
    assert kinds[0] == 0 and (np.abs(kinds - expected) < 4 * np.sqrt(expected + 1)).all()
    all_rows = weighted.sample(scan, len(scan), 1).indices
    assert all_rows is not None and len(np.unique(all_rows)) == len(scan)
    some = int((weights > 0).sum())
    assert (weights[all_rows[:some]] > 0).all() and not weights[all_rows[some:]].any()


def test_without_a_name_the_first_field_is_used_and_unusable_fields_are_refused() -> None:
    scan = cloud()
    found = create(MethodSpec.parse("weighted")).sample(scan, 9, 4)
    assert found.method == "weighted@intensity"
    named = create(MethodSpec.parse("weighted@intensity#4")).sample(scan, 9)
    assert np.array_equal(found.points, named.points)
    for text, why in (("weighted@colour", "no field 'colour'"), ("weighted@zeros", "above 0")):
        blank = PointCloud(scan.xyz, attributes={"zeros": np.zeros(len(scan), np.float32)})
        with pytest.raises(ValueError, match=why):
            create(MethodSpec.parse(text)).sample(blank, 3)
    equal = create(MethodSpec.parse("weighted")).sample(PointCloud(scan.xyz), 3)
    assert "no field to weight by" in equal.notes[0] and equal.method == "weighted"
    assert MethodSpec.parse("weighted@intensity#3").label == "Weighted (intensity, seed 3)"
    for text in ("weighted@", "weighted:g", "attended:m", "attended@"):
        with pytest.raises(ValueError, match=r"names no|no variants"):
            MethodSpec.parse(text)


def test_a_note_counts_the_points_of_weight_0() -> None:
    scan = cloud()
    none = int((~(scan.attributes["intensity"] > 0) | np.isinf(scan.attributes["intensity"])).sum())
    assert none > 3
    weighted = create(MethodSpec.parse("weighted@intensity"))
    (note,) = weighted.sample(scan, 9).notes
    assert note == f"{none} points without a number above 0 in the field 'intensity' weighed nothing."
    (note,) = weighted.sample(scan, len(scan) - none + 2).notes
    assert note.endswith("weighed nothing, and 2 of them had to be taken.")
    full = PointCloud(scan.xyz, attributes={"a": np.full(len(scan), 1e-30, np.float32)})
    assert create(MethodSpec.parse("weighted@a")).sample(full, len(full)).notes == ()


def test_the_most_attended_points_equal_those_of_the_plain_reference() -> None:
    shape = PointCloud(np.random.default_rng(1).normal(size=(500, 3)).astype(np.float32))
    attended = create(MethodSpec.parse("attended"), "classification", up="z")
    rows = attended.sample(shape, 40).indices
    assert rows is not None
    told = create(MethodSpec.parse("apsnet"), "classification", up="z").sample(shape, 32)
    heat = heatmap(told, shape).astype(np.float64)
    assert heat[rows].min() >= np.delete(heat, rows).max() - 1e-6
    assert (np.diff(heat[rows]) <= 1e-6).all()
    fewer = attended.sample(shape, 7).indices
    assert fewer is not None and np.array_equal(fewer, rows[:7])
    assert len(np.intersect1d(plain.attended(shape.xyz, 40, 32), rows)) >= 39


def test_attended_uses_weights_of_apsnet_and_is_not_a_trained_method() -> None:
    assert "attended" not in {row.name for row in learned()}
    named = create(MethodSpec.parse("attended@reconstruction-apsnet"))
    found = named.sample(PointCloud(np.random.default_rng(1).normal(size=(90, 3)).astype(np.float32)), 5)
    assert found.weights == "reconstruction-apsnet" and found.rollout is None
    with pytest.raises(WeightsError, match="not apsnet"):
        create(MethodSpec.parse("attended@classification-samplenet-8"))


def test_attended_gives_the_same_points_for_a_batch_and_for_each_cloud() -> None:
    random = np.random.default_rng(2)
    clouds = [PointCloud(random.normal(size=(120, 3)).astype(np.float32)) for _ in range(3)]
    attended = create(MethodSpec.parse("attended"), "classification", up="z")
    for one, shape in zip(attended.sample_all(clouds, 6), clouds, strict=True):
        assert np.array_equal(one.points, attended.sample(shape, 6).points)
