"""Frozen task nets, whose batch norms are folded into their layers, against the whole nets in float64."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

from apsnet_core.networks.pcae import PCAE
from apsnet_core.networks.pcrnet import PCRNet
from apsnet_core.networks.pointnet import PointNet
from apsnet_core.ops import pooling
from apsnet_core.ops.pooling import linear_max_pool, max_pool
from apsnet_core.ops.threads import share
from tests.core.small_networks import randomised
from tests.naive import pointnet as plain_pointnet

Ask = Callable[[nn.Module, Tensor], Tensor]
NETS: dict[str, tuple[Callable[[], nn.Module], Ask]] = {
    "PointNet": (lambda: PointNet(10), lambda net, points: net(points)),
    "PCAE": (PCAE, lambda net, points: net(points)),
    "PCRNet": (PCRNet, lambda net, points: torch.cat(net(points, points.flip(0)), dim=1)),
}


@pytest.fixture(params=["compiled", "plain"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    kernels = pooling.KERNELS.prepare() if request.param == "compiled" else None
    if kernels is None and request.param == "compiled":
        pytest.skip(str(pooling.KERNELS.failure))
    monkeypatch.setattr(pooling.KERNELS, "for_work", lambda _: kernels)


def drawn(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 8), (2, 700)])
def test_answers_and_gradients_equal_those_of_the_net_in_float64(name: str, shape: tuple[int, int]) -> None:
    make, ask = NETS[name]
    net = randomised(make()).requires_grad_(False)
    exact = copy.deepcopy(net).double()
    points = drawn(*shape, 3).requires_grad_()
    twin = points.detach().double().requires_grad_()
    found, expected = ask(net, points), ask(exact, twin)
    torch.testing.assert_close(found.double(), expected, rtol=1e-4, atol=1e-4)
    towards = drawn(*found.shape)
    (found * towards).sum().backward()
    (expected * towards).sum().backward()
    assert points.grad is not None and twin.grad is not None
    torch.testing.assert_close(points.grad.double(), twin.grad, rtol=2e-3, atol=2e-3)
    with torch.no_grad():
        torch.testing.assert_close(ask(net, points), found.detach(), rtol=1e-4, atol=1e-4)


@pytest.fixture
def three_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("way", "three_threads")
@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("batch", [2, 7])
def test_a_batch_computed_in_parts_gives_the_answers_and_gradients_of_the_whole(
    name: str, batch: int
) -> None:
    make, ask = NETS[name]
    net = randomised(make()).requires_grad_(False)
    exact = copy.deepcopy(net).double()
    points, towards = drawn(batch, 20, 3).requires_grad_(), drawn(batch, 1)
    twin = points.detach().double().requires_grad_()
    with patch("apsnet_core.networks.in_parts.share", wraps=share) as shared:
        found = ask(net, points).flatten(1)
        # Two backward passes, as when one answer has two losses.
        (found * towards).sum().backward(retain_graph=True)
        (found * towards).sum().backward()
        with torch.no_grad():
            torch.testing.assert_close(ask(net, points).flatten(1), found.detach(), rtol=1e-4, atol=1e-4)
    assert shared.called
    (2 * ask(exact, twin).flatten(1) * towards).sum().backward()
    assert points.grad is not None and twin.grad is not None
    largest = float(twin.grad.abs().max())
    torch.testing.assert_close(points.grad.double(), twin.grad, rtol=2e-3, atol=2e-3 * largest)


@pytest.mark.usefixtures("three_threads")
def test_a_batch_with_trainable_weights_or_batch_statistics_is_never_split() -> None:
    points, net = drawn(4, 20, 3), randomised(PointNet(10))
    with patch("apsnet_core.networks.in_parts.share", side_effect=AssertionError):
        net.eval()(points.requires_grad_())
        with torch.no_grad():
            net.requires_grad_(False).train()(points)


@pytest.mark.usefixtures("way", "three_threads")
@pytest.mark.parametrize("towards_sum", [True, False])
def test_second_derivatives_equal_those_in_float64(towards_sum: bool) -> None:
    net = randomised(PointNet(10)).requires_grad_(False)
    found = []
    for own, points in (net, drawn(3, 9, 3)), (copy.deepcopy(net).double(), drawn(3, 9, 3).double()):
        points.requires_grad_()
        answer = own(points)
        answer = answer if towards_sum else answer.square()
        (first,) = torch.autograd.grad(answer.sum(), points, create_graph=True)
        found.append(torch.autograd.grad(first.square().sum(), points)[0])
    largest = float(found[1].abs().max())
    torch.testing.assert_close(found[0].double(), found[1], rtol=2e-3, atol=2e-3 * largest)


@pytest.mark.usefixtures("three_threads")
@pytest.mark.parametrize("name", ["local", "wide", "wide.0", "head"])
def test_hooks_are_called_once_with_the_whole_batch(name: str) -> None:
    net, seen = randomised(PointNet(10)).requires_grad_(False), []
    net.get_submodule(name).register_forward_hook(lambda *call: seen.append(len(call[2])))
    net(drawn(4, 20, 3))
    assert seen == [4 if name == "head" else 80]


@pytest.mark.usefixtures("three_threads")
def test_checkpointing_forward_derivatives_and_flop_counts_use_the_whole_net() -> None:
    net, points = randomised(PointNet(10)).requires_grad_(False), drawn(4, 20, 3).requires_grad_()
    exact = copy.deepcopy(net).double()
    twice = points.detach().double().requires_grad_()
    checkpoint(net, points, use_reentrant=False).sum().backward()
    exact(twice).sum().backward()
    assert points.grad is not None and twice.grad is not None
    largest = float(twice.grad.abs().max())
    torch.testing.assert_close(points.grad.double(), twice.grad, rtol=2e-3, atol=2e-3 * largest)
    folds = patch("apsnet_core.networks.shared_layers.folded", side_effect=AssertionError)
    with folds, forward_ad.dual_level():  # a folded layer would lose the tangent
        net(points)
    with FlopCounterMode(display=False) as counted:
        net(points)
    rows = sum(2 * 80 * i * o for i, o in ((3, 64), (64, 64), (64, 128), (128, 1024), (64, 128), (128, 1024)))
    assert counted.get_total_flops() > rows


def test_the_reference_net_of_the_benchmark_gives_the_same_logits() -> None:
    net = randomised(PointNet(10)).requires_grad_(False)
    points = drawn(3, 50, 3)
    torch.testing.assert_close(net(points), plain_pointnet.logits(net, points), rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("way")
def test_all_parameters_of_a_trainable_net_get_gradients_in_train_and_eval_mode() -> None:
    points = drawn(4, 30, 3)
    for mode in True, False:
        net = randomised(PointNet(10)).train(mode)
        net.align_points.head.eval()  # keeps dropout and batch statistics of 4 clouds out of this test
        net(points).square().sum().backward()
        missing = [name for name, parameter in net.named_parameters() if parameter.grad is None]
        assert not missing


def test_a_change_of_a_batch_norm_changes_the_answer() -> None:
    net = randomised(PointNet(10)).requires_grad_(False)
    points = drawn(2, 40, 3)
    before = net(points)
    norm = next(module for module in net.wide.modules() if isinstance(module, nn.BatchNorm1d))
    norm.bias.data += 1
    assert not torch.allclose(net(points), before)


@pytest.mark.usefixtures("way")
def test_linear_max_pool_equals_a_linear_layer_and_a_maximum() -> None:
    points, weight, bias = drawn(5, 300, 16).requires_grad_(), drawn(40, 16), drawn(40)
    twin = points.detach().double().requires_grad_()
    found = linear_max_pool(points, weight, bias)
    expected = (twin @ weight.double().T + bias).amax(dim=1)
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)
    towards = drawn(5, 40)
    (found * towards).sum().backward()
    (expected * towards).sum().backward()
    assert points.grad is not None
    torch.testing.assert_close(points.grad.double(), twin.grad, rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("way")
def test_one_of_equal_points_gets_the_gradient_and_nan_stays_nan() -> None:
    features = torch.tensor([[[1.0, 5.0], [3.0, 5.0], [2.0, 4.0]]], requires_grad=True)
    max_pool(features).sum().backward()
    assert features.grad is not None
    assert features.grad.sum(dim=1).tolist() == [[1.0, 1.0]] and features.grad[0, 1, 0] == 1
    for place in range(3):
        broken = torch.tensor([[[1.0], [3.0], [2.0]]])
        broken[0, place] = torch.nan
        assert max_pool(broken.requires_grad_()).isnan().all()


def test_features_of_all_points_are_never_kept_for_the_backward() -> None:
    net = randomised(PointNet(10)).requires_grad_(False)
    points = drawn(16, 500, 3).requires_grad_()
    kept: list[int] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor.numel())
        return tensor

    if pooling.KERNELS.prepare() is None:
        pytest.skip(str(pooling.KERNELS.failure))
    with (
        torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor),
        patch.object(pooling, "_WORTH", 0),
    ):
        net(points)
    assert max(kept) < 16 * 500 * 1024 / 4  # the largest tensor kept is a weight of 256 x 4096
