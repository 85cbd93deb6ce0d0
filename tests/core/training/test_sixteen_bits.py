"""Trainings with products of 16 bits on the CPU have the losses of trainings with 32 bits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from apsnet_core.methods.registry import learned
from apsnet_core.tasks.batch import Batch
from apsnet_core.training import run_training
from apsnet_core.training.config import ConfigError
from apsnet_core.training.objectives import SamplerObjective
from tests.core.training.small import config, losses, start_in, write_task_net

STILL: dict[str, Any] = {
    "augmentation__redraw": False, "optimisation__epochs": 1, "optimisation__learning_rate": 1e-9,
    "snapshots": 0, "pairs_per_shape": 1,
}  # fmt: skip
CASES = [
    ("apsnet", "reconstruction"), ("apsnet_kd", "registration"), ("samplenet", "registration"),
    ("mops", "classification"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def multiplying(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CPU without 16-bit instructions passes too: PyTorch emulates them, slowly but well enough here."""
    monkeypatch.setattr(run_training, "multiplies_16_bits", lambda: True)


@pytest.mark.parametrize(("model", "task"), CASES)
def test_losses_in_16_bits_are_near_those_in_32_and_clouds_stay_in_32(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, task: str
) -> None:
    seen: set[object] = set()

    def forward(self: SamplerObjective, batch: Batch) -> Any:
        seen.update((batch.to_sample.dtype, torch.is_autocast_enabled("cpu")))
        return plain(self, batch)

    plain = SamplerObjective.forward
    monkeypatch.setattr(SamplerObjective, "forward", forward)
    many = next(row for row in learned() if row.name == model).many_sizes
    net = write_task_net(tmp_path / "net.safetensors", task)
    how = {"model": model, "task": task, "task_weights": str(net), "sizes": [2, 4] if many else [4], **STILL}
    start_in(tmp_path / "32", config(home, **how))
    assert seen == {torch.float32, False}
    start_in(tmp_path / "16", config(home, precision="bf16-mixed", **how))
    assert seen == {torch.float32, False, True}
    expected = losses(tmp_path / "32")[0]
    assert losses(tmp_path / "16")[0] == pytest.approx(expected, rel=0.1, abs=5e-3)
    assert losses(tmp_path / "16")[0] != expected


def test_a_task_net_learns_with_products_of_16_bits(home: Path, tmp_path: Path) -> None:
    how = {**STILL, "optimisation__learning_rate": 1e-3, "optimisation__epochs": 8, "validate_every": 8}
    start_in(
        tmp_path / "net",
        config(home, model="task", sizes=[], task_weights=None, precision="bf16-mixed", **how),
    )
    told = losses(tmp_path / "net")
    assert told[7]["loss"] < 0.6 * told[0]["loss"]


def test_a_cpu_without_products_of_16_bits_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_training, "multiplies_16_bits", lambda: False)
    with pytest.raises(ConfigError, match="set it to 32-true"):
        start_in(tmp_path / "run", config(home, precision="bf16-mixed"))
    assert not (tmp_path / "run").exists()
