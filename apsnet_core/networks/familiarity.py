"""A score of how unfamiliar a shape is to a task net, based on the net's global features."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_PERCENT = 100
# With fewer validation shapes, the highest percentiles would depend on one or two shapes.
_FEW = 100
_BATCH = 16  # clouds at a time; for 64 of them a PointNet needs half a gigabyte
# The smallest spread, as a share of the mean spread. Without it, a component that is equal in all training
# shapes would make distances infinite.
_LEAST_SPREAD = 0.05


class Familiarity(nn.Module):
    """Statistics of the training shapes' global features, normalised to length 1; saved as its state.

    ``means`` (C, F) are the means of the classes, and ``spread`` (F,) is the standard deviation around them,
    the same for all classes. ``reach`` (101,) are the quantiles at 0, 1, ... 100 % of the distances of the
    validation shapes, joined by the training shapes if there are few.
    """

    means: Tensor
    spread: Tensor
    reach: Tensor

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        self.register_buffer("means", torch.zeros(classes, width))
        self.register_buffer("spread", torch.ones(width))
        self.register_buffer("reach", torch.zeros(_PERCENT + 1))

    @classmethod
    def fit(cls, features: Tensor, labels: Tensor, validation: Tensor) -> Self:
        """Fit the statistics to ``features`` (S, F) and ``labels`` (S,) of the training shapes.

        ``validation`` (V, F) are the features of the validation shapes.
        """
        known, own = _unit(features.double()), torch.unique(labels, return_inverse=True)[1]
        means = torch.stack([known[own == c].mean(0) for c in range(int(own.max()) + 1)])
        spread = (known - means[own]).square().mean(0).sqrt()
        found = cls(*means.shape)
        found.means.copy_(means)
        found.spread.copy_(spread.clamp_min(max(_LEAST_SPREAD * float(spread.mean()), 1e-6)))
        kind = validation if len(validation) >= _FEW else torch.cat([validation, features])
        percents = torch.linspace(0, 1, _PERCENT + 1, dtype=torch.float64)
        found.reach.copy_(torch.quantile(found(kind).double(), percents))
        return found

    def forward(self, features: Tensor) -> Tensor:
        """The distance (B,) of ``features`` (B, F) from the nearest class mean, in units of the spread."""
        known, asked = self.means / self.spread, _unit(features) / self.spread
        # Inner products would give small distances as differences of large numbers.
        return torch.cdist(asked, known, compute_mode="donot_use_mm_for_euclid_dist").amin(1)

    def farther_than(self, features: Tensor) -> Tensor:
        """The percentage (B,), rounded down, of the reference shapes nearer than ``features`` (B, F)."""
        return (torch.searchsorted(self.reach, self(features)) - 1).clamp_min(0)


def familiarity_of(net: nn.Module, clouds: Tensor, labels: Tensor, validation: Tensor) -> Familiarity:
    """Fit a `Familiarity` to the training ``clouds`` (S, N, 3) of ``net`` and their ``labels`` (S,).

    The net is in eval mode, and the clouds are as it sees them. The ``validation`` clouds (V, N, 3) must not
    have been used in training.
    """
    return Familiarity.fit(features_of(net, clouds), labels.cpu(), features_of(net, validation))


@torch.no_grad()
def features_of(net: nn.Module, clouds: Tensor) -> Tensor:
    """The global features (S, F) of ``clouds`` (S, N, 3), in float32 on the CPU."""
    found = []
    for part in torch.split(clouds, _BATCH):
        features = cast(Callable[[Tensor], Tensor | tuple[Tensor, ...]], net.features)(part)
        found.append((features[0] if isinstance(features, tuple) else features).float().cpu())
    return torch.cat(found)


def _unit(features: Tensor) -> Tensor:
    return F.normalize(features, dim=-1)
