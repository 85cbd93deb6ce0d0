"""The training loop, for task nets and samplers, on a CPU, a GPU, or several."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from apsnet_core.samplers.apsnet import APSNet
from apsnet_core.training.batches import Resident, augment, epoch_order, seed_step
from apsnet_core.training.captured import CapturedStep
from apsnet_core.training.config import Optimisation, TrainConfig
from apsnet_core.training.objectives import Objective, SamplerObjective, TaskObjective
from apsnet_core.training.runs import Run, fill_optimiser, load_state, optimiser_tensors, save_state
from apsnet_core.training.snapshots import save_snapshot
from apsnet_core.weights import Metadata, build, load, save

Record = Callable[..., None]
_LOG_SECONDS = 1.0


class TrainingFailed(Exception):
    """A training that cannot go on; the message says why and what to change."""


@dataclass
class Progress:
    """Where a training stands; ``step`` counts optimiser steps from the start."""

    step: int = 0
    best_score: float | None = None
    best_epoch: int = 0
    scores: dict[str, float] = field(default_factory=dict)


def train(
    config: TrainConfig,
    run: Run,
    data: dict[str, Resident],
    metadata: Metadata,
    task_net: nn.Module | None,
    fabric: Fabric,
    *,
    resume: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Progress:
    """Train what ``config`` says on ``data`` ("train", "validation"); everything it learns is in ``run``.

    Raises `TrainingFailed` when the loss is no longer finite. Returns early, after a checkpoint, when ``stop``
    is true or the run's stop file exists.
    """
    torch.manual_seed(config.seed)
    objective = make_objective(config, metadata, task_net).to(fabric.device)
    how = config.optimisation
    rate = torch.tensor(how.learning_rate, device=fabric.device)
    adam = torch.optim.Adam(
        objective.trained.parameters(), lr=rate, weight_decay=how.weight_decay, fused=True,
        capturable=fabric.device.type == "cuda",
    )  # fmt: skip
    progress = Progress()
    if resume:
        progress = _load(run, objective, adam)
    wrapped, optimiser = fabric.setup(objective, adam)
    rows_per_epoch = len(data["train"])
    batch_size = min(how.batch_size, rows_per_epoch)
    steps_per_epoch = rows_per_epoch // batch_size
    names: list[str] = []

    def step(rows: Tensor) -> Tensor:
        batch = augment(data["train"].batch(rows, config.augmentation.redraw), config.augmentation)
        optimiser.zero_grad(set_to_none=True)
        terms = wrapped(batch)
        fabric.backward(terms["loss"])
        if how.clip_norm is not None:
            nn.utils.clip_grad_norm_(objective.trained.parameters(), how.clip_norm)
        optimiser.step()
        names[:] = terms
        return torch.stack([value.detach() for value in terms.values()])

    run_step = CapturedStep(step) if fabric.device.type == "cuda" and fabric.world_size == 1 else step
    clock = _Clock(config, progress.step, steps_per_epoch)

    def agree(answer: bool) -> bool:
        """Rank 0's answer, on every rank: clocks and signals differ, the processes must not."""
        return answer if fabric.world_size == 1 else bool(fabric.broadcast(answer))

    def checkpoint() -> None:
        if fabric.is_global_zero:
            _save(run, objective, adam, progress)
            run.record("checkpoint", step=progress.step, epoch=progress.step // steps_per_epoch)
            run.write_metrics()
        clock.saved()

    stopped = False
    for epoch in range(progress.step // steps_per_epoch, how.epochs):
        objective.train()
        order = epoch_order(rows_per_epoch, config.seed, epoch).to(fabric.device)
        sums = torch.zeros(0)
        counted = 0
        for within in range(progress.step - epoch * steps_per_epoch, steps_per_epoch):
            rate.fill_(learning_rate(how, progress.step / steps_per_epoch))
            seed_step(config.seed, progress.step * fabric.world_size + fabric.global_rank)
            rows = order[within * batch_size : (within + 1) * batch_size][
                fabric.global_rank :: fabric.world_size
            ]
            terms = run_step(rows)
            sums = terms.clone() if counted == 0 else sums + terms
            counted += 1
            progress.step += 1
            if agree(clock.should_log()):
                _check_finite(terms, names, progress.step)
                facts = dict(zip(names, terms.tolist(), strict=True))
                if fabric.is_global_zero:
                    run.record(
                        "step", step=progress.step, of=how.epochs * steps_per_epoch, epoch=epoch,
                        learning_rate=float(rate), eta=clock.remaining(progress.step), metrics=facts,
                    )  # fmt: skip
                stopped = agree(stop() or run.stop_file.exists())
                if stopped:
                    break
                if agree(clock.should_save()):
                    checkpoint()
        if stopped:
            break
        if counted:
            means = fabric.all_reduce(sums / counted, reduce_op="mean")
            assert isinstance(means, Tensor)
            _check_finite(means, names, progress.step)
            if fabric.is_global_zero:
                facts = dict(zip(names, means.tolist(), strict=True))
                run.record("epoch", epoch=epoch, step=progress.step, learning_rate=float(rate), metrics=facts)
        last = epoch == how.epochs - 1
        if (epoch + 1) % config.validate_every == 0 or last:
            _validate(config, run, objective, data["validation"], metadata, progress, epoch, fabric)
        if last or agree(clock.should_save()):
            checkpoint()
    if stopped:
        checkpoint()
    if fabric.is_global_zero:
        run.stop_file.unlink(missing_ok=True)
        run.record("stopped" if stopped else "done", step=progress.step, best_epoch=progress.best_epoch,
                   score=progress.best_score, metrics=progress.scores)  # fmt: skip
    return progress


def make_objective(config: TrainConfig, metadata: Metadata, task_net: nn.Module | None) -> Objective:
    """The network to train, fresh, with its loss."""
    net = build(metadata)
    if config.initial_weights is not None:
        net = load(config.initial_weights)[0].train()
    if config.model == "task":
        return TaskObjective(net, config)
    if task_net is None:
        raise ValueError("a sampler is trained in front of a task net: none was given")
    if isinstance(net, APSNet) and config.initial_weights is None:
        _shrink_scores(net, config.score_scale)
    return SamplerObjective(net, task_net, config)


def _shrink_scores(net: APSNet, scale: float) -> None:
    """Multiply the first scores by about ``scale``: a nearly closed output gate makes the hidden state small.

    Scores are inner products with it; at their full size the first attentions are so sharp, and so alike,
    that the sample collapses into a few points before the task is learned.
    """
    size = net.lstm.hidden_size
    nn.init.constant_(net.lstm.bias_ih_l1[3 * size :], math.log(scale / (2 - scale)))


def learning_rate(how: Optimisation, epoch: float) -> float:
    """The rate at ``epoch``, counted in fractions."""
    if how.schedule == "step":
        return how.learning_rate * how.decay ** (int(epoch) // how.decay_every)
    if epoch < how.warmup:
        return how.learning_rate * (epoch + 0.02) / (how.warmup + 0.02)
    done = (epoch - how.warmup) / max(how.epochs - how.warmup, 1e-9)
    return how.learning_rate * (0.01 + 0.99 * (1 + math.cos(math.pi * min(done, 1.0))) / 2)


def _validate(
    config: TrainConfig, run: Run, objective: Objective, data: Resident, metadata: Metadata,
    progress: Progress, epoch: int, fabric: Fabric,
) -> None:  # fmt: skip
    if not fabric.is_global_zero:
        return
    objective.eval()
    with torch.no_grad():
        metrics = objective.validate(data)
        if (
            isinstance(objective, SamplerObjective)
            and isinstance(objective.sampler, APSNet)
            and config.snapshots
        ):
            save_snapshot(run.snapshots, epoch, objective.sampler, data, config)
    run.record("validation", epoch=epoch, step=progress.step, metrics=metrics)
    score = -metrics["score"] if config.lower_is_better else metrics["score"]
    if progress.best_score is None or score > progress.best_score:
        progress.best_score, progress.best_epoch, progress.scores = score, epoch, metrics
        training = {**metadata.training, "epoch": epoch, "step": progress.step}
        scores = {f"validation {key}": value for key, value in metrics.items()}
        save(
            run.best,
            objective.trained.state_dict(),
            metadata.model_copy(update={"training": training, "scores": scores}),
        )


def _check_finite(terms: Tensor, names: list[str], step: int) -> None:
    if bool(terms.isfinite().all()):
        return
    wrong = [name for name, value in zip(names, terms.tolist(), strict=True) if not math.isfinite(value)]
    raise TrainingFailed(
        f"the loss is no longer finite at step {step} ({', '.join(wrong)}): lower the learning rate, "
        "set optimisation.clip_norm, or look for broken shapes with `apsnet data check`"
    )


def _save(run: Run, objective: Objective, adam: torch.optim.Optimizer, progress: Progress) -> None:
    model = {f"model.{name}": tensor for name, tensor in objective.trained.state_dict().items()}
    counters = {
        "step": progress.step, "best_score": progress.best_score, "best_epoch": progress.best_epoch,
        "scores": progress.scores,
    }  # fmt: skip
    save_state(run.last, {**model, **optimiser_tensors(adam)}, counters)


def _load(run: Run, objective: Objective, adam: torch.optim.Optimizer) -> Progress:
    if not run.last.exists():
        return Progress()
    tensors, counters = load_state(run.last)
    model = {name[len("model.") :]: tensor for name, tensor in tensors.items() if name.startswith("model.")}
    objective.trained.load_state_dict(model)
    fill_optimiser(adam, tensors)
    return Progress(**counters)


class _Clock:
    """When to log and when to save, and how long it will take."""

    def __init__(self, config: TrainConfig, first_step: int, steps_per_epoch: int) -> None:
        self._total = config.optimisation.epochs * steps_per_epoch
        self._save_every = config.checkpoint_seconds
        self._first_step = first_step
        self._start = self._saved = self._logged = time.monotonic()

    def should_log(self) -> bool:
        now = time.monotonic()
        if now - self._logged < _LOG_SECONDS:
            return False
        self._logged = now
        return True

    def should_save(self) -> bool:
        return time.monotonic() - self._saved >= self._save_every

    def saved(self) -> None:
        self._saved = time.monotonic()

    def remaining(self, step: int) -> float:
        """Seconds to the end at the pace so far."""
        pace = (time.monotonic() - self._start) / max(step - self._first_step, 1)
        return round(pace * (self._total - step), 1)
