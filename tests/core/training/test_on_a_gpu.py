"""Trainings on a GPU, where there is one: the losses of a processor, and steps that are one launch each."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from apsnet_core.methods.registry import learned
from apsnet_core.training import trainer
from apsnet_core.training.batches import seed_step
from apsnet_core.training.cuda_graph import CapturedStep
from apsnet_core.training.run_training import start
from tests.core.training.small import config, losses, start_in, write_task_net

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")

STILL: dict[str, Any] = {"augmentation__scale": [1.0, 1.0], "augmentation__redraw": False}
MODELS = [row.name for row in learned()]


def test_numbers_drawn_in_a_replayed_step_on_a_gpu_are_those_of_its_seed() -> None:
    def draw(rows: Tensor) -> Tensor:
        return torch.rand(4, device="cuda") + rows

    captured = CapturedStep(draw)
    for step in range(8):
        seed_step(3, step)
        expected = draw(torch.tensor([step], device="cuda"))
        seed_step(3, step)
        assert torch.equal(captured(torch.tensor([step], device="cuda")), expected), step


@pytest.mark.parametrize("model", MODELS)
def test_a_gpu_trains_as_a_processor_does_and_replayed_steps_as_those_taken_one_by_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    """Of nine steps the last six are replayed; the rounding of another machine grows from step to step."""
    many = next(row for row in learned() if row.name == model).many_sizes
    how = {"model": model, "sizes": [2, 4] if many else [4], **STILL}
    for folder, device in ("processor", "cpu"), ("replayed", "cuda"):
        start_in(tmp_path / folder, config(home, device=device, **how))
    monkeypatch.setattr(trainer, "CapturedStep", lambda step: step)
    start_in(tmp_path / "one by one", config(home, device="cuda", **how))
    here, replayed, stepped = (losses(tmp_path / name) for name in ("processor", "replayed", "one by one"))
    for name, value in here[0].items():
        assert replayed[0][name] == pytest.approx(value, rel=1e-2, abs=1e-3), name
    for epoch, terms in stepped.items():
        for name, value in terms.items():
            assert replayed[epoch][name] == pytest.approx(value, rel=5e-2, abs=5e-3), (epoch, name)


@pytest.mark.parametrize("task", ["reconstruction", "registration"])
def test_a_gpu_trains_for_every_task_as_a_processor_does(home: Path, tmp_path: Path, task: str) -> None:
    net = write_task_net(tmp_path / f"{task}.safetensors", task)
    told = {}
    for device in "cpu", "cuda":
        how = config(home, task=task, task_weights=str(net), device=device, **STILL)
        start_in(tmp_path / device, how)
        told[device] = losses(tmp_path / device)
    for name, value in told["cpu"][0].items():
        assert told["cuda"][0][name] == pytest.approx(value, rel=1e-2, abs=1e-3), name


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_a_task_net_is_trained_on_a_gpu(home: Path, tmp_path: Path, precision: str) -> None:
    how = config(
        home, model="task", sizes=[], task_weights=None, device="cuda", precision=precision,
        optimisation__epochs=30, validate_every=30, **STILL,
    )  # fmt: skip
    start_in(tmp_path / "net", how)
    told = losses(tmp_path / "net")
    assert told[29]["loss"] < 0.5 * told[0]["loss"]


def test_a_training_on_a_gpu_goes_on_where_it_was_stopped(home: Path, tmp_path: Path) -> None:
    how = config(home, device="cuda", optimisation__epochs=6)
    start_in(tmp_path / "whole", how)
    start_in(tmp_path / "parts", how, stop_after=7)
    start(how, tmp_path / "parts", resume=True)
    whole, parts = losses(tmp_path / "whole"), losses(tmp_path / "parts")
    for epoch, terms in whole.items():
        for name, value in terms.items():
            assert math.isfinite(value)
            assert parts[epoch][name] == pytest.approx(value, rel=5e-2, abs=5e-3), (epoch, name)


@pytest.mark.parametrize("model", ["apsnet", "samplenet"])
def test_sixteen_bits_on_a_gpu_learn_as_thirty_two_do(home: Path, tmp_path: Path, model: str) -> None:
    told = {}
    for precision in "32-true", "bf16-mixed":
        how = config(home, model=model, sizes=[4], device="cuda", precision=precision, **STILL)
        start_in(tmp_path / precision, how)
        told[precision] = losses(tmp_path / precision)
    assert told["bf16-mixed"][2]["loss"] == pytest.approx(told["32-true"][2]["loss"], rel=0.2)
