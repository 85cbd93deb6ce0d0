"""SampleNet and S-NET against their layers in float64 numpy and a projection with SciPy's k-d tree."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree

from apsnet_core.networks import SampleNet, SNet
from tests.core.small_networks import arrays, clouds, randomised
from tests.naive import networks as naive


def parameters(network: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize(("m", "count"), [(8, 206_617), (512, 595_201)])
def test_the_number_of_parameters_is_the_published_one(m: int, count: int) -> None:
    assert parameters(SampleNet(m)) == count
    assert parameters(SNet(m)) == count - 1  # S-NET has no temperature


def generated(w: dict[str, np.ndarray], prefix: str, points: np.ndarray) -> np.ndarray:
    hidden = points
    for layer in range(5):
        hidden = naive.linear(w, f"{prefix}features.linear.{layer}", hidden)
        hidden = naive.relu(naive.norm(w, f"{prefix}features.norm.{layer}", hidden))
    hidden = hidden.max(axis=0)
    for layer in range(3):
        hidden = naive.linear(w, f"{prefix}linear.{layer}", hidden)
        hidden = naive.relu(naive.norm(w, f"{prefix}norm.{layer}", hidden))
    return naive.linear(w, f"{prefix}head", hidden).reshape(-1, 3)


@pytest.mark.parametrize("grad", [False, True])
def test_generated_points_equal_the_layers_in_numpy(grad: bool) -> None:
    points = clouds(3, 40, dtype=torch.float64)
    samplenet, snet = randomised(SampleNet(6)).double(), randomised(SNet(6), seed=1).double()
    with torch.set_grad_enabled(grad):
        of_samplenet, of_snet = samplenet(points)[0].detach().numpy(), snet(points).detach().numpy()
    for b, cloud in enumerate(points.numpy()):
        np.testing.assert_allclose(
            of_samplenet[b], generated(arrays(samplenet), "generator.", cloud), atol=1e-12
        )
        np.testing.assert_allclose(of_snet[b], generated(arrays(snet), "", cloud), atol=1e-12)


@pytest.mark.parametrize(("temperature", "sigma"), [(1.0, 1.0), (-0.5, 0.25), (0.05, 0.01), (0.0, 0.01)])
@pytest.mark.parametrize("k", [1, 4, 99])
def test_the_projection_is_a_softmax_over_the_nearest_points(
    temperature: float, sigma: float, k: int
) -> None:
    network = SampleNet(7, k=k).double()
    network.temperature.data.fill_(temperature)
    assert network.projection_loss().item() == pytest.approx(sigma)
    queries, points = clouds(2, 7, seed=1, dtype=torch.float64), clouds(2, 30, dtype=torch.float64)
    projected = network.project(queries, points).detach().numpy()
    for b in range(2):
        cloud = points[b].numpy()
        for i, query in enumerate(queries[b].numpy()):
            distance, index = cKDTree(cloud).query(query, k=min(k, 30))
            weights = naive.softmax(-(np.atleast_1d(distance) ** 2) / sigma)
            np.testing.assert_allclose(projected[b, i], weights @ cloud[np.atleast_1d(index)], atol=1e-9)


def test_the_projection_gives_the_temperature_a_gradient() -> None:
    network = SampleNet(4, k=3)
    projected = network.project(clouds(1, 4, seed=2), clouds(1, 20))
    (gradient,) = torch.autograd.grad(projected.square().sum(), [network.temperature])
    assert gradient.isfinite() and gradient != 0


@pytest.mark.parametrize("make", [SampleNet, SNet])
def test_a_sample_of_no_points_is_refused(make: type[torch.nn.Module]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        make(0)


def test_under_autocast_the_projection_chooses_the_same_neighbours() -> None:
    network, points = randomised(SampleNet(32)), clouds(4, 500)
    with torch.no_grad():
        generated = points[:, :32] + 0.02
        expected = network.project(generated, points)
        with torch.autocast("cpu", torch.bfloat16):
            found = network.project(generated, points)
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)
