"""The time and memory of APSNet against a plain loop: LSTM steps, softmax, `bmm` (tests/naive/apsnet.py).

The features of the plain loop are contiguous along the points, for which torch multiplies fastest. Both sides
use the same number of threads: one, and all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from apsnet_core.losses import sampling_loss
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.apsnet_loop_compiled import KERNELS
from apsnet_core.networks.pointnet import PointNet
from apsnet_core.ops import match
from apsnet_core.ops.pooling import KERNELS as POOLING
from apsnet_core.ops.threads import at_most, one_thread
from apsnet_core.rollout import Rollout
from tests.bench import peak
from tests.bench.ratio import Ratio, medians
from tests.naive import apsnet as twin
from tests.naive import pointnet as plain_pointnet

_N = 1024
_MILLION = 1_000_000


def measure() -> Iterator[Ratio]:
    KERNELS.prepare()
    POOLING.prepare()
    for threads in sorted({1, torch.get_num_threads()}):
        with at_most(threads):
            yield from _inference(threads)
            yield from _training(threads)
            yield _behind_the_sampler(threads)
    with one_thread():
        yield _matched_over_generated()
    ours, theirs = peak.of(__name__, "ours"), peak.of(__name__, "twin")
    yield Ratio("training step, its memory", ours, theirs, 1, note="autograd", unit="MB")
    held = peak.of(__name__, "million")
    yield Ratio("APSNet-G, n = 1M, m = 64, peak", held, 2000, 1, note="2 GB", unit="MB")


def _inference(threads: int) -> Iterator[Ratio]:
    network = _network().eval()
    for batch, m, bound in [(1, 512, 7), (8, 128, 2), (32, 128, 2)]:
        points = _clouds(batch)
        with torch.no_grad():
            ours, theirs = medians(
                partial(network, points, m),
                partial(twin.rollout, network, points, m),
                rounds=9,
            )
        name = f"APSNet-G, B = {batch}, m = {m}, n = {_N}"
        yield Ratio(name, ours, theirs, bound, threads=threads, note="step by step")


def _training(threads: int) -> Iterator[Ratio]:
    ours, theirs = medians(_training_step(_ours), _training_step(_twin), rounds=3)
    yield Ratio(
        f"training step, B = 32, m = 128, n = {_N}", ours, theirs, 2.5, threads=threads, note="autograd"
    )


def _behind_the_sampler(threads: int) -> Ratio:
    """The time of a frozen task net in the training of a sampler, with the gradient of its input."""
    net = PointNet(10).eval().requires_grad_(False)
    samples = _clouds(32, 128).requires_grad_()
    ours, theirs = medians(
        lambda: net(samples).square().sum().backward(),
        lambda: plain_pointnet.logits(net, samples).square().sum().backward(),
        rounds=5,
    )
    return Ratio(
        "PointNet behind a sampler, B = 32, m = 128", ours, theirs, 2, threads=threads, note="layer by layer"
    )


def _matched_over_generated() -> Ratio:
    network, points = _network().eval(), _clouds(32)

    def matched() -> Tensor:
        return match(network(points, 512).points, points)

    with torch.no_grad():
        ours, theirs = medians(matched, lambda: network(points, 512), rounds=3)
    return Ratio("APSNet-M, B = 32, m = 512", ours, theirs, 1.25, "at most", note="APSNet-G")


def _ours(network: APSNet, points: Tensor) -> Tensor:
    rollout: Rollout = network(points, 128)
    return rollout.points


def _twin(network: APSNet, points: Tensor) -> Tensor:
    return twin.rollout(network, points, 128)[0]


def _training_step(sample: Callable[[APSNet, Tensor], Tensor]) -> Callable[[], None]:
    network, points = _network().train(), _clouds(32)

    def step() -> None:
        network.zero_grad()
        sampling_loss(sample(network, points), points).backward()

    return step


def _million() -> None:
    with torch.no_grad():
        _network().eval()(_clouds(1, _MILLION), 64)


def _network() -> APSNet:
    """An untrained network; its points nearly coincide, so matching must complete as many as possible."""
    torch.manual_seed(0)
    return APSNet()


def _clouds(batch: int, n: int = _N) -> Tensor:
    return torch.rand(batch, n, 3, generator=torch.Generator().manual_seed(1)) - 0.5


def _run_alone(what: str) -> None:
    KERNELS.prepare()
    before = peak.held()
    if what == "million":
        _million()
        print(peak.held())
    else:
        _training_step({"ours": _ours, "twin": _twin}[what])()
        print(peak.held() - before)


if __name__ == "__main__":
    _run_alone(sys.argv[1])
