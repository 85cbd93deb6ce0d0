"""The linear layer of oneDNN, and point features computed with it in parts, against float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from apsnet_core.networks.point_features import PointFeatures
from apsnet_core.ops import linear as ops
from apsnet_core.ops.pooling import max_pool
from tests.core.small_networks import randomised

WITH = pytest.param(True, id="oneDNN")
WITHOUT = pytest.param(False, id="plain")


@pytest.fixture(params=[WITH, WITHOUT], autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(ops, "_is_there", lambda: False)
    elif not ops._is_there():
        pytest.skip("this PyTorch has no oneDNN")


def drawn(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)))


def test_values_and_gradients_equal_those_of_a_linear_layer() -> None:
    given = [drawn(300, 20), drawn(12, 20) + 1, drawn(12)]
    ours = [each.clone().requires_grad_() for each in given]
    exact = [each.double().requires_grad_() for each in given]
    found, expected = ops.linear(*ours), F.linear(*exact)
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)
    weights = drawn(300, 12)
    (found * weights).sum().backward()
    (expected * weights).sum().backward()
    for own, other in zip(ours, exact, strict=True):
        assert own.grad is not None and other.grad is not None
        torch.testing.assert_close(own.grad.double(), other.grad, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(ops.linear_relu(*given), expected.relu().float(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_features_computed_in_parts_equal_those_of_each_point(
    mode: type[torch.no_grad], threads: int
) -> None:
    network = randomised(PointFeatures()).eval()
    points = drawn(3, 700, 3)
    with torch.enable_grad():
        expected = network(points).detach()
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with mode():
            found = network(points)
            again = network(points[1:2, 5:6])
    finally:
        torch.set_num_threads(before)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(again[0, 0], found[1, 5], rtol=1e-6, atol=1e-6)


def test_the_maximum_over_points_sends_its_gradient_to_one_of_them() -> None:
    features = torch.tensor([[[1.0, 5.0], [3.0, 5.0], [2.0, 4.0]]], requires_grad=True)
    pooled = max_pool(features)
    assert pooled.tolist() == [[3.0, 5.0]] == max_pool(features.detach()).tolist()
    pooled.sum().backward()
    assert features.grad is not None and features.grad[0].tolist() == [[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]


def test_nan_in_a_point_stays_nan_in_its_features() -> None:
    points = drawn(2, 64, 3)
    points[0, 5, 1] = torch.nan
    with torch.no_grad():
        features = randomised(PointFeatures()).eval()(points)
    assert features[0, 5].isnan().all()
    assert max_pool(features)[0].isnan().all()
    assert max_pool(features)[1].isfinite().all()
