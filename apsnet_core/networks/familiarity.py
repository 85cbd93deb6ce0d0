"""Whether a task net was trained on shapes like this one: how near its global feature is to theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_PERCENT = 100
# With fewer shapes the last percents are one or two shapes.
_FEW = 100
_BATCH = 16  # clouds at a time: of 64, a PointNet holds half a gigabyte
# Of the mean spread: a feature that is the same for all training shapes would be infinitely strict.
_LEAST_SPREAD = 0.05


class Familiarity(nn.Module):
    """Where the global features of the training shapes lie, brought to length 1; its state is what is stored.

    ``means`` (C, F) are those of the classes, ``spread`` (F,) the standard deviation around them, the same
    for all classes; ``reach`` (101,) are the distances that 0, 1, ... 100 % of shapes of their kind do not
    exceed: of the validation shapes, and where these are few, of the training shapes with them.
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
        """Of ``features`` (S, F) of the training shapes, their ``labels`` (S,), and ``validation`` (V, F)."""
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
        """How far ``features`` (B, F) lie from the nearest class, in spreads: (B,)."""
        known, asked = self.means / self.spread, _unit(features) / self.spread
        # Not by inner products: near ones would be differences of large numbers.
        return torch.cdist(asked, known, compute_mode="donot_use_mm_for_euclid_dist").amin(1)

    def farther_than(self, features: Tensor) -> Tensor:
        """The whole percent (B,) of the shapes of their kind that lie nearer than ``features`` (B, F)."""
        return (torch.searchsorted(self.reach, self(features)) - 1).clamp_min(0)


def familiarity_of(net: nn.Module, clouds: Tensor, labels: Tensor, validation: Tensor) -> Familiarity:
    """What ``net``, in eval mode, was trained on: ``clouds`` (S, N, 3) as it sees them, with ``labels`` (S,).

    Of the ``validation`` clouds (V, N, 3) nothing was learned.
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
