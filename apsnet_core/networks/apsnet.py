"""APSNet: points sampled one after another, each attending to the whole cloud (Sec. 3.1)."""

from __future__ import annotations

from torch import Tensor, nn

from apsnet_core.networks.apsnet_loop import recur
from apsnet_core.networks.apsnet_tape import LSTMWeights
from apsnet_core.networks.point_features import FEATURES, PointFeatures
from apsnet_core.rollout import Rollout


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
