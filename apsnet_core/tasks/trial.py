"""A check whether a user's own network fits a task, and can be used to train a sampler."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from apsnet_core.tasks.answer import NetAnswer
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.task import Task


def try_net(task: Task, net: nn.Module, batch: Batch, sizes: Sequence[int], *, labels: bool) -> int:
    """Run ``net``, in evaluation mode, on samples of ``sizes`` of a ``batch``; return its number of classes.

    The number is 0 for a task without classes. With ``labels`` the task loss is tried, otherwise the
    distillation loss. Raises ValueError with a sentence if the output does not fit the task, or if no
    gradient reaches the points.
    """
    teacher = _asked(task, net, batch.to_sample)
    classes = teacher.shape[-1] if task.knows_classes and isinstance(teacher, Tensor) and teacher.ndim else 0
    if task.knows_classes and (not isinstance(teacher, Tensor) or teacher.shape != (batch.size, classes)):
        raise ValueError(f"gives {_shape(teacher)} for {batch.size} clouds, not a logit for each class")
    if labels and task.knows_classes and int(batch.labels.max()) >= classes:
        raise ValueError(f"has {classes} classes, but the data have more")
    for m in sizes:
        points = batch.to_sample[:, :m].clone().requires_grad_()
        answer = _asked(task, net, points)
        try:
            loss = task.loss(answer, batch) if labels else task.distil(answer, _detached(teacher))
        except Exception as why:
            raise ValueError(
                f"gives {_shape(answer)}, which does not fit {task.name} ({' '.join(str(why).split())})"
            ) from why
        if not bool(loss.isfinite()):
            raise ValueError(f"gives a loss that is not finite on samples of {m} points")
        reached = loss.requires_grad and torch.autograd.grad(loss, points, allow_unused=True)[0] is not None
        if not reached:
            raise ValueError("passes no gradient back to its points, so a sampler cannot learn from it")
    return classes


def _asked(task: Task, net: nn.Module, points: Tensor) -> NetAnswer:
    try:
        return task.ask(net, points)
    except Exception as why:
        said = " ".join(str(why).split())[:200]
        raise ValueError(
            f"does not take points {tuple(points.shape)} ({said}); it must take any batch and any number of "
            "points; an exported program needs `dynamic_shapes` for that"
        ) from why


def _detached(answer: NetAnswer) -> NetAnswer:
    if isinstance(answer, Tensor):
        return answer.detach()
    return type(answer)(*(_detached(each) for each in answer))


def _shape(answer: NetAnswer) -> str:
    return f"a tensor {tuple(answer.shape)}" if isinstance(answer, Tensor) else f"a {type(answer).__name__}"
