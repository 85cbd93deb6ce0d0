"""A training that fails records one sentence as its last event and keeps the last good checkpoint."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from apsnet_core.cli.app import run as apsnet
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.rollout import Rollout
from apsnet_core.training import checkpoints, trainer
from apsnet_core.training import run_training as start
from apsnet_core.training.checkpoints import load_state
from apsnet_core.training.failures import TrainingFailed, disk_full, fitting_batch_size, out_of_memory
from apsnet_core.training.find_runs import state_of
from apsnet_core.training.runs import Run
from apsnet_core.training.schedule import learning_rate
from tests.core.training.small import config, events, write_release


def fails(folder: Path, how: Any, **options: Any) -> str:
    """Assert that a training fails, and return its sentence: raised, in the last event, and in the state."""
    with pytest.raises(TrainingFailed) as failure:
        start.start(how, folder, **options)
    last = Run(folder).events()[-1]
    assert last["event"] == "error" and last["why"] == str(failure.value)
    found = state_of(Run(folder))
    assert (found.phase, found.why) == ("failed", str(failure.value))
    assert not list(folder.glob(".*")), "half-written files were left behind"
    return str(failure.value)


def test_a_loss_that_is_not_finite_ends_the_training_with_a_good_checkpoint(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = learning_rate
    monkeypatch.setattr(trainer, "learning_rate", lambda how, epoch: real(how, epoch) if epoch < 2 else 1e30)
    run = tmp_path / "run"
    # SampleNet's points grow with its weights; APSNet's stay means of the cloud's points for any weights.
    why = fails(run, config(home, model="samplenet", sizes=[4], checkpoint_seconds=0.0))
    assert "no longer finite at step 7" in why and "learning_rate" in why
    tensors, progress = load_state(Run(run).checkpoint)
    assert progress["step"] == events(run, "checkpoint")[-1]["step"] == 6
    assert all(bool(tensor.isfinite().all()) for tensor in tensors.values())
    monkeypatch.undo()
    monkeypatch.setenv("APSNET_CACHE", str(home / "APSNET_CACHE"))
    assert start.start(Run(run).config(), run, resume=True).step == 9
    assert state_of(Run(run)).phase == "finished"


def test_weights_that_are_not_finite_never_become_a_checkpoint(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The rate becomes NaN within an epoch, where the loss of that step is still that of the old weights.
    monkeypatch.setattr(trainer, "learning_rate", lambda _, epoch: 1e-3 if epoch < 1.3 else float("nan"))
    why = fails(tmp_path / "run", config(home, checkpoint_seconds=0.0))
    assert "of the network is no longer finite" in why
    assert load_state(tmp_path / "run/last.safetensors")[1]["step"] == 4


def test_a_full_disk_ends_the_training_and_it_can_be_resumed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def save_until_full(tensors: Any, path: Path, metadata: Any) -> None:
        if len(written) == 2:
            path.write_bytes(b"the beginning")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        written.append(path)
        save_file(tensors, path, metadata=metadata)

    monkeypatch.setattr(checkpoints, "save_file", save_until_full)
    run = tmp_path / "run"
    why = fails(run, config(home, checkpoint_seconds=0.0, snapshots=0))
    assert why == f"the disk with {run} is full: free some space, then continue with --resume {run}"
    assert load_state(run / "last.safetensors")[1]["step"] == 2
    monkeypatch.setattr(checkpoints, "save_file", save_file)
    assert start.start(Run(run).config(), run, resume=True).step == 9


def test_a_disk_too_full_for_the_last_event_leaves_an_interrupted_run(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def record(run: Run, event: str, **_: Any) -> dict[str, Any]:
        raise full

    monkeypatch.setattr(Run, "record", record)
    with pytest.raises(TrainingFailed, match="is full"):
        start.start(config(home), tmp_path / "run")
    assert state_of(Run(tmp_path / "run")).phase == "interrupted"


def test_a_full_disk_is_recognised_by_the_errors_of_safetensors_and_the_system() -> None:
    # The error of safetensors 0.8 on a full file system.
    told = "Error while serializing: I/O error: No space left on device (os error 28)"
    assert disk_full(SafetensorError(told))
    with pytest.raises(OSError) as denied, open("/dev/full", "wb", buffering=0) as file:  # noqa: PTH123
        file.write(b"x")
    assert disk_full(denied.value)
    assert not disk_full(FileNotFoundError(errno.ENOENT, "no such file"))


def test_the_error_for_too_little_memory_names_a_batch_size_that_fits(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = APSNet.forward

    def forward(network: APSNet, points: torch.Tensor, m: int) -> Rollout:
        if len(points) > 5:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        return real(network, points, m)

    monkeypatch.setattr(APSNet, "forward", forward)
    why = fails(tmp_path / "run", config(home))
    assert why == "there is not enough memory for batches of 8: set optimisation.batch_size = 4, which fits"
    assert not (tmp_path / "run/last.safetensors").exists()


def test_out_of_memory_errors_are_recognised_and_a_fitting_batch_size_found() -> None:
    with pytest.raises(RuntimeError) as failure:
        torch.empty(1 << 60)
    assert out_of_memory(failure.value) and not out_of_memory(RuntimeError("shapes differ"))

    def always(_: int) -> None:
        raise MemoryError

    assert fitting_batch_size(always, 64) is None
    asked: list[int] = []
    assert fitting_batch_size(asked.append, 9) == 4 and asked == [4]


def broken_number(folder: Path) -> None:
    with h5py.File(folder / "ply_data_train0.h5", "r+") as file:
        file["data"][3, 5, 1] = float("nan")


def cut_short(folder: Path) -> None:
    path = folder / "ply_data_train0.h5"
    path.write_bytes(path.read_bytes()[:3000])


@pytest.mark.parametrize("damage", [broken_number, cut_short])
def test_a_broken_data_file_is_named_in_the_error(
    damage: Callable[[Path], None], home: Path, tmp_path: Path
) -> None:
    folder = write_release(tmp_path / "release")
    damage(folder)
    why = fails(tmp_path / "run", config(home, data=str(folder)))
    assert "ply_data_train0" in why


def test_an_unforeseen_error_is_reported_with_its_type(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forward(*_: Any) -> Rollout:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(APSNet, "forward", forward)
    why = fails(tmp_path / "run", config(home))
    assert why == "an unexpected error occurred: ZeroDivisionError: float division by zero"


def test_the_command_prints_the_reason_in_one_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe, broken = tmp_path / "r.toml", write_release(tmp_path / "broken")
    cut_short(broken)
    recipe.write_text(
        f'model = "apsnet"\ntask = "classification"\ndata = "{broken}"\nsizes = [4]\n'
        f'points = 32\ntask_weights = "{home / "net.safetensors"}"\n'
    )
    assert apsnet(["train", str(recipe), "--output", str(tmp_path / "run")]) == 1
    printed = capsys.readouterr()
    why = events(tmp_path / "run", "error")[-1]["why"]
    assert printed.out == "" and printed.err == f"apsnet: {why}\n" and "broken" in why


def test_the_best_weights_before_a_failure_can_be_used(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = learning_rate
    monkeypatch.setattr(trainer, "learning_rate", lambda how, epoch: real(how, epoch) if epoch < 1 else 1e30)
    fails(tmp_path / "run", config(home))
    assert all(
        bool(tensor.isfinite().all()) for tensor in load_file(tmp_path / "run/best.safetensors").values()
    )
