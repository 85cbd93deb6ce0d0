"""Running a training from its config to its end. Every failure is reported as one sentence."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
import torch.distributed as dist
from lightning_fabric import Fabric

from apsnet_core.datasets.open import check_data
from apsnet_core.ops.linear import multiplies_16_bits
from apsnet_core.training.checkpoints import Progress
from apsnet_core.training.config import ConfigError, TrainConfig
from apsnet_core.training.failures import TrainingFailed, explained
from apsnet_core.training.made_from import check_made_from
from apsnet_core.training.preparation import pinned, prepare
from apsnet_core.training.runs import Run
from apsnet_core.training.tensorboard import check_tensorboard, writing_tensorboard
from apsnet_core.training.trainer import Training, Watch
from apsnet_core.weights import save
from apsnet_core.weights.listing import TASK_NET

_LOOK_SECONDS = 0.5


def start(
    config: TrainConfig,
    folder: Path,
    *,
    resume: bool = False,
    after: Sequence[Path] = (),
    stop: Callable[[], bool] = lambda: False,
    watch: Watch = lambda _: None,
) -> Progress:
    """Run the training of ``config`` in the run ``folder``, a new one, or one to ``resume``.

    It first waits until the runs in the folders ``after`` are no longer being trained. It ends early, after a
    checkpoint, when ``stop`` returns true or the run's stop file exists. Every event is also passed to
    ``watch``. Under torchrun all processes call this in the same way, and only the first one writes. An error
    is recorded as the run's last event, a sentence, and raised as `TrainingFailed` with the same sentence.
    """
    config = pinned(config)
    check_data(config.data)  # before the folder is created, so that a second attempt can use it
    fabric = _fabric(config)
    first = fabric.is_global_zero
    if config.tensorboard and first:
        check_tensorboard()  # likewise before the folder is created
    if first:
        run = Run.open(folder) if resume else Run.create(folder, config)
        run.claim()
    fabric.barrier()
    run = Run(folder)
    precise = torch.get_float32_matmul_precision()
    try:
        if fabric.device.type == "cuda":
            # TF32 products with 10 bits make training faster; the setting is restored to 23 bits afterwards.
            torch.set_float32_matmul_precision("high")
        if after and not _wait(run, after, stop, watch if first else None):
            return Progress()
        if config.tensorboard and first:
            watch = writing_tensorboard(folder / "tensorboard", watch)
        prepared = prepare(config, fabric.device)
        if first:
            check_made_from(run, prepared.digests)
        if first and prepared.own is not None and prepared.task_net is not None:
            save(folder / TASK_NET, prepared.task_net.state_dict(), prepared.own)
        training = Training(config, run, prepared, fabric, watch)
        if resume:
            training.resume()
            if first:  # only now, because settings with which it cannot resume would block the next attempt
                run.write_config(config)
        return training.train(stop)
    except Exception as error:
        why = explained(error, folder)
        if first:
            _tell(run, why, watch)
        raise TrainingFailed(why) from error
    finally:
        torch.set_float32_matmul_precision(precise)
        if first:
            run.stop_file.unlink(missing_ok=True)
            run.release()


def leave_group() -> None:
    """Leave the process group of torchrun, if there is one, and end its threads.

    These threads hold Python objects of the last operations. A thread that still runs while Python exits
    would abort the process after a successful training.
    """
    if dist.is_available() and dist.is_initialized():
        gc.collect()  # a training has reference cycles, and its network refers to the group
        dist.destroy_process_group()


def on_gpu(config: TrainConfig) -> bool:
    """Whether the training of ``config`` runs on a GPU."""
    return config.device == "cuda" or (config.device == "auto" and torch.cuda.is_available())


def _wait(run: Run, after: Sequence[Path], stop: Callable[[], bool], watch: Watch | None) -> bool:
    """Wait until the runs ``after`` are no longer being trained. Returns False if it was stopped first."""
    if watch is not None:
        watch(run.record("waiting", after=[folder.name for folder in after]))
    while any(Run(folder).trained_by() is not None for folder in after):
        if stop() or run.stop_file.exists():
            if watch is not None:
                watch(run.record("stopped", step=0, best_epoch=None, metrics={}))
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _tell(run: Run, why: str, watch: Watch) -> None:
    try:
        watch(run.record("error", why=why))
    except OSError:
        # The disk is too full for one line. The error is still raised, and the run's state is interrupted.
        return


def _fabric(config: TrainConfig) -> Fabric:
    """Launch Fabric with one process, or with those of torchrun, on the device of ``config``."""
    accelerator = "cuda" if on_gpu(config) else "cpu"
    if accelerator == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device: there is no CUDA GPU that this PyTorch can use: set it to auto or cpu")
    if accelerator == "cpu" and config.precision != "32-true" and not multiplies_16_bits():
        raise ConfigError(
            f"precision: {config.precision} needs a GPU or a processor that multiplies numbers of 16 bits "
            "(AVX512_BF16 or AMX), which this one does not; set it to 32-true"
        )
    world, local = (int(os.environ.get(key, "1")) for key in ("WORLD_SIZE", "LOCAL_WORLD_SIZE"))
    fabric = Fabric(
        accelerator=accelerator,
        devices=local,
        num_nodes=world // local,
        strategy="ddp" if world > 1 else "auto",
    )
    fabric.launch()
    return fabric
