"""The objectives: a task net's own loss, or Eq. 8 to 10 for a sampler in front of a frozen task net."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from apsnet_core.losses import joint_loss, sampling_parts
from apsnet_core.methods.method import Method
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.registry import SamplerNetwork
from apsnet_core.ops import match, nearest
from apsnet_core.tasks.answer import NetAnswer
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.registry import task
from apsnet_core.training.batches import DeviceData
from apsnet_core.training.config import TrainConfig
from apsnet_core.training.preparation import Prepared
from apsnet_core.weights import build, load
from apsnet_core.weights.listing import named

Terms = dict[str, Tensor]
_VALIDATION_BATCH = 64


class TaskObjective(nn.Module):
    """A task net and its supervised loss."""

    def __init__(self, net: nn.Module, config: TrainConfig) -> None:
        super().__init__()
        self.net = net
        self.task = task(config.task)
        self.smoothing = config.optimisation.label_smoothing

    @property
    def trained(self) -> nn.Module:
        """The network whose tensors are optimised."""
        return self.net

    def forward(self, batch: Batch) -> Terms:
        """The loss of ``batch``, as a scalar."""
        if self.task.learn is not None:
            return {"loss": self.task.learn(self.net, batch, self.smoothing)}
        answer = _in_full(self.task.ask(self.net, batch.to_sample))
        with torch.autocast(batch.clouds.device.type, enabled=False):
            return {"loss": self.task.loss(answer, batch)}

    def validate(self, data: DeviceData) -> dict[str, float]:
        """The task's metric for full clouds."""
        answers = ((self.task.ask(self.net, batch.to_sample), batch) for batch in _batches(data))
        score = torch.cat([self.task.measure_all(*each) for each in answers]).mean().item()
        return {self.task.of_all_points.name: score, "score": score}


class SamplerObjective(nn.Module):
    """A sampler and its joint loss over the sizes of ``config``, which are prefixes of one sample (Eq. 10).

    The task net is not a submodule, so that the optimiser, the checkpoint and `train()` do not include it.
    The gradient flows through it to the sample, but its tensors do not change.
    """

    def __init__(self, sampler: nn.Module, task_net: nn.Module, config: TrainConfig) -> None:
        super().__init__()
        self.sampler = sampler
        self.method, self.network = _row(config)
        self._frozen = (task_net.eval().requires_grad_(False),)
        self.task = task(config.task)
        self.config = config

    @property
    def trained(self) -> nn.Module:
        """The network whose tensors are optimised."""
        return self.sampler

    @property
    def task_net(self) -> nn.Module:
        """The frozen task net."""
        return self._frozen[0]

    def forward(self, batch: Batch) -> Terms:
        """The ``loss`` of ``batch`` and its terms for every size, all scalars."""
        clouds = batch.to_sample
        generated, fed = self.generate(clouds)
        with torch.no_grad():
            asked = self.method.distilled
            teacher = _in_full(self.task.ask(self.task_net, clouds)) if asked else None
        answers = [_in_full(self.task.ask(self.task_net, fed[:, :m])) for m in self.config.sizes]
        # 16 bits are too few for squared distances.
        with torch.autocast(clouds.device.type, enabled=False):
            return self._terms(batch, clouds, _in_full(generated), answers, teacher)

    def _terms(
        self, batch: Batch, clouds: Tensor, generated: Tensor, answers: list[NetAnswer], teacher: NetAnswer
    ) -> Terms:
        how = self.config.loss
        terms: Terms = {}
        tasks, samplings = [], []
        for m, answer in zip(self.config.sizes, answers, strict=True):
            distil = teacher is not None
            task = self.task.distil(answer, teacher) if distil else self.task.loss(answer, batch)
            parts = sampling_parts(generated[:, :m], clouds)
            sampling = parts.weighted(m, how.beta, how.gamma, how.delta)
            tasks.append(task)
            samplings.append(sampling)
            terms |= {f"task@{m}": task, f"sampling@{m}": sampling}
            terms |= {f"{name}@{m}": part.detach() for name, part in parts._asdict().items()}
        loss = joint_loss(tasks, samplings, how.weight)
        if self.network.regulariser is not None:
            terms["projection"] = self.network.regulariser(self.sampler)
            loss = loss + how.projection * terms["projection"]
        return {"loss": loss, **terms}

    def generate(self, clouds: Tensor) -> tuple[Tensor, Tensor]:
        """The sampler's generated points (B, m, 3), and the points for the task net in training."""
        m = max(self.config.sizes)
        if self.network.train is not None:
            return self.network.train(self.sampler, clouds, m)
        points = self.network.generate(self.sampler, clouds, m)
        return points, points

    def validate(self, data: DeviceData) -> dict[str, float]:
        """The metric of G and M for every size, and ``distinct``, the number of distinct nearest points.

        The score is the mean over the sizes and the variants of the network's ``judged_by``.
        """
        sums: dict[str, float] = {}
        for batch in _batches(data):
            clouds = batch.to_sample
            on_clouds = self.task.ask(self.task_net, clouds)
            generated, _ = self.generate(clouds)
            for m in self.config.sizes:
                sample = generated[:, :m]
                indices = match(sample, clouds)
                matched = clouds.gather(1, indices[..., None].expand(-1, -1, 3))
                for variant, fed in (("g", sample), ("m", matched)):
                    answer = self.task.ask(self.task_net, fed)
                    value = self.task.measure(answer, on_clouds, batch).sum().item()
                    key = f"{self.task.metric.name}@{m}:{variant}"
                    sums[key] = sums.get(key, 0.0) + value
                key = f"distinct@{m}"
                sums[key] = sums.get(key, 0.0) + _distinct(sample, clouds) * batch.size
        metrics = {key: value / len(data) for key, value in sums.items()}
        name, variants = self.task.metric.name, self.network.judged_by
        chosen = [metrics[f"{name}@{m}:{variant}"] for m in self.config.sizes for variant in variants]
        return {**metrics, "score": sum(chosen) / len(chosen)}


Objective = TaskObjective | SamplerObjective


def make_objective(config: TrainConfig, prepared: Prepared) -> Objective:
    """The network to train, new or from ``initial_weights``, with its loss."""
    net = build(prepared.metadata)
    if config.initial_weights is not None:
        net = load(named(config.initial_weights).path)[0].train()
    if config.model == "task":
        return TaskObjective(net, config)
    if prepared.task_net is None:
        raise ValueError("a sampler is trained with a task net, but none was given")
    if isinstance(net, APSNet) and config.initial_weights is None:
        _shrink_scores(net, config.score_scale)
    return SamplerObjective(net, prepared.task_net, config)


def _shrink_scores(net: APSNet, scale: float) -> None:
    """Multiply the initial scores by about ``scale`` with an output gate that is nearly closed at first.

    This makes the hidden state small, and scores are inner products with it. At their full size, the first
    attention maps are so sharp and so similar that the sample collapses into a few points before the task is
    learned.
    """
    size = net.lstm.hidden_size
    bias = net.lstm_weights.bias_ih_l1
    nn.init.constant_(bias[3 * size :], math.log(scale / (2 - scale)))


def _row(config: TrainConfig) -> tuple[Method, SamplerNetwork]:
    row = config.sampler
    if row is None or row.network is None:
        raise ValueError(f"{config.model} is not a sampler")
    return row, row.network


def _batches(data: DeviceData) -> Iterator[Batch]:
    for first in range(0, len(data), _VALIDATION_BATCH):
        last = min(first + _VALIDATION_BATCH, len(data))
        yield data.batch(torch.arange(first, last, device=data.device))


def _in_full(answer: NetAnswer) -> NetAnswer:
    """Convert the answer of a network, a tensor or a tuple of tensors, from 16 to 32 bits."""
    if isinstance(answer, Tensor):
        return answer.to(torch.promote_types(answer.dtype, torch.float32))
    return type(answer)(*(_in_full(each) for each in answer))


def _distinct(sample: Tensor, clouds: Tensor) -> float:
    """The mean number of distinct input points nearest to a sample's points; low if a sample collapses."""
    index = nearest(sample, clouds)[1].sort(dim=1).values
    return (1 + (index.diff(dim=1) > 0).sum(dim=1)).double().mean().item()
