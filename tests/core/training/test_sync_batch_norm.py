"""Two processes compute the same as one: batch norm and dropout of the whole batch, and two trainings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from apsnet_core.training import schedule
from apsnet_core.training.run_training import leave_group, start
from apsnet_core.training.sync_batch_norm import see_whole_batches
from tests.core.cli.command import environment
from tests.core.training.small import config, losses

WORLD = 2


def network() -> nn.Sequential:
    torch.manual_seed(4)
    layers = nn.Linear(5, 6), nn.BatchNorm1d(6), nn.Dropout(0.4), nn.Sequential(nn.ReLU(), nn.BatchNorm1d(6))
    return nn.Sequential(*layers).double()


def worked(net: nn.Module, rows: Tensor, wanted: Tensor, rank: int, world: int) -> dict[str, Tensor]:
    """Outputs, gradients and running statistics after two steps on the rows of this process."""
    for _ in range(2):
        torch.manual_seed(11)
        own = rows[rank::world].clone().requires_grad_()
        out = net(own)
        ((out - wanted[rank::world]).square().sum() / len(rows)).backward()
    assert own.grad is not None
    found = {"out": out.detach(), "rows": own.grad}
    found |= {f"gradient of {n}": p.grad for n, p in net.named_parameters() if p.grad is not None}
    return found | {n: t for n, t in net.state_dict().items() if "running" in n or "tracked" in n}


def data() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)
    rows = torch.randn(12, 5, generator=generator, dtype=torch.float64) * 3 + 10
    return rows, torch.randn(12, 6, generator=generator, dtype=torch.float64)


def threads() -> list[str]:
    """The names of the threads of this process, on Linux."""
    return [path.read_text() for path in Path("/proc/self/task").glob("*/comm")]


def pickled(*_: object, **__: object) -> None:
    raise AssertionError("processes agree by tensors: an object is pickled, sent twice and waited for")


def process(home: str, folder: str) -> None:
    """Run all trainings and save the results: torchrun starts this function in two processes."""
    schedule.LOG_SECONDS = -1.0
    for of_objects in ("broadcast_object_list", "all_gather_object", "gather_object", "scatter_object_list"):
        setattr(dist, of_objects, pickled)
    for name, changes in TRAININGS.items():
        start(config(Path(home), **changes), Path(folder) / name)
    net = network()
    see_whole_batches(net)
    rank = dist.get_rank()
    save_file(worked(net, *data(), rank, WORLD), Path(folder) / f"{rank}.safetensors")
    leave_group()
    assert not [name for name in threads() if "gloo" in name], threads()


SHORT = {"optimisation__epochs": 1, "optimisation__learning_rate": 1e-4, "snapshots": 0}
TRAININGS: dict[str, dict[str, object]] = {
    "apsnet": {**SHORT},
    "task": {**SHORT, "model": "task", "sizes": [], "task_weights": None, "augmentation__dropout": 0.5},
}


@pytest.fixture(scope="module")
def two(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the results of two processes."""
    folder = tmp_path_factory.mktemp("two")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(WORLD)]
    own = {"OMP_NUM_THREADS": "1", "APSNET_HOME": str(home), "APSNET_CACHE": str(home / "APSNET_CACHE")}
    done = subprocess.run(
        [*launch, "-m", __name__, str(home), str(folder)],
        env={**environment(), **own}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_batch_norm_and_dropout_in_two_processes_equal_those_of_the_whole_batch(two: Path) -> None:
    whole = worked(network(), *data(), 0, 1)
    parts = [load_file(two / f"{rank}.safetensors") for rank in range(WORLD)]
    for name, wanted in whole.items():
        if name in ("out", "rows"):
            found = torch.empty_like(wanted)
            for rank, part in enumerate(parts):
                found[rank::WORLD] = part[name]
        elif name.startswith("gradient"):
            found = parts[0][name] + parts[1][name]
        else:
            assert torch.equal(parts[0][name], parts[1][name])
            found = parts[0][name]
        torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-10, msg=name)


def test_a_training_in_two_processes_has_the_losses_of_one_process(
    home: Path, two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LOG_SECONDS", -1.0)
    for name, changes in TRAININGS.items():
        start(config(home, **changes), tmp_path / name)
        by_one, by_two = (losses(folder / name, "step") for folder in (tmp_path, two))
        assert by_one.keys() == by_two.keys() == {1, 2, 3}
        for step, metrics in by_one.items():
            assert by_two[step] == pytest.approx(metrics, rel=1e-5 if step == 1 else 2e-4), (name, step)


if __name__ == "__main__":
    process(*sys.argv[1:])
