"""Whether a task net was trained on shapes like this one: how near its global feature is to theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FAR, FAR_BY_BOTH = 96, 97
"""A shape more foreign than so many percent of its own kind is unlike what the net was trained on.

By its distance, and by both signs. Measured: with these at most 5 % of the test shapes are called so.
"""
_PERCENT = 100
# With fewer shapes the last percents are one or two shapes.
_FEW = 100
_BATCH = 64
# Of the mean spread: a feature that is the same for all training shapes would be infinitely strict.
_LEAST_SPREAD = 0.05


class Familiarity(nn.Module):
    """Where the global features of the training shapes lie, brought to length 1; its state is what is stored.

    ``means`` (C, F) are those of the classes, ``spread`` (F,) the standard deviation around them, the same
    for all classes; ``reach`` (101,) are the distances that 0, 1, ... 100 % of shapes of their kind do not
    exceed: of the validation shapes, and where these are few, of the training shapes with them.

    A classifier knows a second sign: of foreign shapes the logits are small, by their free energy (Liu et al.
    2020, Energy-based Out-of-distribution Detection). ``usual`` (2, 2) are the mean and the deviation of the
    distance's logarithm and of the energy of shapes of their kind; both signs then count alike. Zero
    deviations leave it at the distance.
    """

    means: Tensor
    spread: Tensor
    reach: Tensor
    usual: Tensor

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        self.register_buffer("means", torch.zeros(classes, width))
        self.register_buffer("spread", torch.ones(width))
        self.register_buffer("reach", torch.zeros(_PERCENT + 1))
        self.register_buffer("usual", torch.zeros(2, 2))

    @classmethod
    def fit(
        cls, features: Tensor, labels: Tensor, validation: Tensor, logits: tuple[Tensor, Tensor] | None = None
    ) -> Self:
        """Of ``features`` (S, F) of the training shapes, their ``labels`` (S,), and ``validation`` (V, F).

        A classifier's ``logits`` are those of the training shapes (S, C) and of the validation's (V, C).
        """
        known, own = _unit(features.double()), torch.unique(labels, return_inverse=True)[1]
        means = torch.stack([known[own == c].mean(0) for c in range(int(own.max()) + 1)])
        spread = (known - means[own]).square().mean(0).sqrt()
        found = cls(*means.shape)
        found.means.copy_(means)
        found.spread.copy_(spread.clamp_min(max(_LEAST_SPREAD * float(spread.mean()), 1e-6)))
        many = len(validation) >= _FEW
        kind = validation if many else torch.cat([validation, features])
        said = None
        if logits is not None:
            said = logits[1] if many else torch.cat([logits[1], logits[0]])
            signs = found.signs(kind, said).double()
            found.usual.copy_(torch.stack([signs.mean(0), signs.std(0).clamp_min(1e-6)]))
        percents = torch.linspace(0, 1, _PERCENT + 1, dtype=torch.float64)
        found.reach.copy_(torch.quantile(found(kind, said).double(), percents))
        return found

    def forward(self, features: Tensor, logits: Tensor | None = None) -> Tensor:
        """How foreign shapes are with ``features`` (B, F) and, of a classifier, ``logits`` (B, C): (B,).

        In spreads from the nearest class; with the second sign the sum of both in deviations.
        """
        if logits is None or not bool(self.usual[1].any()):
            return self.distance(features)
        return ((self.signs(features, logits) - self.usual[0]) / self.usual[1]).sum(1)

    def signs(self, features: Tensor, logits: Tensor) -> Tensor:
        """The logarithm of the distance, and the free energy, (B, 2)."""
        return torch.stack([self.distance(features).clamp_min(1e-6).log(), -logits.logsumexp(1)], dim=1)

    def distance(self, features: Tensor) -> Tensor:
        """How far ``features`` (B, F) lie from the nearest class, in spreads: (B,)."""
        known, asked = self.means / self.spread, _unit(features) / self.spread
        # Not by inner products: near ones would be differences of large numbers.
        return torch.cdist(asked, known, compute_mode="donot_use_mm_for_euclid_dist").amin(1)

    @property
    def far(self) -> int:
        """From so many percent on a shape is unlike all of the training."""
        return FAR_BY_BOTH if bool(self.usual[1].any()) else FAR

    def farther_than(self, features: Tensor, logits: Tensor | None = None) -> Tensor:
        """The whole percent (B,) of the shapes of their kind that are less foreign than these."""
        return (torch.searchsorted(self.reach, self(features, logits)) - 1).clamp_min(0)


def familiarity_of(
    net: nn.Module, clouds: Tensor, labels: Tensor, validation: Tensor, classifies: bool = False
) -> Familiarity:
    """What ``net``, in eval mode, was trained on: ``clouds`` (S, N, 3) as it sees them, with ``labels`` (S,).

    Of the ``validation`` clouds (V, N, 3) nothing was learned. A net that ``classifies`` gives logits.
    """
    logits = (logits_of(net, clouds), logits_of(net, validation)) if classifies else None
    return Familiarity.fit(features_of(net, clouds), labels.cpu(), features_of(net, validation), logits)


@torch.no_grad()
def logits_of(net: nn.Module, clouds: Tensor) -> Tensor:
    """A classifier's logits (S, C) of ``clouds`` (S, N, 3), in float32 on the CPU."""
    return torch.cat([net(part).float().cpu() for part in torch.split(clouds, _BATCH)])


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
