"""How often the processor would wait for a GPU, counted with fake tensors that need no GPU.

A fake tensor has a shape and a device but no data, and an operation that mixes devices fails. The tests count
each operation that would fetch a number from the GPU or move a tensor between the devices.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

from apsnet_core import losses
from apsnet_core.networks import APSNet, apsnet_loop_gpu
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.networks.familiarity import Familiarity, features_of
from apsnet_core.networks.pcae import PCAE
from apsnet_core.networks.pcrnet import PCRNet
from apsnet_core.networks.pointnet import PointNet
from apsnet_core.networks.samplenet import SNet
from apsnet_core.ops import distances, farthest_point, match
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.registry import task

N, BATCH = 60, 3
ELSEWHERE = "lazy"  # the only device besides the CPU that every build of torch knows


class Operations(TorchDispatchMode):
    """Count some of torch's operations by name."""

    def __init__(self) -> None:
        untyped: Any = TorchDispatchMode
        untyped.__init__(self)
        self.counted: Counter[str] = Counter()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name = func.name().removeprefix("aten::").partition(".")[0]
        return self.done(name, lambda: func(*args, **(kwargs or {})), args)

    def done(self, name: str, do: Callable[[], Any], args: Any) -> Any:
        """Return the result of the operation ``name`` for ``args``."""
        raise NotImplementedError


class Traffic(Operations):
    """Count the operations that make the processor wait; each number that is fetched reads as 1."""

    def done(self, name: str, do: Callable[[], Any], args: Any) -> Any:
        if name == "_local_scalar_dense":
            self.counted[name] += 1
            return 1
        result = do()
        tensors = [x for x in args if isinstance(x, Tensor)]
        moved = isinstance(result, Tensor) and len({x.device.type for x in (*tensors, result)}) > 1
        if name == "nonzero" or (name in ("_to_copy", "copy_") and moved):
            self.counted[name] += 1
        return result


class Products(Operations):
    """Count matrix products: a compiled step has a kernel for each product and one between each two."""

    def done(self, name: str, do: Callable[[], Any], args: Any) -> Any:
        if "mm" in name or "matmul" in name or "linear" in name:
            self.counted[name] += 1
        return do()


@pytest.fixture(autouse=True)
def kernels_for_fast_ways(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the code paths of a machine with kernels, but without the kernels that a CPU cannot start."""
    standing_in = ModuleType("farthest_point_gpu")
    vars(standing_in)["complete_gpu"] = lambda *_: None
    monkeypatch.setitem(sys.modules, "apsnet_core.ops.farthest_point_gpu", standing_in)
    monkeypatch.setattr(farthest_point, "can_use_kernel", lambda points: not points.is_cpu)
    monkeypatch.setattr(distances, "can_use_kernel", lambda points: False)
    monkeypatch.setattr(apsnet_loop_gpu, "why_no_kernels", lambda _: "they cannot be traced")
    apsnet_loop_gpu._compiled.cache_clear()
    yield
    apsnet_loop_gpu._compiled.cache_clear()


def waits(work: Callable[..., object], *networks: Callable[[], nn.Module]) -> dict[str, int]:
    """Count the waits of ``work``, called with new ``networks`` and clouds (B, N, 3), all on a fake GPU."""
    with FakeTensorMode():
        with torch.device(ELSEWHERE):
            there = [network().eval() for network in networks]
            points = torch.empty(BATCH, N, 3)
        with Traffic() as traffic:
            made = work(*there, points)
    for tensor in made if isinstance(made, tuple) else (made,):
        assert not isinstance(tensor, Tensor) or tensor.device.type == ELSEWHERE
    return dict(traffic.counted)


@pytest.mark.parametrize("m", [3, 12])
def test_a_rollout_and_its_backward_wait_for_nothing(m: int) -> None:
    def rollout(network: APSNet, points: Tensor) -> Tensor:
        features = network.features(points)
        weights = network.lstm_weights
        given = features, points, features.amax(1), weights
        generated = BATCHED.run(*given, m, keep=False).generated
        tape = BATCHED.run(*given, m, keep=True)
        BATCHED.back_through(features, points, weights, tape, tape.generated, tape.hidden)
        return generated

    with torch.no_grad():
        assert waits(rollout, APSNet) == {}
        assert waits(lambda network, points: network(points, m).points, APSNet) == {}


@pytest.mark.parametrize("m", [3, 12])
def test_matching_waits_once_whatever_the_size(m: int) -> None:
    assert waits(lambda points: match(points[:, :m], points)) == {"_local_scalar_dense": 1}


def test_losses_and_their_gradients_wait_for_nothing() -> None:
    def step(points: Tensor) -> Tensor:
        generated = points[:, :9].clone().requires_grad_()
        losses.sampling_loss(generated, points).backward()
        assert generated.grad is not None
        return generated.grad

    def distilled(points: Tensor) -> Tensor:
        rotation, shift, logits = points[:, :3], points[:, 0], points[:, :, 0]
        losses.registration_distillation(rotation, shift, rotation, shift)
        losses.classification_distillation(logits, logits)
        return losses.reconstruction_distillation(points[:, :7], points)

    assert waits(step) == {}
    assert waits(distilled) == {}


@pytest.mark.parametrize(
    ("name", "make"),
    [("classification", lambda: PointNet(5)), ("reconstruction", PCAE), ("registration", PCRNet)],
)
def test_a_task_net_and_its_metric_stay_on_the_gpu(name: str, make: Callable[[], nn.Module]) -> None:
    asked = task(name)

    def judged(network: nn.Module, points: Tensor) -> Tensor:
        pairs = (points, points[:, :3]) if asked.pairs else ()
        batch = Batch(points, points[:, 0, 0].long(), *pairs)
        answer = asked.ask(network, batch.to_sample)
        return asked.measure(answer, answer, batch)

    with torch.no_grad():
        assert waits(judged, make) == {}


def test_features_are_fetched_once_and_familiarity_waits_for_nothing() -> None:
    def fetched(network: nn.Module, points: Tensor) -> None:
        features_of(network, points)

    def far(familiarity: Familiarity, points: Tensor) -> Tensor:
        return familiarity.farther_than(points[:, :, 0])

    assert waits(fetched, lambda: PointNet(5)) == {"_to_copy": 1}
    assert waits(far, lambda: Familiarity(4, N)) == {}


def test_s_net_waits_for_nothing() -> None:
    with torch.no_grad():
        assert waits(lambda network, points: network(points), lambda: SNet(16)) == {}


def test_a_step_of_the_loop_has_four_products_without_a_bias() -> None:
    """A product with a bias, `addmm`, needs one more kernel for a single cloud."""
    counted = []
    for m in (3, 8):
        network, points = APSNet().eval(), torch.rand(2, 20, 3)
        with torch.no_grad():
            features = network.features(points)
            with Products() as products:
                BATCHED.run(features, points, features.amax(1), network.lstm_weights, m, keep=False)
        counted.append(products.counted)
    assert counted[1] - counted[0] == Counter(mm=2 * 5, bmm=2 * 5)
