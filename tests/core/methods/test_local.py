"""Local sampling gives m points, each part its share of them, and shows no borders between the parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.local import LocalSampling, sample_parts
from apsnet_core.methods.local_parts import WAYS, By, Neighbourhood, Parts, divide
from apsnet_core.sampling import Sampling
from tests.core.editing.room import FURNITURE, room

OFFSET = np.array([637000.0, 851000.0, 400.0])


def hills(n: int = 40_000, seed: int = 0) -> PointCloud:
    """A hilly ground with an even density of points."""
    xy = np.random.default_rng(seed).uniform(0, 10, (n, 2))
    z = 0.5 * np.sin(0.6 * xy[:, 0]) * np.cos(0.5 * xy[:, 1])
    return PointCloud(np.column_stack([xy, z]).astype(np.float32), offset=OFFSET)


def border_ratio(cloud: PointCloud, found: LocalSampling) -> float:
    """The ratio of samples per point near the borders of the parts to samples per point inside them."""
    low = np.array([cloud.xyz[found.part == k].min(axis=0) for k in range(found.part.max() + 1)])
    high = np.array([cloud.xyz[found.part == k].max(axis=0) for k in range(found.part.max() + 1)])

    def near(points: np.ndarray, part: np.ndarray) -> np.ndarray:
        depth = np.minimum(points - low[part], high[part] - points) / (high - low)[part]
        return np.asarray(depth[:, :2].min(axis=1) < 0.1)

    there, sampled = near(cloud.xyz, found.part), near(found.sampling.points, found.part_of_sample)
    return float((sampled.mean() / there.mean()) / ((~sampled).mean() / (~there).mean()))


@pytest.mark.parametrize("by", ["tiles", "cells"])
@pytest.mark.parametrize("method", ["farthest_point", "samplenet:m", "apsnet:m"])
def test_the_density_of_samples_does_not_change_at_the_borders_of_parts(by: By, method: str) -> None:
    cloud = hills()
    m = 600 if method == "apsnet:m" else 2000
    found = sample_parts(cloud, m, method, by=by, up="z")
    slack = 3 / np.sqrt(0.36 * m)  # three standard deviations: about a third of the samples is near a border
    assert 1 / 1.2 - slack < border_ratio(cloud, found) < 1.2 + slack


@pytest.mark.parametrize("by", WAYS)
def test_a_local_sample_is_m_rows_of_the_cloud_from_its_parts(by: By) -> None:
    cloud = room().cloud if by == "objects" else hills()
    for m in (5, 333):
        found = sample_parts(cloud, m, "farthest_point", by=by, up="z", seed=3)
        sampling = found.sampling
        assert sampling.indices is not None and len(np.unique(sampling.indices)) == m
        np.testing.assert_array_equal(sampling.points, cloud.xyz[sampling.indices])
        np.testing.assert_array_equal(found.part[sampling.indices], found.part_of_sample)
        again = sample_parts(cloud, m, "farthest_point", by=by, up="z", seed=3).sampling
        np.testing.assert_array_equal(again.indices, sampling.indices)


def test_objects_get_samples_in_proportion_and_the_background_gets_none() -> None:
    found = sample_parts(room().cloud, 400, "random", by="objects", up="z")
    sampled, there = (np.bincount(each[each >= 0]) for each in (found.part_of_sample, found.part))
    assert len(sampled) == len(FURNITURE)
    assert np.abs(sampled - 400 * there / there.sum()).max() <= 1
    assert "were not sampled" in found.sampling.notes[0]


def test_shares_by_area_do_not_depend_on_the_density_of_points() -> None:
    """One half has ten times the points: it gets ten times the samples by points, as many by area."""
    even, dense = hills(4000).xyz, hills(40_000, 1).xyz
    cloud = PointCloud(np.concatenate([even[even[:, 0] < 5], dense[dense[:, 0] >= 5]]))
    for share, expected in (("points", 10 / 11), ("area", 0.5)):
        found = sample_parts(cloud, 1000, "random", by="tiles", share=share, up="z")  # type: ignore[arg-type]
        assert (found.sampling.points[:, 0] >= 5).mean() == pytest.approx(expected, abs=0.08)


def test_shares_by_attention_are_in_proportion_to_the_attention() -> None:
    from apsnet_core.methods.attention import heatmap
    from apsnet_core.methods.creating import create
    from apsnet_core.methods.spec import MethodSpec

    cloud = hills(6000)
    found = sample_parts(cloud, 500, "apsnet:m", by="cells", share="attention", up="z")
    whole = create(MethodSpec.parse("apsnet:m"), None, "z", m=64).sample(cloud, 64)
    square = (cloud.xyz[:, :2] / 2.5).astype(int) @ [4, 1]
    attention = np.bincount(square, heatmap(whole, cloud))
    sampled = np.bincount(square[found.sampling.indices], minlength=len(attention))
    assert np.corrcoef(attention, sampled)[0, 1] > 0.9
    with pytest.raises(ValueError, match="no attention to share by"):
        sample_parts(cloud, 50, "random", share="attention")


def test_local_sampling_works_with_generated_points() -> None:
    found = sample_parts(hills(8000), 300, "samplenet:g", by="cells", up="z")
    assert found.sampling.indices is None and found.sampling.points.shape == (300, 3)
    assert np.isfinite(found.sampling.points).all()


@pytest.mark.parametrize("by", ["tiles", "cells"])
@pytest.mark.parametrize("up", ["z", "y", "-x"])
def test_parts_are_disjoint_small_and_within_their_boxes(by: By, up: str) -> None:
    cloud, n = hills(5000), 5000
    parts = divide(cloud, by, np.full(n, 1 / n), 0.01, up)
    rows = np.concatenate([part.rows for part in parts.each])
    assert sorted(rows.tolist()) == list(range(n))
    for part in parts.each:
        assert len(part.rows) <= 0.01 * n and part.low is not None and part.high is not None
        own = parts.turned[part.rows]
        assert (own >= part.low - 1e-6).all() and (own <= part.high + 1e-6).all()


def test_a_part_of_equal_points_is_not_divided_further() -> None:
    cloud = PointCloud(np.ones((500, 3), np.float32))
    assert len(sample_parts(cloud, 20, "random", by="cells", up="z").sampling) == 20


def test_the_points_within_a_box_equal_those_of_a_full_search() -> None:
    rng = np.random.default_rng(0)
    points = (rng.normal(size=(3000, 3)) * [5, 1, 0.01]).astype(np.float32)
    near = Neighbourhood(points)
    for _ in range(30):
        low = rng.normal(size=3) * [5, 1, 0.01] - [1, 0.5, 0.01]
        high = low + rng.random(3) * [4, 2, 0.05]
        expected = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
        np.testing.assert_array_equal(np.sort(near.within(low, high)), expected)


def test_the_progress_callback_may_stop_the_work_by_an_exception() -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        sample_parts(hills(4000), 500, "random", up="z", tell=stop)
    told: list[float] = []
    parts = sample_parts(hills(4000), 500, "random", up="z", tell=told.append).part.max() + 1
    # Progress is also reported, as 0, while the cloud is divided.
    assert told == sorted(told) and told.count(0.0) == parts and told[-1] == 1.0


def test_the_bounding_box_of_the_cloud_is_computed_once_for_all_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Generated samples at the rim need the bounding box of all points, which is computed once."""
    looked: list[int] = []
    ends = vars(Parts)["ends"].func

    def counted(parts: Parts) -> object:
        looked.append(len(parts.each))
        return ends(parts)

    once = cached_property(counted)
    once.__set_name__(Parts, "ends")
    monkeypatch.setattr(Parts, "ends", once)
    sample_parts(hills(4000), 300, "samplenet:g", by="tiles", up="z")
    assert len(looked) == 1 and looked[0] > 10


def test_a_network_meets_few_numbers_of_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of equal size form a batch, since a network keeps memory for every size that it has met."""
    from apsnet_core.methods.learned import LearnedSampler

    met: list[list[int]] = []
    sample_all = LearnedSampler.sample_all

    def counted(self: LearnedSampler, clouds: Sequence[PointCloud], m: int, seed: int = 0) -> list[Sampling]:
        met.append([len(cloud) for cloud in clouds])
        return sample_all(self, clouds, m, seed)

    monkeypatch.setattr(LearnedSampler, "sample_all", counted)
    uneven = np.random.default_rng(0).normal(size=(20_000, 3)) * [1, 1, 0.01]
    sample_parts(PointCloud(uneven.astype(np.float32)), 1500, "apsnet:m", by="tiles", up="z")
    sizes = {size for group in met for size in group}
    assert len(sizes) <= 1024 / 64 + 64 / 8 and len(met) <= 2 * len(sizes)
    assert all(len(set(group)) == 1 for group in met)


@pytest.mark.parametrize("m", [20, 400])
def test_sampling_parts_by_a_field_uses_its_weights_throughout(m: int) -> None:
    """A part whose weights are all 0 does not fail, and the second pass still uses the field."""
    cloud = hills(4000)
    heavy = (cloud.xyz[:, 0] < 5) & (cloud.xyz[:, 1] < 5)
    heavy[::2] = False
    cloud = PointCloud(cloud.xyz, cloud.offset, attributes={"w": np.where(heavy, 1.0, np.nan)})
    found = sample_parts(cloud, m, "weighted@w", by="tiles", up="z").sampling
    assert found.indices is not None and found.notes[0].startswith(f"{(~heavy).sum():,} points without")
    corner = (found.points[:, :2] < 4.9).all(axis=1)
    assert corner.any() and heavy[found.indices][corner].mean() > 0.95
    with pytest.raises(ValueError, match="no point has a number above 0"):
        nothing = PointCloud(cloud.xyz, attributes={"w": np.zeros(len(cloud))})
        sample_parts(nothing, m, "weighted@w", by="tiles", up="z")
