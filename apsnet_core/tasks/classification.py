"""Classification with PointNet, the task of Table 1."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from apsnet_core.networks.pointnet import Transforms, transform_regulariser


def classification_loss(
    logits: Tensor, labels: Tensor, transforms: Transforms | None = None, smoothing: float = 0.0
) -> Tensor:
    """Cross-entropy of logits (B, classes) and labels (B,), plus 0.001 times the transform regulariser."""
    loss = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    return loss if transforms is None else loss + 0.001 * transform_regulariser(transforms.features)


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """The fraction of samples whose largest logit is the label's: per sample, not per batch."""
    return (logits.argmax(dim=-1) == labels).double().mean().item()


def class_accuracies(logits: Tensor, labels: Tensor) -> Tensor:
    """Accuracy within each class, (classes,) float64; NaN where a class has no sample."""
    classes = logits.shape[-1]
    right = (logits.argmax(dim=-1) == labels).double()
    counts = torch.bincount(labels, minlength=classes).double()
    return torch.bincount(labels, weights=right, minlength=classes) / counts
