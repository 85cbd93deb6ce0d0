"""A training on a GPU has the losses of one on the CPU, also when its steps are replayed CUDA graphs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from apsnet_core.methods.registry import learned
from apsnet_core.training import trainer
from apsnet_core.training.batches import seed_step
from apsnet_core.training.cuda_graph import CapturedStep
from apsnet_core.training.run_training import start
from tests.core.training.small import config, losses, start_in, write_task_net

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")

STILL: dict[str, Any] = {"augmentation__scale": [1.0, 1.0], "augmentation__redraw": False}
SLOWLY: dict[str, Any] = {"optimisation__learning_rate": 1e-5, **STILL}
"""Adam's first steps are as long for a gradient of rounding errors as for any other: at usual rates, losses
that differ by a millionth differ by a tenth a few steps later. A small rate keeps them comparable."""
MODELS = [row.name for row in learned()]


def same_losses(ours: Path, theirs: Path) -> None:
    """A GPU trains with products of 10 bits, which already cause differences of up to 4e-3."""
    told = losses(ours)
    for epoch, terms in losses(theirs).items():
        for name, value in terms.items():
            assert math.isfinite(value)
            assert told[epoch][name] == pytest.approx(value, rel=1e-2, abs=1e-3), (epoch, name)


def same_way(ours: Path, theirs: Path, start: Path) -> None:
    """Assert that both weights moved from ``start`` in about the same direction and equally far."""
    here, there, before = (weights(folder) for folder in (ours, theirs, start))
    assert (here - there).norm() < 0.3 * (there - before).norm()


def weights(folder: Path) -> Tensor:
    """All trained weights of a training as one vector."""
    kept = load_file(folder / "best.safetensors")
    learned = [
        kept[name] for name in sorted(kept) if "running" not in name and kept[name].is_floating_point()
    ]
    return torch.cat([tensor.flatten().double() for tensor in learned])


def test_random_numbers_of_a_replayed_step_follow_its_seed() -> None:
    def draw(rows: Tensor) -> Tensor:
        return torch.rand(4, device="cuda") + rows

    captured = CapturedStep(draw)
    for step in range(8):
        seed_step(3, step)
        expected = draw(torch.tensor([step], device="cuda"))
        seed_step(3, step)
        assert torch.equal(captured(torch.tensor([step], device="cuda")), expected), step


@pytest.mark.parametrize("model", MODELS)
def test_trainings_on_a_gpu_equal_those_on_the_cpu_with_and_without_replayed_steps(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    """The last six of nine steps are replayed."""
    many = next(row for row in learned() if row.name == model).many_sizes
    how = {"model": model, "sizes": [2, 4] if many else [4], **SLOWLY}
    start_in(tmp_path / "start", config(home, **{**how, "optimisation__learning_rate": 1e-30}))
    for folder, device in ("processor", "cpu"), ("replayed", "cuda"):
        start_in(tmp_path / folder, config(home, device=device, **how))
    monkeypatch.setattr(trainer, "CapturedStep", lambda step: step)
    start_in(tmp_path / "one by one", config(home, device="cuda", **how))
    for folder in "replayed", "one by one":
        same_losses(tmp_path / folder, tmp_path / "processor")
        same_way(tmp_path / folder, tmp_path / "processor", tmp_path / "start")


@pytest.mark.parametrize("task", ["reconstruction", "registration"])
def test_trainings_for_other_tasks_on_a_gpu_equal_those_on_the_cpu(
    home: Path, tmp_path: Path, task: str
) -> None:
    net = write_task_net(tmp_path / f"{task}.safetensors", task)
    for device in "cpu", "cuda":
        how = config(home, task=task, task_weights=str(net), pairs_per_shape=1, device=device, **SLOWLY)
        start_in(tmp_path / device, how)
    same_losses(tmp_path / "cuda", tmp_path / "cpu")


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_a_task_net_is_trained_on_a_gpu(home: Path, tmp_path: Path, precision: str) -> None:
    how = config(
        home, model="task", sizes=[], task_weights=None, device="cuda", precision=precision,
        optimisation__epochs=30, validate_every=30, **STILL,
    )  # fmt: skip
    start_in(tmp_path / "net", how)
    told = losses(tmp_path / "net")
    assert told[29]["loss"] < 0.5 * told[0]["loss"]


def test_a_resumed_training_on_a_gpu_equals_an_uninterrupted_one(home: Path, tmp_path: Path) -> None:
    how = config(home, device="cuda", **{**SLOWLY, "optimisation__epochs": 6})
    start_in(
        tmp_path / "start", config(home, device="cuda", **{**SLOWLY, "optimisation__learning_rate": 1e-30})
    )
    start_in(tmp_path / "whole", how)
    start_in(tmp_path / "parts", how, stop_after=7)
    start(how, tmp_path / "parts", resume=True)
    same_losses(tmp_path / "parts", tmp_path / "whole")
    same_way(tmp_path / "parts", tmp_path / "whole", tmp_path / "start")


@pytest.mark.parametrize("model", ["apsnet", "samplenet"])
def test_sixteen_bits_on_a_gpu_learn_as_thirty_two_do(home: Path, tmp_path: Path, model: str) -> None:
    how = {"model": model, "sizes": [4], "device": "cuda", "optimisation__epochs": 20, **STILL}
    for precision in "32-true", "bf16-mixed":
        start_in(tmp_path / precision, config(home, precision=precision, **how))
        told = losses(tmp_path / precision)
        assert told[0]["loss"] == pytest.approx(losses(tmp_path / "32-true")[0]["loss"], rel=0.1)
        assert told[19]["loss"] < 0.8 * told[0]["loss"], precision
