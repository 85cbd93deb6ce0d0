"""APSNet against Eq. 2 and 3 in float64 numpy, against PyTorch's LSTM, and against its invariants."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from apsnet_core.networks import APSNet, APSNetPlus, apsnet_loop
from apsnet_core.networks.apsnet_loop import best_loop, rollout
from apsnet_core.networks.apsnet_loop_compiled import KERNELS, compiled_loop
from apsnet_core.networks.apsnet_loop_cpu import PLAIN
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.networks.apsnet_tape import Loop, LSTMWeights
from apsnet_core.networks.point_features import FEATURES
from apsnet_core.ops import compiled
from apsnet_core.ops.compiled import Kernels
from tests.core.small_networks import arrays, clouds, randomised
from tests.naive import apsnet as twin
from tests.naive import networks as naive
from tests.narrow import of_kind


def eq_2_and_3(network: APSNet, points: Tensor, m: int) -> list[np.ndarray]:
    """Generated points, hidden states and attention of one cloud (N, 3), in float64 numpy."""
    w = arrays(network)
    features = points.double().numpy()
    for layer in range(5):
        features = naive.linear(w, f"features.linear.{layer}", features)
        features = naive.relu(naive.norm(w, f"features.norm.{layer}", features))
    return list(naive.sample_with_attention(w, features, points.double().numpy(), m))


@pytest.mark.parametrize(("kind", "parameters"), [(APSNet, 234_496), (APSNetPlus, 300_928)])
def test_the_network_has_the_expected_number_of_parameters(kind: type[APSNet], parameters: int) -> None:
    assert sum(parameter.numel() for parameter in kind().parameters()) == parameters


@pytest.mark.parametrize("kind", [APSNet, APSNetPlus])
@pytest.mark.parametrize("grad", [False, True])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 2e-5)])
def test_points_hidden_states_and_attention_follow_equations_2_and_3(
    grad: bool, dtype: torch.dtype, tolerance: float, kind: type[APSNet]
) -> None:
    network = randomised(kind()).to(dtype)
    points = clouds(3, 50, dtype=dtype)
    with torch.set_grad_enabled(grad):
        rollout = network(points, 12)
        attention = torch.stack([rollout.attention(t) for t in range(1, 13)], dim=1)
    for b in range(3):
        generated, hidden, weights = eq_2_and_3(network, points[b], 12)
        np.testing.assert_allclose(rollout.points[b].detach().numpy(), generated, atol=tolerance)
        np.testing.assert_allclose(rollout.hidden[b].detach().numpy(), hidden, atol=tolerance)
        np.testing.assert_allclose(attention[b].detach().numpy(), weights, atol=tolerance)


def test_the_rollout_equals_pytorchs_lstm_step_by_step() -> None:
    network = randomised(APSNet(), seed=1)
    points = clouds(2, 300, seed=1)
    with torch.no_grad():
        rollout = network(points, 100)
        generated, hidden, attention = twin.rollout(network, points, 100)
    torch.testing.assert_close(rollout.points, generated, atol=1e-5, rtol=0)
    torch.testing.assert_close(rollout.hidden, hidden, atol=1e-5, rtol=0)
    torch.testing.assert_close(rollout.attention(57), attention[:, 56], atol=1e-5, rtol=0)


def test_scores_beyond_the_range_of_exp_do_not_overflow() -> None:
    network = randomised(APSNet())
    of_kind(torch.nn.BatchNorm1d, network.features.norm[4]).weight.data *= 3000
    points = clouds(2, 60)
    with torch.no_grad():
        rollout = network(points, 8)
        generated, _, attention = twin.rollout(network, points, 8)
        scores = (rollout.features[0] @ rollout.hidden[0].T).abs().max()
    assert scores > 1000 and rollout.points.isfinite().all()
    torch.testing.assert_close(rollout.points, generated, atol=1e-4, rtol=0)
    torch.testing.assert_close(rollout.attention(8), attention[:, 7], atol=1e-4, rtol=0)


def test_permuting_the_points_permutes_the_attention_and_nothing_else() -> None:
    network = randomised(APSNet()).double()
    points = clouds(1, 64, dtype=torch.float64)
    order = torch.randperm(64, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        straight, permuted = network(points, 10), network(points[:, order], 10)
    torch.testing.assert_close(permuted.points, straight.points, atol=1e-12, rtol=0)
    for t in range(1, 11):
        torch.testing.assert_close(permuted.attention(t), straight.attention(t)[:, order], atol=1e-12, rtol=0)


def test_each_steps_attention_is_a_distribution_whose_mean_is_the_point() -> None:
    points = clouds(2, 40)
    with torch.no_grad():
        rollout = randomised(APSNet())(points, 6)
    for t in range(1, 7):
        attention = rollout.attention(t)
        assert (attention >= 0).all()
        torch.testing.assert_close(attention.sum(-1), torch.ones(2))
        mean = torch.einsum("bn,bnk->bk", attention, points)
        torch.testing.assert_close(mean, rollout.points[:, t - 1], atol=1e-6, rtol=0)


def test_a_shorter_rollout_is_the_beginning_of_a_longer_one() -> None:
    network, points = randomised(APSNet()), clouds(2, 30)
    with torch.no_grad():
        long, short = network(points, 20), network(points, 7)
    prefix = long.prefix(7)
    assert prefix.m == 7
    assert torch.equal(prefix.points, short.points)
    assert torch.equal(prefix.attention(7), short.attention(7))


def test_a_cloud_gives_the_same_sample_whatever_else_is_in_the_batch() -> None:
    network, points = randomised(APSNet()), clouds(5, 100)
    with torch.no_grad():
        together = network(points, 30).points
        alone = torch.cat([network(cloud[None], 30).points for cloud in points])
    torch.testing.assert_close(together, alone, atol=1e-6, rtol=0)


@pytest.mark.parametrize("points", [torch.full((1, 1, 3), 0.3), torch.full((2, 17, 3), -1.7)])
def test_coinciding_points_give_that_point_and_uniform_attention(points: Tensor) -> None:
    with torch.no_grad():
        rollout = randomised(APSNet())(points, 5)
    torch.testing.assert_close(rollout.points, points[:, :1].expand(-1, 5, -1))
    torch.testing.assert_close(rollout.attention(3), torch.full(points.shape[:2], 1 / points.shape[1]))


def test_the_callers_threads_are_restored() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with torch.no_grad():
            randomised(APSNet())(clouds(1, 20), 3)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_the_batched_loop_of_a_gpu_equals_the_loop_of_a_cpu() -> None:
    network = randomised(APSNet()).double()
    points = clouds(3, 25, dtype=torch.float64)
    with torch.no_grad():
        features = network.features(points)
        state = features.amax(1)
        inputs = (features, points, state, network.lstm_weights, 9)
        by_cloud, by_batch = PLAIN.run(*inputs, keep=True), BATCHED.run(*inputs, keep=True)
        for ours, theirs in zip(by_batch, by_cloud, strict=True):
            torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=0)
        last = BATCHED.run(*inputs, keep=False)
    torch.testing.assert_close(last.generated, by_cloud.generated, atol=1e-12, rtol=0)
    torch.testing.assert_close(last.hidden, by_cloud.hidden, atol=1e-12, rtol=0)
    assert last.attention.shape[1] == 1 and last.cells.shape[2] == 2


@pytest.mark.parametrize("loop", [PLAIN, BATCHED])
def test_the_hand_written_backward_passes_gradcheck(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsnet_loop, "best_loop", lambda *_, **__: loop)
    torch.manual_seed(0)
    size, n, m = 4, 6, 3
    of_weights = [(16, 3), (16, 4), (16,), (16,), (16, 4), (16, 4), (16,), (16,)]
    shapes = [(2, n, size), (2, n, 3), (2, size), *of_weights]
    inputs = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]

    def both(*tensors: Tensor) -> tuple[Tensor, Tensor]:
        generated, hidden, *_ = rollout(*tensors, m, True)
        return generated, hidden

    assert torch.autograd.gradcheck(both, inputs)


def test_the_backward_of_the_gpu_loop_gives_every_gradient_of_the_cpu_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = randomised(APSNet()).double()
    points = clouds(2, 30, dtype=torch.float64)
    features = network.features(points).detach()
    weights = LSTMWeights(*(weight.detach() for weight in network.lstm_weights))
    gradients = []
    for loop in (PLAIN, BATCHED):
        inputs = [t.requires_grad_() for t in (features.clone(), points.clone(), features.amax(1), *weights)]
        monkeypatch.setattr(apsnet_loop, "best_loop", lambda *_, loop=loop, **__: loop)
        generated, hidden, *_ = rollout(*inputs, 9, True)
        gradients.append(torch.autograd.grad(generated.square().sum() + hidden.sin().sum(), inputs))
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=1e-10)


@pytest.fixture(scope="module")
def by_kernels() -> Loop:
    kernels = KERNELS.prepare()
    if kernels is None:
        pytest.skip(str(KERNELS.failure))
    return compiled_loop(kernels)


@pytest.mark.parametrize("batch", [1, 4, 7])
@pytest.mark.parametrize("size", [FEATURES, 8])
def test_the_compiled_loop_equals_the_plain_loop(by_kernels: Loop, batch: int, size: int) -> None:
    """Compare the tapes and the gradients of both loops; the plain loop computes in double precision."""
    generator = torch.Generator().manual_seed(batch)
    shapes = [(4 * size, 3), (4 * size, size), (4 * size,), (4 * size,)]
    shapes += [(4 * size, size), (4 * size, size), (4 * size,), (4 * size,)]
    weights = [torch.randn(shape, generator=generator) / shape[-1] ** 0.5 for shape in shapes]
    features, points = torch.randn(batch, 77, size, generator=generator), clouds(batch, 77)
    d_generated = torch.randn(batch, 9, 3, generator=generator)
    d_hidden = torch.randn(batch, 9, size, generator=generator)
    tapes, gradients = [], []
    for loop, dtype in ((by_kernels, torch.float32), (PLAIN, torch.float64)):
        f, p, dq, dh = (tensor.to(dtype) for tensor in (features, points, d_generated, d_hidden))
        w = LSTMWeights(*(weight.to(dtype) for weight in weights))
        tapes.append(loop.run(f, p, f.amax(1), w, 9, keep=True))
        gradients.append(loop.back_through(f, p, w, tapes[-1], dq, dh))
        assert torch.equal(loop.run(f, p, f.amax(1), w, 9, keep=False).generated, tapes[-1].generated)
    for ours, theirs in zip([*tapes[0], *gradients[0]], [*tapes[1], *gradients[1]], strict=True):
        torch.testing.assert_close(ours.double(), theirs, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(tapes[0].generated.double(), tapes[1].generated, atol=1e-6, rtol=0)


def test_the_compiled_loop_gives_a_cloud_the_same_bits_whatever_the_batch_and_threads(
    by_kernels: Loop,
) -> None:
    network, points = randomised(APSNet()), clouds(9, 100)
    weights, before = network.lstm_weights, torch.get_num_threads()
    with torch.no_grad():
        features = network.features(points)
        alone = [by_kernels.run(f[None], p[None], f.amax(0)[None], weights, 20, keep=False).generated
                 for f, p in zip(features, points, strict=True)]  # fmt: skip
        try:
            for threads in (1, 2, 3, 16):
                torch.set_num_threads(threads)
                together = by_kernels.run(features, points, features.amax(1), weights, 20, keep=False)
                assert torch.equal(together.generated, torch.cat(alone)), threads
        finally:
            torch.set_num_threads(before)


def test_without_compiled_kernels_the_plain_loop_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Kernels("apsnet_core.no_such_kernels", worth=0)
    monkeypatch.setattr(apsnet_loop, "KERNELS", missing)
    monkeypatch.setattr(compiled, "find_spec", lambda _: None)
    assert best_loop(torch.zeros(2, 5, FEATURES), 3, learns=True) is PLAIN
    assert missing.prepare() is None
    assert missing.state() == "numba is not installed"


def test_gradients_of_a_training_step_are_those_of_autograd() -> None:
    network = randomised(APSNet()).double().train()
    points = clouds(3, 40, dtype=torch.float64)
    ours = network(points, 11)
    theirs = twin.rollout(network, points, 11)
    wanted = list(network.parameters())
    for first, second in [(ours.points, theirs[0]), (ours.hidden, theirs[1])]:
        weight = torch.randn(first.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
        mine = torch.autograd.grad((first * weight).sum(), wanted, retain_graph=True)
        reference = torch.autograd.grad((second * weight).sum(), wanted, retain_graph=True)
        for a, b in zip(mine, reference, strict=True):
            torch.testing.assert_close(a, b, atol=1e-10, rtol=1e-8)


@pytest.mark.parametrize(
    ("points", "m", "why"),
    [
        (torch.zeros(2, 8, 3), 0, "at least 1"),
        (torch.zeros(8, 3), 4, r"\(B, N, 3\)"),
        (torch.zeros(2, 3, 8), 4, r"\(B, N, 3\)"),
        (torch.zeros(2, 0, 3), 4, "no points"),
    ],
)
def test_clouds_and_sizes_that_cannot_be_sampled_are_refused(points: Tensor, m: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        APSNet()(points, m)


def test_steps_and_prefixes_that_do_not_exist_are_refused() -> None:
    with torch.no_grad():
        rollout = randomised(APSNet())(clouds(1, 9), 4)
    for t in (0, 5):
        with pytest.raises(ValueError, match=r"1\.\.4"):
            rollout.attention(t)
    with pytest.raises(ValueError, match="no prefix"):
        rollout.prefix(5)
