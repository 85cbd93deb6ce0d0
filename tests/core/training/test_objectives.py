"""The training losses against sums written out here, the frozen task net, and distillation without labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from apsnet_core.losses import sampling_loss
from apsnet_core.networks import APSNet, SampleNet
from apsnet_core.networks.pcrnet import Pose
from apsnet_core.ops import chamfer_distance
from apsnet_core.tasks import PCAE, PCRNet, PointNet
from apsnet_core.tasks.answer import NetAnswer
from apsnet_core.tasks.batch import Batch
from apsnet_core.training.batches import DeviceData
from apsnet_core.training.objectives import SamplerObjective, TaskObjective
from tests.core.small_networks import clouds, randomised
from tests.core.training.small import config, state
from tests.narrow import of_kind, present


def batch(task: str, dtype: torch.dtype = torch.float32, size: int = 4) -> Batch:
    points = clouds(size, 24, dtype=dtype)
    labels = torch.arange(size) % 2
    if task != "registration":
        return Batch(points, labels)
    turn = torch.linalg.qr(torch.randn(size, 3, 3, generator=torch.Generator().manual_seed(2)).to(dtype))[0]
    turn = turn * torch.linalg.det(turn).sign()[:, None, None]
    return Batch(points, labels, points @ turn, turn)


def task_net(task: str) -> nn.Module:
    torch.manual_seed(1)
    nets = {"classification": lambda: PointNet(2), "reconstruction": PCAE, "registration": PCRNet}
    return randomised(nets[task]())


def objective(home: Path, sampler: nn.Module, task: str, **changes: Any) -> SamplerObjective:
    return SamplerObjective(sampler, task_net(task), config(home, task=task, **changes)).train()


TASKS = ["classification", "reconstruction", "registration"]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("model", ["apsnet", "apsnet_kd"])
def test_the_task_net_stays_as_it_is_and_the_gradient_flows_through_it(
    task: str, model: str, home: Path
) -> None:
    torch.manual_seed(0)
    # Without the sampling loss, gradients reach the sampler only through the task net.
    training = objective(home, APSNet(), task, model=model, loss__weight=0.0)
    before = state(training.task_net)
    adam = torch.optim.Adam(training.parameters(), 0.01)
    for _ in range(3):
        adam.zero_grad()
        training.train()
        training(batch(task))["loss"].backward()
        moved = [p.grad.abs().sum() for p in training.sampler.parameters() if p.grad is not None]
        assert len(moved) == len(list(training.sampler.parameters())) and torch.stack(moved).max() > 0
        adam.step()
        assert training.sampler.training
        assert not any(module.training for module in training.task_net.modules())
    after = training.task_net.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
    assert not any(p.requires_grad or p.grad is not None for p in training.task_net.parameters())
    trained = {id(p) for p in training.parameters()}
    assert not trained & {id(p) for p in training.task_net.parameters()}


@pytest.mark.parametrize("task", TASKS)
def test_distillation_reads_no_labels(task: str, home: Path) -> None:
    torch.manual_seed(0)
    training = objective(home, APSNet(), task, model="apsnet_kd")
    given = batch(task)
    poison = given._replace(labels=torch.full_like(given.labels, 1 << 40))
    if given.rotation is not None:
        poison = poison._replace(rotation=torch.full_like(given.rotation, torch.nan))
    first, second = training(given), training(poison)
    parts = ("task", "sampling", "average", "maximal", "covering")
    assert first.keys() == second.keys() == {"loss", *(f"{part}@{m}" for part in parts for m in (2, 4))}
    for name in first:
        assert torch.equal(first[name], second[name]) and first[name].isfinite()


def test_a_supervised_loss_depends_on_the_labels(home: Path) -> None:
    training = objective(home, APSNet(), "classification")
    given = batch("classification")
    turned = given._replace(labels=1 - given.labels)
    assert training(given)["task@4"] != training(turned)["task@4"]


@pytest.mark.parametrize("model", ["apsnet", "apsnet_kd"])
def test_the_joint_loss_is_the_sum_of_the_losses_of_each_size(model: str, home: Path) -> None:
    sampler, net = randomised(APSNet()).double().eval(), task_net("classification").double()
    how = config(home, model=model, sizes=[2, 5, 7], loss__weight=3.0, loss__delta=0.1, loss__beta=0.5)
    given = batch("classification", torch.float64)
    joint = SamplerObjective(sampler, net, how).eval()(given)["loss"]
    alone = [
        SamplerObjective(sampler, net, how.model_copy(update={"sizes": [m]})).eval()(given)["loss"]
        for m in how.sizes
    ]
    torch.testing.assert_close(joint, torch.stack(alone).sum(), rtol=1e-12, atol=0)


def test_each_term_of_the_loss_follows_its_equation(home: Path) -> None:
    torch.manual_seed(0)
    sampler = SampleNet(4, k=3)
    training = objective(
        home, sampler, "reconstruction", model="samplenet", sizes=[4], loss__weight=2.0,
        loss__projection=0.25, loss__neighbours=3, loss__gamma=0.5,
    )  # fmt: skip
    training.eval()
    given = batch("reconstruction")
    terms = training(given)
    generated, projected = sampler(given.clouds)
    task = chamfer_distance(training.task_net(projected), given.clouds).mean()
    near = (generated[:, :, None] - given.clouds[:, None]).square().sum(-1)
    forth, back = near.min(2).values, near.min(1).values
    sampling = (forth.mean(1) + forth.amax(1) + 0.5 * back.mean(1)).mean()
    torch.testing.assert_close(terms["task@4"], task)
    torch.testing.assert_close(terms["sampling@4"], sampling)
    torch.testing.assert_close(terms["average@4"], forth.mean())
    torch.testing.assert_close(terms["maximal@4"], forth.amax(1).mean())
    torch.testing.assert_close(terms["covering@4"], back.mean())
    torch.testing.assert_close(sampling, sampling_loss(generated, given.clouds, 1.0, 0.5, 0.0))
    torch.testing.assert_close(terms["projection"], torch.tensor(1.0))
    torch.testing.assert_close(terms["loss"], task + 2 * sampling + 0.25)


def answers(net: nn.Module) -> list[NetAnswer]:
    """A list to which every later answer of a task net is appended in 32 bits."""
    said: list[NetAnswer] = []

    def note(_: nn.Module, __: object, answer: NetAnswer) -> None:
        single = isinstance(answer, Pose)
        said.append(Pose(*(part.float() for part in answer)) if single else of_kind(Tensor, answer).float())

    net.register_forward_hook(note)
    return said


@pytest.mark.parametrize("task", TASKS)
def test_losses_are_computed_in_single_precision_under_autocast(task: str, home: Path) -> None:
    """The networks may answer in 16 bits, but squares and rotations in 16 bits would be too inexact."""
    torch.manual_seed(0)
    given = batch(task)
    sampler = objective(home, APSNet(), task)
    alone = TaskObjective(task_net(task), config(home, task=task, model="task", sizes=[], task_weights=None))
    of_samples, of_clouds = answers(sampler.task_net), answers(alone.net)
    with torch.autocast("cpu", torch.bfloat16):
        terms, loss = sampler(given), alone.eval()(given)["loss"]
    for m, answer in zip((2, 4), of_samples, strict=True):
        assert torch.equal(terms[f"task@{m}"], sampler.task.loss(answer, given))
    if alone.task.learn is None:
        [answer] = of_clouds
        assert torch.equal(loss, alone.task.loss(answer, given))


@pytest.mark.parametrize(
    ("model", "variants"),
    [("apsnet", "g"), ("samplenet", "gm"), ("snet", "gm"), ("mops", "gm"), ("snet_progressive", "gm")],
)
def test_the_score_is_the_mean_over_the_variants_used_in_practice(
    model: str, variants: str, home: Path
) -> None:
    """A network whose matched points are used is not judged by its generated points only."""
    sizes = [4] if model in ("snet", "samplenet") else [2, 4]
    how = config(home, task="reconstruction", model=model, sizes=sizes)
    network = present(present(how.sampler).network)
    torch.manual_seed(0)
    training = SamplerObjective(network.build(4, **network.options), task_net("reconstruction"), how).eval()
    points = clouds(4, 24)
    found = training.validate(DeviceData(points, torch.zeros(4, dtype=torch.long), 24))
    chosen = [found[f"nre@{m}:{variant}"] for m in how.sizes for variant in variants]
    assert found["score"] == pytest.approx(sum(chosen) / len(chosen))
    assert all(found[f"nre@{m}:g"] != found[f"nre@{m}:m"] for m in how.sizes)


def test_the_teacher_sees_the_full_clouds(home: Path) -> None:
    seen: list[Tensor] = []
    training = objective(home, APSNet(), "classification", model="apsnet_kd")
    training.task_net.register_forward_hook(lambda _, given, __: seen.append(given[0]))
    given = batch("classification")
    training(given)
    assert torch.equal(seen[0], given.clouds) and [len(points[0]) for points in seen] == [24, 2, 4]
