"""Learned samplers on clouds of any position, size and orientation, with generated and matched points."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.shown import attention_of as attention_by_sample
from apsnet_core.methods import farthest_point, voxel
from apsnet_core.methods.attention import attention_of, heatmap
from apsnet_core.methods.creating import create
from apsnet_core.methods.learned import LearnedSampler
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.methods.working_rows import working_rows
from apsnet_core.ops import nearest_cpu, normalise
from apsnet_core.ops import voxel as ops_voxel
from apsnet_core.weights import WeightsError, listing, load
from tests.core.clouds import some_cloud
from tests.core.weights.files import write
from tests.naive.trees import nearest
from tests.narrow import present

METHODS = ["apsnet", "apsnet:m", "samplenet", "samplenet:g", "snet", "snet:g"]


@pytest.fixture(autouse=True)
def weights(shelves: Path) -> Path:
    """Untrained networks for samples of 8 points from clouds of 64, with z up, in the unit sphere."""
    for architecture in ("apsnet", "samplenet", "snet"):
        write(shelves / "shipped" / f"{architecture}.safetensors", architecture)
    return shelves / "shipped"


def far_cloud(n: int = 50, seed: int = 0) -> PointCloud:
    return some_cloud(n, seed, offset=(637_000.0, 851_000.0, 400.0))


def learned(text: str, **options: Any) -> LearnedSampler:
    options.setdefault("up", "z")
    return LearnedSampler(MethodSpec.parse(text), "classification", **options)


def seen(cloud: PointCloud, up: str = "z") -> np.ndarray:
    """The points of the cloud as the networks see them: z up, in the unit sphere."""
    x, y, z = cloud.xyz.astype(np.float64).T
    upright = np.stack([x, y, z] if up == "z" else [x, -z, y], axis=1)
    centred = upright - upright.mean(0)
    return np.asarray(centred / np.linalg.norm(centred, axis=1).max())


def unseen(points: np.ndarray, cloud: PointCloud, up: str = "z") -> np.ndarray:
    """The inverse of `seen`."""
    x, y, z = cloud.xyz.astype(np.float64).T
    upright = np.stack([x, y, z] if up == "z" else [x, -z, y], axis=1)
    radius = np.linalg.norm(upright - upright.mean(0), axis=1).max()
    x, y, z = (points * radius + upright.mean(0)).T
    return np.stack([x, y, z] if up == "z" else [x, z, -y], axis=1)


def test_one_sampling_searches_for_its_weights_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[None] = []
    catalogue = listing.catalogue

    def counted() -> listing.Catalogue:
        looked.append(None)
        return catalogue()

    monkeypatch.setattr(listing, "catalogue", counted)
    create(MethodSpec.parse("apsnet"), "classification").sample(far_cloud(), 8)
    assert len(looked) == 1


@pytest.mark.parametrize("up", ["y", "z"])
def test_the_network_gets_the_cloud_normalised_and_with_the_up_axis_of_its_weights(
    weights: Path, up: str
) -> None:
    cloud = far_cloud()
    network, _ = load(weights / "apsnet.safetensors")
    with torch.no_grad():
        points = network(torch.from_numpy(seen(cloud, up)).float()[None], 8).points[0].double().numpy()
    sampling = learned("apsnet", up=up).sample(cloud, 8)
    np.testing.assert_allclose(sampling.points, unseen(points, cloud, up), atol=1e-4)
    np.testing.assert_array_equal(sampling.offset, cloud.offset)
    assert sampling.indices is None and (sampling.method, sampling.m) == ("apsnet", 8)


def test_without_a_given_up_axis_it_is_guessed() -> None:
    # A table with its plate at the top along y.
    rng = np.random.default_rng(0)
    plate = rng.uniform([-1, 0.95, -1], [1, 1.0, 1], size=(300, 3))
    legs = rng.uniform([-0.05, 0, -0.05], [0.05, 1, 0.05], size=(60, 3)) + rng.choice(
        [-0.9, 0.9], (60, 3)
    ) * [1, 0, 1]
    table = PointCloud(np.concatenate([plate, legs]).astype(np.float32))
    guessed, told, wrong = (learned("apsnet", up=up).sample(table, 8).points for up in (None, "y", "z"))
    np.testing.assert_array_equal(guessed, told)
    assert not np.allclose(guessed, wrong)


@pytest.mark.parametrize("method", METHODS)
def test_a_moved_and_scaled_cloud_gives_the_moved_and_scaled_sample(method: str) -> None:
    cloud = far_cloud()
    other = PointCloud(cloud.xyz * np.float32(4) + np.array([8, 0, -16], np.float32))
    first, second = (learned(method).sample(c, 8) for c in (cloud, other))
    np.testing.assert_allclose(first.points * 4 + [8, 0, -16], second.points, atol=1e-3)


@pytest.mark.parametrize("method", [text for text in METHODS if MethodSpec.parse(text).variant == "m"])
def test_matched_points_are_distinct_rows_of_the_cloud(method: str) -> None:
    cloud = far_cloud()
    matched = learned(method).sample(cloud, 8)
    assert matched.indices is not None
    assert len(set(matched.indices.tolist())) == 8
    np.testing.assert_array_equal(matched.points, cloud.xyz[matched.indices])
    generated = learned(f"{MethodSpec.parse(method).name}:g").sample(cloud, 8)
    _, rows = nearest(cloud.xyz, generated.points)
    kept = list(dict.fromkeys(rows.tolist()))
    assert matched.indices[: len(kept)].tolist() == kept


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_points(method: str) -> None:
    cloud = far_cloud(300)
    first, second = (learned(method).sample(cloud, 8, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.points, second.points)


@pytest.mark.parametrize("method", METHODS)
def test_coinciding_points_give_finite_and_distinct_rows(method: str) -> None:
    xyz = np.repeat(np.eye(3, dtype=np.float32), 5, axis=0)
    sampling = learned(method).sample(PointCloud(xyz), 8)
    assert np.isfinite(sampling.points).all()
    if sampling.indices is not None:
        assert len(set(sampling.indices.tolist())) == 8
        assert len(np.unique(sampling.points, axis=0)) == 3


def test_a_cloud_of_one_point_gives_that_point() -> None:
    cloud = PointCloud(np.array([[5.0, 6.0, 7.0]], dtype=np.float32))
    for method in ("apsnet", "apsnet:m"):
        np.testing.assert_allclose(learned(method).sample(cloud, 1).points, cloud.xyz, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "m", "why"), [(7, 8, "8 of 7 points"), (50, 0, "at least 1"), (0, 1, "empty")])
def test_too_many_points_or_none_are_refused(method: str, n: int, m: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        learned(method).sample(far_cloud(n), m)


def test_a_large_cloud_is_reduced_to_a_working_subset_but_matched_with_all_points() -> None:
    cloud = far_cloud(2000)
    sampling = learned("apsnet:m").sample(cloud, 8)
    assert sampling.rollout is not None and sampling.rollout.features.shape[1] == 64
    generated = learned("apsnet").sample(cloud, 8)
    assert sampling.indices is not None
    assert sampling.indices[0] == nearest(cloud.xyz, generated.points[0])[1]
    whole = learned("apsnet", working=2000).sample(cloud, 8)
    assert whole.rollout is not None and whole.rollout.features.shape[1] == 2000


def test_matching_with_a_large_cloud_needs_less_memory_than_two_copies_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud = PointCloud(np.random.default_rng(0).random((300_000, 3), np.float32))
    sampler = learned("apsnet:m", working=512)
    whole = sampler.sample(cloud, 16)
    for module in (nearest_cpu, normalise, ops_voxel):
        monkeypatch.setattr(module, "_BLOCK", 1 << 13)
    monkeypatch.setattr(ops_voxel, "_KEPT", 0)
    # The tiles of the search without kernels are also made as small, relative to this cloud, as they are
    # for a large one.
    monkeypatch.setattr(nearest_cpu, "_PAIRS", 1 << 13)
    tracemalloc.start()
    found = sampler.sample(cloud, 16)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(found.points, whole.points)
    assert peak < 1.8 * cloud.xyz.nbytes


def test_a_working_subset_of_very_many_points_is_made_by_voxels(monkeypatch: pytest.MonkeyPatch) -> None:
    """For that many points farthest point sampling would take longer than the network."""
    monkeypatch.setattr(farthest_point, "choose_rows", lambda *_: "farthest points")
    monkeypatch.setattr(voxel, "choose_rows", lambda *_: "voxels")
    points = np.zeros((200_001, 3), np.float32)
    assert working_rows(points[:-1], 1024) == "farthest points"
    assert working_rows(points, 1024) == "voxels"
    assert working_rows(points, 200_001) is None


def test_one_rollout_serves_every_smaller_size() -> None:
    cloud, sampler = far_cloud(), learned("apsnet:m")
    rollout = sampler.rollout(cloud, 30)
    for m in (1, 7, 30):
        cached, fresh = sampler.sample(cloud, m, rollout=rollout), sampler.sample(cloud, m)
        np.testing.assert_array_equal(cached.indices, fresh.indices)
        assert cached.rollout is not None and cached.rollout.m == m
    with pytest.raises(ValueError, match="no prefix of 31"):
        sampler.sample(cloud, 31, rollout=rollout)
    with pytest.raises(ValueError, match="only APSNet"):
        learned("samplenet").rollout(cloud, 8)


@pytest.mark.parametrize("variant", ["g", "m"])
def test_beyond_128_points_the_lstm_continues_or_farthest_points_are_added(variant: str) -> None:
    cloud = far_cloud(300)
    on, after = (
        learned(f"apsnet:{variant}", working=300, completion=completion).sample(cloud, 150)
        for completion in ("lstm", "fps-after-128")
    )
    assert on.rollout is not None and on.rollout.m == 150
    assert after.rollout is not None and after.rollout.m == 128
    assert len(on.points) == len(after.points) == 150
    first = learned(f"apsnet:{variant}", working=300).sample(cloud, 128)
    np.testing.assert_array_equal(after.points[:128], first.points)
    # Each added point is the point of the cloud farthest from all points before it.
    for t in range(128, 150):
        away, _ = nearest(after.points[:t], cloud.xyz)
        _, chosen = nearest(cloud.xyz, after.points[t])
        np.testing.assert_allclose(after.points[t], cloud.xyz[chosen], atol=1e-4)
        assert away[chosen] == pytest.approx(away.max(), abs=1e-3)


def test_the_heatmap_of_a_cloud_without_a_working_subset_is_the_attention() -> None:
    cloud = far_cloud()
    sampling = learned("apsnet").sample(cloud, 8)
    assert sampling.rollout is not None
    total = np.zeros(len(cloud))
    for t in range(1, 9):
        attention = sampling.rollout.attention(t)[0].numpy()
        np.testing.assert_allclose(heatmap(sampling, cloud, t), attention, atol=1e-6)
        total += attention
    np.testing.assert_allclose(heatmap(sampling, cloud), total, atol=1e-5)


def test_the_heatmap_reaches_every_point_of_a_large_cloud_part_by_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud = far_cloud(500)
    sampling = learned("apsnet").sample(cloud, 8)
    at_once = heatmap(sampling, cloud, 5)
    assert at_once.shape == (500,) and at_once.dtype == np.float32
    assert at_once.sum() == pytest.approx(1, abs=1e-5)
    assert sampling.rollout is not None and sampling.rollout.attended is not None
    network, view = sampling.rollout.attended.features, sampling.rollout.attended.view
    with torch.no_grad():
        features = network(torch.from_numpy(view.apply(cloud.xyz))[None])[0]
        expected = (features @ sampling.rollout.hidden[0, 4]).softmax(0).numpy()
    np.testing.assert_allclose(at_once, expected, atol=1e-6)

    parts: list[int] = []

    def noted(points: torch.Tensor) -> torch.Tensor:
        parts.append(points.shape[1])
        return network(points)

    attended = replace(sampling.rollout.attended, features=noted)
    watched = replace(sampling, rollout=replace(sampling.rollout, attended=attended))
    np.testing.assert_allclose(heatmap(watched, cloud, 5), at_once, atol=1e-6)
    assert sum(parts) == 500, "if the scores fit, they are computed once and kept"
    for step, most in ((5, 37), (None, 37 // 8)):
        parts.clear()
        monkeypatch.setattr("apsnet_core.methods.attention._SCORES", 37)
        found = heatmap(watched, cloud, step)
        assert max(parts) == most, "more scores are kept at once than allowed"
        assert sum(parts) == 2 * 500, "if the scores do not fit, they are computed twice, not kept"
        np.testing.assert_allclose(found.sum(), 1 if step else 8, atol=1e-4)


@pytest.mark.parametrize("completion", ["lstm", "fps-after-128"])
def test_a_matched_sample_has_the_attention_of_the_step_that_chose_it(completion: str) -> None:
    """Points chosen twice are dropped, so that the number of a sample differs from that of its step."""
    cloud, sampler = some_cloud(150), learned("apsnet:m", working=150, completion=completion)
    hidden = 20 * torch.randn(1, 130, 128, generator=torch.Generator().manual_seed(0))
    features = sampler.rollout(cloud, 1).features
    points = (hidden @ features.mT).softmax(-1) @ torch.from_numpy(seen(cloud)).float()
    made = replace(sampler.rollout(cloud, 1), hidden=hidden, points=points)
    sampling = sampler.sample(cloud, 130, rollout=made)
    rollout = present(sampling.rollout)
    _, of_step = nearest(seen(cloud), rollout.points[0].double().numpy())
    chosen = list(dict.fromkeys(of_step.tolist()))
    rows, steps = present(sampling.indices), present(sampling.steps)
    assert 10 < len(chosen) < rollout.m, "no point was chosen twice, so this test would prove nothing"
    assert rows[: len(chosen)].tolist() == chosen
    assert steps[: len(chosen)].tolist() == [int(np.argmax(of_step == row)) for row in chosen]
    assert sorted(steps.tolist()) == list(range(rollout.m)), "a step is missing or occurs twice"
    every = np.stack([rollout.attention(t)[0].numpy() for t in range(1, rollout.m + 1)])
    np.testing.assert_allclose(sampling.attention(), every[steps], atol=1e-4)
    last = len(chosen) - 1
    np.testing.assert_allclose(heatmap(sampling, cloud, last + 1), every[steps[last]], atol=1e-4)
    np.testing.assert_allclose(sampling[[last]].attention(), every[steps[[last]]], atol=1e-4)
    np.testing.assert_allclose(present(attention_by_sample(sampling))(cloud.xyz), every[steps], atol=1e-4)
    if rollout.m < 130:  # points added by farthest point sampling have no step
        assert sampling[[0, 129]].attention().shape == (1, 150)
        assert sampling[129:].attention().shape == (0, 150)


@pytest.mark.parametrize("method", ["apsnet", "apsnet:m"])
def test_each_sample_has_the_attention_of_its_point(method: str) -> None:
    cloud = far_cloud(500)
    sampling = learned(method).sample(cloud, 8)
    _, rows = nearest(cloud.xyz, sampling.points)
    np.testing.assert_allclose(attention_of(sampling, cloud), heatmap(sampling, cloud)[rows], rtol=1e-4)


def test_heatmaps_without_attention_or_of_a_missing_step_are_refused() -> None:
    cloud = far_cloud()
    with pytest.raises(ValueError, match="only APSNet has"):
        heatmap(learned("samplenet").sample(cloud, 8), cloud, 1)
    with pytest.raises(ValueError, match=r"step 9 is outside 1\.\.8"):
        heatmap(learned("apsnet").sample(cloud, 8), cloud, 9)


def test_missing_weights_are_reported_when_the_sampler_is_created(weights: Path) -> None:
    with pytest.raises(WeightsError, match="apsnet_kd has no weights for classification; there are none"):
        create(MethodSpec.parse("apsnet_kd"))
    with pytest.raises(WeightsError, match="no weights for registration; there are for classification"):
        create(MethodSpec.parse("apsnet"), "registration")
    with pytest.raises(WeightsError, match="at 9 points; there are for 8 points"):
        create(MethodSpec.parse("samplenet")).sample(far_cloud(), 9)


def test_named_weights_decide_the_task_and_another_task_is_refused(weights: Path) -> None:
    write(weights / "cars.safetensors", "apsnet", task="registration")
    assert len(create(MethodSpec.parse("apsnet@cars")).sample(far_cloud(), 5).points) == 5
    with pytest.raises(WeightsError, match="trained for registration, not for classification"):
        create(MethodSpec.parse("apsnet@cars"), "classification")


def test_weights_that_were_overwritten_are_used_at_once(weights: Path) -> None:
    cloud, sampler = far_cloud(), learned("apsnet")
    before = sampler.sample(cloud, 4).points
    write(weights / "apsnet.safetensors", "apsnet", seed=9)
    assert not np.allclose(sampler.sample(cloud, 4).points, before)


@pytest.mark.parametrize("method", ["apsnet", "apsnet:m", "samplenet:m", "snet", "random"])
def test_a_batch_of_clouds_gives_the_samples_of_each_cloud(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apsnet_core.methods.learned._AT_ONCE", 3)
    draw = np.random.default_rng(5)
    clouds = [PointCloud(draw.random((n, 3)).astype(np.float32)) for n in (90, 1500, 90, 40, 90, 2000, 70)]
    sampler = create(MethodSpec.parse(method), "classification", "z")
    for cloud, found in zip(clouds, sampler.sample_all(clouds, 8, seed=2), strict=True):
        alone = sampler.sample(cloud, 8, seed=2)
        np.testing.assert_allclose(found.points, alone.points, atol=1e-5)
        np.testing.assert_array_equal(found.rows, alone.rows)
        if alone.rollout is not None:
            np.testing.assert_allclose(attention_of(found, cloud), attention_of(alone, cloud), atol=1e-5)
    with pytest.raises(ValueError, match="cannot sample 50 of 40"):
        sampler.sample_all(clouds, 50)
