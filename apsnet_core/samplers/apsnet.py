"""APSNet: points sampled one after another, each attending to the whole cloud (Sec. 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from apsnet_core.samplers.features import FEATURES, PointFeatures
from apsnet_core.samplers.recurrence import recur
from apsnet_core.samplers.steps import LSTMWeights

if TYPE_CHECKING:
    from apsnet_core.samplers.heatmap import Attended


@dataclass(frozen=True, eq=False)
class Rollout:
    """What APSNet generated: ``points`` (B, m, 3), ``hidden`` (B, m, 128), ``features`` (B, N, 128).

    The attention of all steps is never held: it is recomputed from ``hidden`` and ``features``. ``attended``
    leads back to the whole cloud where the points were only some of a cloud's.
    """

    points: Tensor
    hidden: Tensor
    features: Tensor
    attended: Attended | None = None

    @property
    def m(self) -> int:
        return self.points.shape[1]

    def attention(self, t: int) -> Tensor:
        """The coefficients a_t of step t = 1..m over the cloud, (B, N), each row adding up to 1 (Eq. 2)."""
        if not 1 <= t <= self.m:
            raise ValueError(f"step {t} is outside 1..{self.m}")
        return torch.bmm(self.features, self.hidden[:, t - 1, :, None])[..., 0].softmax(dim=-1)

    def prefix(self, m: int) -> Rollout:
        """The first ``m`` steps: what the same network generates when asked for ``m`` points."""
        if not 1 <= m <= self.m:
            raise ValueError(f"a rollout of {self.m} points has no prefix of {m}")
        return Rollout(self.points[:, :m], self.hidden[:, :m], self.features, self.attended)


class APSNet(nn.Module):
    """The attention-based sampler: 234,496 parameters for every sample size.

    ``APSNet()(points, m)`` takes (B, N, 3) and gives a `Rollout` of m points. The global feature, the maximum
    over the point features, is the first cell state of both LSTM layers; the first input is the zero vector.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = PointFeatures()
        self.lstm = nn.LSTM(3, FEATURES, num_layers=2)

    def forward(self, points: Tensor, m: int) -> Rollout:
        if m < 1:
            raise ValueError(f"cannot sample {m} points: ask for at least 1")
        features = self.features(points)
        state = features.amax(dim=1)
        generated, hidden = recur(features, points, state, self.lstm_weights, m)
        return Rollout(generated, hidden, features)

    @property
    def lstm_weights(self) -> LSTMWeights:
        return LSTMWeights(*(getattr(self.lstm, name) for name in LSTMWeights._fields))
