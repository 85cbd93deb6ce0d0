"""Perturbed clouds, samples edited by hand and rotated copies for registration have the stated properties."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.evaluation.answers import answer, register, task_net
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.edits import Edit, edited
from apsnet_core.evaluation.comparison.perturb import Perturbation, Turn, perturbed
from apsnet_core.evaluation.comparison.registration_target import Copy, scanned_again, turned
from apsnet_core.evaluation.comparison.verdict import judge_pairs
from apsnet_core.files import read
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.classification import Classification
from tests.core.clouds import some_cloud
from tests.narrow import of_kind


def test_noise_has_the_given_strength_and_scales_linearly() -> None:
    cloud = some_cloud(20_000)
    diagonal = np.linalg.norm(np.ptp(cloud.xyz, axis=0))
    once, twice = (perturbed(cloud, Perturbation(noise=noise), seed=3).xyz - cloud.xyz for noise in (1, 2))
    np.testing.assert_allclose(once.std(axis=0), 0.01 * diagonal, rtol=0.03)
    np.testing.assert_allclose(twice, 2 * once, atol=1e-5)
    assert not np.allclose(perturbed(cloud, Perturbation(noise=1), seed=4).xyz - cloud.xyz, once)


def test_dropping_more_points_drops_the_same_points_and_further_ones() -> None:
    cloud = some_cloud(1000)
    few, many = (
        {tuple(point) for point in perturbed(cloud, Perturbation(drop=drop), seed=1).xyz.tolist()}
        for drop in (25, 60)
    )
    assert (len(few), len(many)) == (750, 400)
    assert many < few < {tuple(point) for point in cloud.xyz.tolist()}
    # The remaining points keep their noise whatever share is dropped.
    noisy = perturbed(cloud, Perturbation(noise=1), seed=1).xyz.tolist()
    both = perturbed(cloud, Perturbation(noise=1, drop=60), seed=1).xyz.tolist()
    assert {tuple(point) for point in both} < {tuple(point) for point in noisy}


def test_a_rotation_about_the_mean_equals_scipys_also_for_normals() -> None:
    cloud = some_cloud()
    cloud = PointCloud(cloud.xyz, normals=np.roll(cloud.xyz, 1, axis=1))
    found = perturbed(cloud, Perturbation(rotate=(20, -40, 100)))
    oracle, mean = Rotation.from_euler("xyz", [20, -40, 100], degrees=True), cloud.xyz.mean(axis=0)
    np.testing.assert_allclose(found.xyz, oracle.apply(cloud.xyz - mean) + mean, atol=1e-4)
    assert found.normals is not None and cloud.normals is not None
    np.testing.assert_allclose(found.normals, oracle.apply(cloud.normals), atol=1e-4)
    assert perturbed(cloud, Perturbation()) is cloud
    with pytest.raises(ValueError, match="below 100"):
        Perturbation(drop=100)


def test_samples_are_moved_removed_and_added_by_hand() -> None:
    cloud = some_cloud()
    sampling = create(MethodSpec.parse("farthest_point")).sample(cloud, 5)
    at, elsewhere = tuple(cloud.xyz[17].tolist()), (1.0, 2.0, 3.0)
    edit = Edit(5).place(1, elsewhere).remove(3).add(at)
    new = edited(sampling, edit, cloud)
    first, _, third, _, fifth = sampling.points
    np.testing.assert_array_equal(new.points, np.array([first, elsewhere, third, fifth, at], np.float32))
    assert (edit.words, new.m, new.indices) == ("1 moved, 1 removed, 1 added", 5, None)
    assert edit.numbers == [0, 1, 2, 4, 5]
    on_the_cloud = edited(sampling, Edit(5).remove(0).add(at), cloud)
    assert on_the_cloud.indices is not None and sampling.indices is not None
    assert on_the_cloud.indices.tolist() == [*sampling.indices[1:].tolist(), 17]
    undone = Edit(5).add(at).remove(5)
    assert undone == Edit(5) and edited(sampling, undone, cloud) is sampling
    with pytest.raises(ValueError, match="last sample"):
        Edit(1).remove(0)
    with pytest.raises(ValueError, match="there are 5"):
        edited(sampling, Edit(6), cloud)


def test_a_copy_has_the_given_angles_noise_and_number_of_points() -> None:
    mesh = read(asset("shapes", "chair.obj"))
    assert isinstance(mesh, TriangleMesh)
    cloud = PointCloud(scanned_again(mesh, 500, 7, Perturbation()).xyz)
    turn = Turn((10, -30, 5), resampled=True)
    change = Perturbation(rotate=(0, 25, 0))
    shown = perturbed(cloud, change)
    copy = turned(shown, 0, turn, scanned_again(mesh, len(cloud), 0, change))
    assert copy.rotation is not None
    oracle = Rotation.from_euler("xyz", [10, -30, 5], degrees=True)
    np.testing.assert_allclose(copy.rotation, oracle.as_matrix().T, atol=1e-12)
    # Rotated back, the copy is the same shape sampled at other points: near all of them, equal to none.
    back = oracle.inv().apply(copy.cloud.xyz - shown.xyz.mean(0)) + shown.xyz.mean(0)
    apart = np.linalg.norm(back[:, None] - shown.xyz, axis=-1).min(axis=1)
    diagonal = np.linalg.norm(np.ptp(shown.xyz, axis=0))
    assert apart.min() > 0 and apart.mean() < 0.03 * diagonal
    half = scanned_again(cloud, len(cloud), 0, Perturbation())
    assert len(half) == 250 and set(map(tuple, half.xyz.tolist())) < set(map(tuple, cloud.xyz.tolist()))
    noisy = turned(cloud, 0, Turn((0, 0, 0), noise=2)).cloud.xyz - turned(cloud, 0, Turn((0, 0, 0))).cloud.xyz
    assert noisy.std() == pytest.approx(0.02 * np.linalg.norm(np.ptp(cloud.xyz, axis=0)), rel=0.05)


def test_another_cloud_has_no_true_rotation_and_is_evaluated_by_its_misfit() -> None:
    cloud, other = some_cloud(), PointCloud(some_cloud().xyz[::-1] * np.float32(1.1))
    sampler = create(MethodSpec.parse("voxel"))
    pair = sampler.sample(cloud, 30), sampler.sample(other, 30)
    [verdict], _, _, remark, _ = judge_pairs("registration", cloud, Copy(other), [pair], "z")
    assert verdict.metric.name == "misfit" and "not known" in remark
    found = register(task_net("registration"), cloud, other, pair, None, "z")
    squared = ((found.aligned[:, None].astype(np.float64) - cloud.xyz) ** 2).sum(-1)
    assert found.error is None
    assert verdict.value == pytest.approx(squared.min(0).mean() + squared.min(1).mean(), rel=1e-4)


def test_answers_on_a_changed_cloud_are_compared_with_that_on_the_original() -> None:
    cloud, _ = open_cloud(asset("shapes", "chair.obj"))
    changed = perturbed(cloud, Perturbation(noise=12.0))
    net = task_net("classification")
    untouched, now = (of_kind(Classification, answer(net, each, up="y")) for each in (cloud, changed))
    assert untouched.top(1)[0][0] != now.top(1)[0][0]  # otherwise the test would prove nothing
    spec = MethodSpec.parse("voxel")
    found = compare(changed, [spec], [64], task="classification", up="y", untouched=cloud)
    [row] = found.rows
    assert row.verdict is not None and row.verdict.whole == untouched.top(1)[0][0]
    goal = untouched.classes.index(row.verdict.whole)
    said = of_kind(Classification, answer(net, changed, found.samplings[0], "y"))
    assert row.verdict.value == pytest.approx(float(said.probabilities[goal]))
    assert found.remark is not None
    assert untouched.top(1)[0][0] in found.remark and now.top(1)[0][0] in found.remark
