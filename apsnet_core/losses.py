"""The losses of the samplers: the sampling loss and the distillation losses (Sec. 3.2)."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from apsnet_core.ops import chamfer_distance, nearest


def average_nearest(a: Tensor, b: Tensor) -> Tensor:
    """L_a, Eq. 5: mean squared distance from ``a`` (B, N, 3) to the nearest of ``b`` (B, M, 3), (B,)."""
    return nearest(a, b)[0].mean(dim=-1)


def maximal_nearest(a: Tensor, b: Tensor) -> Tensor:
    """L_m, Eq. 6: largest squared distance from ``a`` (B, N, 3) to the nearest of ``b`` (B, M, 3), (B,)."""
    return nearest(a, b)[0].amax(dim=-1)


class SamplingParts(NamedTuple):
    """Terms of Eq. 7, batch means: ``average`` L_a(Q, P), ``maximal`` L_m(Q, P), ``covering`` L_a(P, Q)."""

    average: Tensor
    maximal: Tensor
    covering: Tensor

    def weighted(self, m: int, beta: float, gamma: float, delta: float) -> Tensor:
        """Eq. 7 for samples of ``m`` points: L_a(Q, P) + beta L_m(Q, P) + (gamma + delta m) L_a(P, Q)."""
        return self.average + beta * self.maximal + (gamma + delta * m) * self.covering


def sampling_parts(generated: Tensor, points: Tensor) -> SamplingParts:
    """The terms of Eq. 7 for generated points (B, m, 3) and the cloud (B, N, 3)."""
    near = nearest(generated, points)[0]
    covering = average_nearest(points, generated)
    return SamplingParts(near.mean(), near.amax(dim=-1).mean(), covering.mean())


def sampling_loss(
    generated: Tensor, points: Tensor, beta: float = 1.0, gamma: float = 1.0, delta: float = 0.0
) -> Tensor:
    """Eq. 7, batch mean, in squared units: keeps generated points (B, m, 3) near the cloud (B, N, 3), spread.

    >>> cloud = torch.tensor([[[0.0, 0, 0], [2.0, 0, 0]]])
    >>> sampling_loss(cloud[:, :1], cloud, beta=0.0)
    tensor(2.)
    """
    return sampling_parts(generated, points).weighted(generated.shape[1], beta, gamma, delta)


def classification_distillation(student: Tensor, teacher: Tensor) -> Tensor:
    """Eq. 9 for classification: KL(softmax T(P) || softmax T(Q)) of logits (B, classes), batch mean."""
    return F.kl_div(student.log_softmax(-1), teacher.log_softmax(-1), log_target=True, reduction="batchmean")


def reconstruction_distillation(student: Tensor, teacher: Tensor) -> Tensor:
    """Eq. 9 for reconstruction: CD(T(Q), T(P)) of clouds (B, 2048, 3), batch mean."""
    return chamfer_distance(student, teacher).mean()


def rotation_loss(found: Tensor, rotation: Tensor) -> Tensor:
    """||R_hat R^T - I||_F^2 of rotations (B, 3, 3), batch mean."""
    identity = torch.eye(3, dtype=rotation.dtype, device=rotation.device)
    return (found @ rotation.transpose(1, 2) - identity).square().sum((1, 2)).mean()


def registration_distillation(
    rotation: Tensor, translation: Tensor, teacher_rotation: Tensor, teacher_translation: Tensor
) -> Tensor:
    """Eq. 9 for registration: the pose from the full clouds is the target for the pose from the samples.

    Rotations (B, 3, 3) and translations (B, 3); squared error of both, batch mean.
    """
    shift = (translation - teacher_translation).square().sum(-1).mean()
    return rotation_loss(rotation, teacher_rotation) + shift


def total_loss(task: Tensor, sampling: Tensor, weight: float) -> Tensor:
    """Eq. 8: the task loss plus lambda (``weight``) times the sampling loss."""
    return task + weight * sampling


def joint_loss(task: list[Tensor], sampling: list[Tensor], weight: float) -> Tensor:
    """Eq. 10: the sum of `total_loss` over the sample sizes, the prefixes of one rollout.

    >>> joint_loss([torch.tensor(1.0), torch.tensor(2.0)], [torch.tensor(10.0), torch.tensor(20.0)], 0.1)
    tensor(6.)
    """
    return torch.stack([total_loss(t, s, weight) for t, s in zip(task, sampling, strict=True)]).sum()
