"""The training loop, for task nets and samplers, on a CPU, a GPU, or several."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.apsnet_loop_compiled import KERNELS as LOOP
from apsnet_core.ops.pooling import KERNELS as POOLING
from apsnet_core.training.batches import augment, epoch_order, part, seed_step
from apsnet_core.training.checkpoints import (
    Progress,
    fill_optimiser,
    load_state,
    optimiser_tensors,
    save_state,
)
from apsnet_core.training.config import ConfigError, TrainConfig
from apsnet_core.training.cuda_graph import CapturedStep
from apsnet_core.training.failures import TrainingFailed, fitting_batch_size, not_finite, out_of_memory
from apsnet_core.training.objectives import make_objective
from apsnet_core.training.preparation import Prepared
from apsnet_core.training.remember_shapes import remember_shapes
from apsnet_core.training.runs import Event, Run
from apsnet_core.training.schedule import Clock, learning_rate
from apsnet_core.training.snapshots import save_snapshot
from apsnet_core.training.sync_batch_norm import see_whole_batches
from apsnet_core.training.weights_average import WeightsAverage
from apsnet_core.weights import save

Watch = Callable[[Event], None]
_FEW = 4


class Training:
    """One training. Its files are in ``run``; every event is also passed to ``watch``."""

    def __init__(
        self, config: TrainConfig, run: Run, prepared: Prepared, fabric: Fabric, watch: Watch = lambda _: None
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.run, self.fabric, self.watch = config, run, fabric, watch
        self.data, self.metadata, self.notes = prepared.data, prepared.metadata, prepared.notes
        self.progress = Progress()
        self.names: list[str] = []
        how = config.optimisation
        rows = len(self.data["train"])
        self.batch_size = min(how.batch_size, rows)
        if self.batch_size % fabric.world_size:
            raise ConfigError(
                f"optimisation.batch_size: {self.batch_size} rows cannot be shared evenly by "
                f"{fabric.world_size} processes"
            )
        self.steps_per_epoch = rows // self.batch_size
        self.objective = make_objective(config, prepared)
        if fabric.world_size > 1:
            see_whole_batches(self.objective)
        self.objective.to(fabric.device)
        on_gpu = fabric.device.type == "cuda"
        if not on_gpu:  # prepared here, so that all steps use the same loops
            POOLING.prepare()
            if isinstance(self.objective.trained, APSNet):
                LOOP.prepare()
        self.rate = torch.tensor(how.learning_rate, device=fabric.device)
        self.adam = torch.optim.Adam(
            self.objective.trained.parameters(), lr=self.rate, weight_decay=how.weight_decay, fused=True,
            capturable=on_gpu,
        )  # fmt: skip
        decay = config.weights_average
        self.average = WeightsAverage(self.objective.trained, decay) if decay else None
        # The loss terms summed over the current epoch. Checkpoints contain them, for the mean of the epoch.
        self.sums = torch.zeros(0, device=fabric.device)
        self.wrapped, self.optimiser = fabric.setup(self.objective, self.adam)
        self.step_once = CapturedStep(self._step) if on_gpu and fabric.world_size == 1 else self._step

    def resume(self) -> None:
        """Continue from the run's last checkpoint, if there is one."""
        if not self.run.checkpoint.exists():
            return
        tensors, counters = load_state(self.run.checkpoint)
        trained = math.ceil(counters["step"] / self.steps_per_epoch)
        if trained > self.config.optimisation.epochs:
            raise ConfigError(
                f"optimisation.epochs: the run is already in epoch {trained}; set it to {trained} or more"
            )
        prefix = "model."
        model = {name[len(prefix) :]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
        self.objective.trained.load_state_dict(model)
        fill_optimiser(self.adam, tensors)
        if self.average is not None:
            self.average.restore(tensors)
        self.sums = tensors["epoch.sums"].to(self.fabric.device)
        self.progress = Progress(**counters)

    def train(self, stop: Callable[[], bool] = lambda: False) -> Progress:
        """Train to the end, or until ``stop`` or the run's stop file requests a stop, after a checkpoint.

        Raises `TrainingFailed` if the loss is no longer finite or the memory is too small.
        """
        epochs, progress = self.config.optimisation.epochs, self.progress
        self.clock = Clock(self.config.checkpoint_seconds, progress.step, epochs * self.steps_per_epoch)
        self._record(
            "start", step=progress.step, of=epochs * self.steps_per_epoch, epochs=epochs,
            device=str(self.fabric.device), processes=self.fabric.world_size,
            shapes={name: len(data) for name, data in self.data.items()},
            notes="; ".join(self.notes) or None,
        )  # fmt: skip
        stopped = False
        for epoch in range(progress.step // self.steps_per_epoch, epochs):
            stopped = self._epoch(epoch, stop)
            if stopped:
                break
        if stopped or self.clock.unsaved(progress.step):
            self._checkpoint()
        if not stopped and self.fabric.is_global_zero:
            self.run.last_epoch.unlink(missing_ok=True)
            if self.config.model == "task":
                remember_shapes(self.run.best, self.data, self.fabric.device)
        self._record(
            "stopped" if stopped else "done", step=progress.step, best_epoch=progress.best_epoch,
            metrics=progress.scores,
        )  # fmt: skip
        return progress

    def _epoch(self, epoch: int, stop: Callable[[], bool]) -> bool:
        """Train one epoch, or the rest of it. Returns whether the training is to stop early."""
        progress, last_step = self.progress, (epoch + 1) * self.steps_per_epoch
        self.objective.train()
        order = epoch_order(len(self.data["train"]), self.config.seed, epoch).to(self.fabric.device)
        if progress.step == epoch * self.steps_per_epoch:
            self.sums = torch.zeros(0, device=self.fabric.device)
        for step in range(progress.step, last_step):
            first = (step % self.steps_per_epoch) * self.batch_size
            self.rate.fill_(learning_rate(self.config.optimisation, step / self.steps_per_epoch))
            seed_step(self.config.seed, step)
            terms = self._guarded(order[first : first + self.batch_size])
            self.sums = self.sums + terms if len(self.sums) else terms.clone()
            progress.step += 1
            if self.average is not None:
                self.average.add(progress.step)
            log, ask, save_now = self._agree(
                self.clock.should_log(), stop() or self.run.stop_file.exists(), self.clock.should_save()
            )
            if log or ask or save_now or self.fabric.device.type == "cpu":
                self._check_finite(terms)
            if log:
                eta = self.clock.remaining(progress.step)
                self._record(
                    "step", step=progress.step, of=self.clock.steps, epoch=epoch,
                    learning_rate=float(self.rate), eta=eta, metrics=self._named(terms),
                )  # fmt: skip
            if progress.step < last_step:  # after the last step the validation comes first
                if ask:
                    return True
                if save_now:
                    self._checkpoint()
        means = self.sums / self.steps_per_epoch
        self._check_finite(means)
        self._record("epoch", epoch=epoch, step=progress.step, learning_rate=float(self.rate),
                     metrics=self._named(means))  # fmt: skip
        last = epoch + 1 == self.config.optimisation.epochs
        if (epoch + 1) % self.config.validate_every == 0 or last:
            with self.average.in_place() if self.average else nullcontext():
                self._validate(epoch)
        ask, save_now = self._agree(stop() or self.run.stop_file.exists(), self.clock.should_save())
        if save_now and not ask:
            self._checkpoint()
        return ask and not last

    def _step(self, rows: Tensor) -> Tensor:
        """Do one optimiser step on the batch of training ``rows`` (B,). Returns its loss terms."""
        fabric, how = self.fabric, self.config.augmentation
        # Every process draws the whole batch and keeps its part, to have the random numbers of one process.
        batch = augment(self.data["train"].batch(rows, how.redraw), how)
        if fabric.world_size > 1:
            batch = part(batch, fabric.global_rank, fabric.world_size)
        self.optimiser.zero_grad(set_to_none=True)
        half = self.config.precision == "bf16-mixed"
        # Fabric's own precision would also round the clouds, which would change the nearest points.
        with torch.autocast(fabric.device.type, torch.bfloat16, enabled=half):
            terms = self.wrapped(batch)
        fabric.backward(terms["loss"])
        if self.config.optimisation.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.objective.trained.parameters(), self.config.optimisation.clip_norm)
        self.optimiser.step()
        self.names[:] = terms
        values = torch.stack([value.detach() for value in terms.values()])
        if fabric.world_size > 1:
            return torch.as_tensor(fabric.all_reduce(values, reduce_op="mean"))
        return values

    def _guarded(self, rows: Tensor) -> Tensor:
        try:
            return self.step_once(rows)
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
        fits = None
        if self.fabric.world_size == 1:
            fits = fitting_batch_size(lambda size: self._step(rows[:size]), len(rows))
        advice = f"set optimisation.batch_size = {fits}, which fits" if fits else "lower points or sizes"
        raise TrainingFailed(f"there is not enough memory for batches of {len(rows)}: {advice}")

    def _validate(self, epoch: int) -> None:
        if not self.fabric.is_global_zero:
            return
        progress, objective, data = self.progress, self.objective, self.data["validation"]
        objective.eval()
        with torch.no_grad():
            metrics = objective.validate(data)
            sampler = objective.trained
            if isinstance(sampler, APSNet) and self.config.snapshots:
                save_snapshot(self.run.snapshots, epoch, sampler, data, self.config)
        self._record("validation", epoch=epoch, step=progress.step, metrics=metrics)
        training = {**self.metadata.training, "best_epoch": epoch, "steps": progress.step}
        scores = {f"validation {key}": value for key, value in metrics.items()}
        told = self.metadata.model_copy(update={"training": training, "scores": scores})
        if self.config.model != "task":
            save(self.run.last_epoch, objective.trained.state_dict(), told)
        score = -metrics["score"] if self.config.lower_is_better else metrics["score"]
        last = self.config.keep == "last"
        if last or progress.best_score is None or score > progress.best_score:
            progress.best_score, progress.best_epoch, progress.scores = score, epoch, metrics
            save(self.run.best, objective.trained.state_dict(), told)

    def _checkpoint(self) -> None:
        model = {f"model.{name}": value for name, value in self.objective.trained.state_dict().items()}
        broken = [name for name, value in model.items() if not bool(value.isfinite().all())]
        if broken:
            raise TrainingFailed(not_finite(f"{broken[0]} of the network is", self.progress.step))
        self._check_finite(self._loss_now())
        if self.fabric.is_global_zero:
            tensors = {**model, **optimiser_tensors(self.adam), "epoch.sums": self.sums}
            tensors |= self.average.stored() if self.average else {}
            save_state(self.run.checkpoint, tensors, asdict(self.progress))
            epoch = self.progress.step // self.steps_per_epoch
            self._record("checkpoint", step=self.progress.step, epoch=epoch)
            self.run.write_metrics()
        self.clock.saved(self.progress.step)

    def _loss_now(self) -> Tensor:
        """The loss terms of a few shapes after the last update, which the last step's terms precede."""
        few = torch.arange(min(len(self.data["validation"]), _FEW), device=self.fabric.device)
        self.objective.eval()
        with torch.no_grad():
            terms = self.objective(self.data["validation"].batch(few))
        self.objective.train()
        return torch.stack(list(terms.values()))

    def _check_finite(self, terms: Tensor) -> None:
        if bool(terms.isfinite().all()):
            return
        wrong = [name for name, value in self._named(terms).items() if not math.isfinite(value)]
        raise TrainingFailed(not_finite(f"the loss ({', '.join(wrong)}) is", self.progress.step))

    def _named(self, terms: Tensor) -> dict[str, float]:
        return dict(zip(self.names, terms.tolist(), strict=True))

    def _agree(self, *answers: bool) -> list[bool]:
        """Return rank 0's answers on every rank, because clocks and signals differ between the processes."""
        if self.fabric.world_size == 1:
            return list(answers)
        said = torch.tensor(answers, device=self.fabric.device)
        torch.distributed.broadcast(said, src=0)
        return said.tolist()

    def _record(self, event: str, **facts: Any) -> None:
        if self.fabric.is_global_zero:
            self.watch(self.run.record(event, **facts))
