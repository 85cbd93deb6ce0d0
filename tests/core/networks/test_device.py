"""Networks on another device: all tensors are moved there and back, and the results stay the same.

Double precision on the processor stands in for the other device: a network in double precision fails when it
gets a single-precision tensor, as a network on a GPU fails when it gets a tensor of the CPU.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any, TypeVar

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation import answers
from apsnet_core.evaluation.answers import answer, register, task_net
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.table.held_out import open_held_out
from apsnet_core.evaluation.table.scoring import Source, score
from apsnet_core.library import sample
from apsnet_core.methods import learned
from apsnet_core.methods.attention import attention_of
from apsnet_core.methods.creating import create
from apsnet_core.methods.find_weights import find_weights
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks import device
from apsnet_core.networks.device import OnDevice, choose_device, on_device
from tests.core.cli import command

Result = TypeVar("Result")


def shape() -> PointCloud:
    points = np.random.default_rng(0).normal(size=(300, 3)) * [1, 2, 0.5]
    return PointCloud(points.astype(np.float32))


def in_double(network: nn.Module, place: str) -> object:
    assert place == "elsewhere"

    def there(tensor: Tensor) -> Tensor:
        return tensor.double() if tensor.is_floating_point() else tensor

    def back(tensor: Tensor) -> Tensor:
        assert tensor.dtype != torch.float32, "this tensor was never moved to the other device"
        return tensor.float() if tensor.is_floating_point() else tensor

    return OnDevice(network.double(), there, back)


def here_and_elsewhere(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Result]) -> tuple[Result, Result]:
    here = ask()
    for module in (learned, answers):
        monkeypatch.setattr(module, "chosen_device", lambda: "elsewhere")
        monkeypatch.setattr(module, "placed", in_double)
    return here, ask()


@pytest.mark.parametrize("method", ["apsnet", "apsnet:m", "samplenet:g", "samplenet:m", "snet"])
def test_samples_and_attention_are_the_same_on_another_device(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def ask() -> tuple[np.ndarray, np.ndarray]:
        sampling = create(MethodSpec.parse(method), "classification", "z").sample(shape(), 16)
        seen = attention_of(sampling, shape()) if sampling.rollout is not None else np.zeros(1)
        return sampling.points, seen

    here, there = here_and_elsewhere(monkeypatch, ask)
    np.testing.assert_allclose(there[0], here[0], atol=1e-4)
    np.testing.assert_allclose(there[1], here[1], atol=1e-4)


def test_answers_of_task_nets_are_the_same_on_another_device(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask() -> list[Any]:
        said: list[Any] = []
        for task in ("classification", "reconstruction"):
            said += [answer(task_net(task), shape(), up="z")]
        said += [register(task_net("registration"), shape(), shape(), up="z").rotation]
        compared = compare(shape(), [MethodSpec.parse("apsnet")], [8], task="classification", up="z")
        untimed = dict.fromkeys(("seconds", "seconds_low", "seconds_high", "runs"), 0)
        return [*said, [row.as_dict() | untimed for row in compared.rows]]

    here, there = here_and_elsewhere(monkeypatch, ask)
    np.testing.assert_allclose(there[2], here[2], atol=1e-4)
    for ours, theirs in zip(there[3], here[3], strict=True):
        for key, value in theirs.items():
            close = pytest.approx(value, abs=1e-4, rel=1e-3) if isinstance(value, float) else value
            assert ours[key] == close, key


def test_evaluation_scores_are_the_same_on_another_device(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask() -> list[np.ndarray]:
        net = task_net("classification")
        held_out = open_held_out("furniture", net, most=6)
        weights = find_weights(MethodSpec.parse("apsnet"), "classification", 8).path
        scores = score(held_out, net, [Source("apsnet", weights, 0, (("g", 8), ("m", 8)))])
        return [scores.full, *scores.samples.values()]

    here, there = here_and_elsewhere(monkeypatch, ask)
    for ours, theirs in zip(there, here, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_batch_is_moved_to_another_device_and_back_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are two moves for any number of clouds: the batch to the device, and its result back."""
    clouds = [shape() for _ in range(3)]

    def ask() -> np.ndarray:
        return np.stack([sampling.points for sampling in sample(clouds, 16, "samplenet:g", up="z")])

    crossings: list[tuple[int, ...]] = []

    def counted(network: nn.Module, place: str) -> object:
        def moved(tensor: Tensor) -> Tensor:
            crossings.append(tuple(tensor.shape))
            return tensor

        return OnDevice(network, moved, moved)

    here, there = here_and_elsewhere(monkeypatch, ask)
    np.testing.assert_allclose(there, here, atol=1e-4)
    monkeypatch.setattr(learned, "chosen_device", lambda: "counted")
    monkeypatch.setattr(learned, "placed", counted)
    ask()
    assert crossings == [(3, 300, 3), (3, 16, 3)]


def test_a_device_is_chosen_for_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    with on_device("cuda"):
        assert device.chosen_device() == "cuda"
        with on_device("cpu"):
            assert device.chosen_device() == "cpu"
        others: list[str] = []
        other = Thread(target=lambda: others.append(device.chosen_device()))
        other.start()
        other.join()
        assert others == ["cpu"], "the networks of another thread must keep their device"
    assert device.chosen_device() == "cpu"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_cuda_is_refused_and_auto_uses_the_cpu() -> None:
    choose_device("auto")
    assert device.chosen_device() == "cpu"
    with pytest.raises(ValueError, match="no CUDA GPU"):
        choose_device("cuda")
    with pytest.raises(ValueError, match="no CUDA GPU"):
        sample(shape(), 4, "apsnet", device="cuda")
    assert "no CUDA GPU" in command.sentence("sample", "nothing.ply", "-n", "4", "--device", "cuda")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize(
    "words",
    [
        ("sample", "nothing.ply", "-n", "4"),
        ("compare", "nothing.ply", "-m", "apsnet", "-n", "4"),
        ("picture", "nothing.ply", "-m", "apsnet", "-n", "4", "-o", "nothing.png"),
        ("evaluate", "--data", "furniture", "--task", "classification", "-n", "8", "-o", "nothing"),
    ],
)
def test_each_command_reports_a_missing_gpu_before_it_reads_any_file(words: tuple[str, ...]) -> None:
    assert "no CUDA GPU" in command.answer(*words, "--device", "cuda", code=1)["error"]
