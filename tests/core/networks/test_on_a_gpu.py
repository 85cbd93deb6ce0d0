"""A GPU computes the same as the CPU: loops, networks, samples, answers. Skipped where there is no GPU."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor, nn

from apsnet_core import library, losses, ops, probes
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import answer, register, task_net
from apsnet_core.evaluation.table.held_out import open_held_out
from apsnet_core.evaluation.table.scoring import Source, score
from apsnet_core.methods.find_weights import find_weights
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks import APSNet
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.networks.apsnet_loop_replayed import REPLAYED, can_replay
from apsnet_core.networks.device import on_device
from apsnet_core.networks.pcae import PCAE
from apsnet_core.networks.pcrnet import PCRNet
from apsnet_core.networks.pointnet import PointNet
from apsnet_core.tasks.classification import Classification
from apsnet_core.tasks.reconstruction import Reconstruction
from tests.core.small_networks import clouds, randomised

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")


def close(ours: Tensor, theirs: Tensor, share: float = 1e-4) -> None:
    """Assert that the largest difference is at most ``share`` of the largest number, or of 1 if less."""
    bound = share * max(1, float(theirs.abs().max()))
    torch.testing.assert_close(ours.cpu(), theirs, rtol=0, atol=bound)


def shape(n: int = 1500) -> PointCloud:
    points = np.random.default_rng(0).normal(size=(n, 3)) * [1, 2, 0.5]
    return PointCloud(points.astype(np.float32))


def test_a_gpu_has_kernels_and_graphs(capsys: pytest.CaptureFixture[str]) -> None:
    probes.devices()
    told = json.loads(capsys.readouterr().out)
    assert told["cuda"] and told["gpu_kernels"] == told["gpu_graphs"] == "work"


@pytest.mark.parametrize(("batch", "n", "m"), [(1, 2048, 40), (5, 300, 7), (32, 1024, 16)])
def test_a_rollout_on_a_gpu_equals_that_on_the_cpu(batch: int, n: int, m: int) -> None:
    network, points = randomised(APSNet()), clouds(batch, n)
    with torch.no_grad():
        expected = network(points, min(m, n)).points
        network, points = network.cuda(), points.cuda()
        features = network.features(points)
        assert can_replay(features)
        given = features, points, features.amax(1), network.lstm_weights, min(m, n)
        close(BATCHED.run(*given, keep=False).generated, expected)
        for _ in range(4):  # covers plain, recorded and replayed runs
            close(REPLAYED.run(*given, keep=False).generated, expected)
            close(network(points, min(m, n)).points, expected)


def test_gradients_on_a_gpu_equal_those_on_the_cpu() -> None:
    points = clouds(4, 500)
    found = []
    for device in "cpu", "cuda":
        network, there = randomised(APSNet()).to(device), points.to(device).requires_grad_()
        generated = network(there, 24).points
        (losses.sampling_loss(generated, there.detach()) + generated.square().sum()).backward()
        gradients = [parameter.grad for parameter in network.parameters()]
        found.append([there.grad, *gradients])
    for ours, theirs in zip(found[1], found[0], strict=True):
        assert ours is not None and theirs is not None
        close(ours, theirs, 2e-3)


@pytest.mark.parametrize("network", [lambda: PointNet(5), PCAE])
def test_a_task_net_answers_the_same_on_a_gpu_and_on_the_cpu(network: Callable[[], nn.Module]) -> None:
    net, points = randomised(network()), clouds(3, 700)
    with torch.no_grad():
        expected = net(points)
        close(net.cuda()(points.cuda()), expected)


def test_a_pose_on_a_gpu_equals_that_on_the_cpu() -> None:
    net, points = randomised(PCRNet()), clouds(3, 700)
    with torch.no_grad():
        expected = net(points, points.flip(1))
        for ours, theirs in zip(net.cuda()(points.cuda(), points.flip(1).cuda()), expected, strict=True):
            close(ours, theirs, 1e-3)


def test_distances_on_a_gpu_equal_those_on_the_cpu() -> None:
    a, b = clouds(3, 2000, 1), clouds(3, 1500, 2)
    for measure in ops.chamfer_distance, ops.hausdorff_distance:
        close(measure(a.cuda(), b.cuda()), measure(a, b), 1e-5)


METHODS = ["apsnet", "apsnet:m", "apsnet_kd", "samplenet:g", "samplenet:m", "snet"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("task", ["classification", "reconstruction", "registration"])
def test_samples_on_a_gpu_equal_those_on_the_cpu(method: str, task: str) -> None:
    shapes = [shape(), shape(1024)]
    ours, theirs = (library.sample(shapes, 16, method, task=task, up="z", device=d) for d in ("cuda", "cpu"))
    for there, here in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(there.points, here.points, atol=1e-3)


def test_answers_on_a_gpu_equal_those_on_the_cpu() -> None:
    found: list[list[npt.NDArray[np.float64]]] = []
    for device in "cpu", "cuda":
        with on_device(device):
            named = answer(task_net("classification"), shape(), up="z")
            rebuilt = answer(task_net("reconstruction"), shape(), up="z")
            pose = register(task_net("registration"), shape(), shape(), up="z")
        assert isinstance(named, Classification) and isinstance(rebuilt, Reconstruction)
        found.append(
            [np.asarray(x, np.float64) for x in (named.probabilities, rebuilt.points, pose.rotation)]
        )
    for ours, theirs in zip(found[1], found[0], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_an_evaluation_on_a_gpu_equals_that_on_the_cpu() -> None:
    found = []
    for device in "cpu", "cuda":
        with on_device(device):
            net = task_net("classification")
            held_out = open_held_out("furniture", net, most=24)
            weights = find_weights(MethodSpec.parse("apsnet"), "classification", 8).path
            scores = score(held_out, net, [Source("apsnet", weights, 0, (("g", 8), ("m", 8), ("g", 64)))])
        found.append([scores.full, *scores.samples.values()])
    for ours, theirs in zip(found[1], found[0], strict=True):
        np.testing.assert_array_equal(ours, theirs)
