"""What each task asks of a batch of samples: its loss with labels, its loss without, and its metric."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from apsnet_core.losses import (
    classification_distillation,
    reconstruction_distillation,
    registration_distillation,
)
from apsnet_core.ops import chamfer_distance
from apsnet_core.tasks.classification import classification_loss
from apsnet_core.tasks.reconstruction import reconstruction_loss
from apsnet_core.tasks.registration import registration_loss, rotation_error


class Batch(NamedTuple):
    """``clouds`` (B, N, 3), and what the task asks about them.

    ``labels`` (B,) for classification; for registration ``source`` (B, N, 3) and the ``rotation`` (B, 3, 3)
    that lays it on ``clouds``, the template.
    """

    clouds: Tensor
    labels: Tensor
    source: Tensor | None = None
    rotation: Tensor | None = None

    @property
    def size(self) -> int:
        return len(self.clouds)

    @property
    def to_sample(self) -> Tensor:
        """Every cloud that a sampler must sample: (B, N, 3), for registration (2B, N, 3), templates first."""
        return self.clouds if self.source is None else torch.cat([self.clouds, self.source])

    @property
    def pose(self) -> tuple[Tensor, Tensor, Tensor]:
        """Rotation, template and source of registration."""
        if self.source is None or self.rotation is None:
            raise ValueError("this batch has no pairs to register")
        return self.rotation, self.clouds, self.source


class Problem(NamedTuple):
    """A task as three questions. ``samples`` are those of `Batch.to_sample`, ``answer`` the net's on them.

    ``ask`` gives the net's answer on samples; ``loss`` and ``distil`` are means over the batch, the latter
    against the net's answer on the full clouds (Eq. 9); ``metric`` is (B,), one value per cloud.
    """

    ask: Callable[[nn.Module, Tensor], Any]
    loss: Callable[[Any, Batch], Tensor]
    distil: Callable[[Any, Any], Tensor]
    metric: Callable[[Any, Any, Batch], Tensor]
    metric_name: str
    lower_is_better: bool


def _register(net: nn.Module, samples: Tensor) -> Any:
    return net(*samples.chunk(2))


def _nre(answer: Tensor, on_clouds: Tensor, batch: Batch) -> Tensor:
    return chamfer_distance(batch.clouds, answer) / chamfer_distance(batch.clouds, on_clouds)


PROBLEMS: dict[str, Problem] = {
    "classification": Problem(
        ask=lambda net, samples: net(samples),
        loss=lambda logits, batch: classification_loss(logits, batch.labels),
        distil=classification_distillation,
        metric=lambda logits, _, batch: (logits.argmax(-1) == batch.labels).float(),
        metric_name="accuracy",
        lower_is_better=False,
    ),
    "reconstruction": Problem(
        ask=lambda net, samples: net(samples),
        loss=lambda answer, batch: reconstruction_loss(answer, batch.clouds),
        distil=reconstruction_distillation,
        metric=_nre,
        metric_name="nre",
        lower_is_better=True,
    ),
    "registration": Problem(
        ask=_register,
        loss=lambda pose, batch: registration_loss(pose, *batch.pose),
        distil=lambda pose, teacher: registration_distillation(
            pose.rotation, pose.translation, teacher.rotation, teacher.translation
        ),
        metric=lambda pose, _, batch: rotation_error(pose, batch.pose[0]),
        metric_name="rotation_error",
        lower_is_better=True,
    ),
}
