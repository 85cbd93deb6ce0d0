"""APES as a selector: its choice against numpy, its gradient, a training run, and samples from the result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import method
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks.apes import APES
from apsnet_core.training.run_training import start
from apsnet_core.training.runs import Run
from tests.core.small_networks import randomised
from tests.core.training.small import config, losses, write_release, write_task_net


@pytest.fixture
def network() -> APES:
    return randomised(APES()).eval()


def test_the_points_with_the_largest_column_sums_are_chosen(network: APES) -> None:
    points = torch.rand(2, 40, 3)
    with torch.no_grad():
        features = network.features(points).double().numpy()
        chosen = network(points, 6).numpy()
    query, key = (part.weight.detach().double().numpy() for part in (network.query, network.key))
    for cloud, feature, sample in zip(points.numpy(), features, chosen, strict=True):
        scores = np.exp((feature @ query.T) @ (feature @ key.T).T / np.sqrt(feature.shape[1]))
        sums = (scores / scores.sum(axis=1, keepdims=True)).sum(axis=0)
        assert np.array_equal(sample, cloud[np.argsort(-sums)[:6]])


def test_in_training_the_same_points_carry_the_gradient_of_weighted_means(network: APES) -> None:
    points, wanted = torch.rand(2, 20, 3), torch.randn(2, 4, 3)
    fed = network.straight_through(points, 4)
    assert torch.allclose(fed, network(points, 4), atol=1e-6)
    (fed * wanted).sum().backward()
    found = network.query.weight.grad
    network.query.weight.grad = None
    attention = network.attention(points)
    index = network.choose(attention, 4)
    means = torch.stack([a[i] @ p for a, i, p in zip(attention, index, points, strict=True)])
    (means * wanted).sum().backward()
    again = network.query.weight.grad
    assert found is not None and again is not None and found.abs().max() > 0
    assert torch.allclose(found, again, atol=1e-6)


def test_choosing_more_points_than_the_cloud_has_is_refused(network: APES) -> None:
    with pytest.raises(ValueError, match="cannot choose 9 points of the 8 that the network sees"):
        network(torch.rand(1, 8, 3), 9)


@pytest.mark.usefixtures("own_folders")
def test_it_trains_with_its_recipe_and_samples_points_of_the_cloud(tmp_path: Path) -> None:
    write_release(tmp_path / "release")
    write_task_net(tmp_path / "net.safetensors")
    start(config(tmp_path, model="apes", sizes=[4, 8], optimisation__epochs=4), tmp_path / "run")
    told = losses(tmp_path / "run")
    assert {"task@4", "task@8", "sampling@4"} <= told[0].keys() and "projection" not in told[0]
    assert told[max(told)]["loss"] < told[0]["loss"]
    sampler = create(MethodSpec.parse(f"apes@{Run(tmp_path / 'run').best}"), "classification")
    cloud = PointCloud(np.random.default_rng(0).random((32, 3), np.float32))
    small, large = (sampler.sample(cloud, m) for m in (3, 12))
    assert small.indices is not None and large.indices is not None
    assert np.array_equal(small.indices, large.indices[:3]) and len({*large.indices}) == 12
    assert method("apes").variants == ("m",) and method("apes").nested
