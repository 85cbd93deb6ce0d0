"""APES (Wu et al., CVPR 2023): attention scores that select points of the cloud, for any sample size m."""

from __future__ import annotations

import math

from torch import Tensor, nn

from apsnet_core.networks.point_features import FEATURES, PointFeatures


class APES(nn.Module):
    """A sampler that selects the points that receive most attention from the other points.

    M = softmax(Q K^T / sqrt(d)), row by row, over the features of the n points. The score of a point is the
    sum of its column, and the m points with the highest scores are the sample (the paper's global attention).

    This version differs from the paper's. There the layer is part of a classifier that is trained with it; it
    passes on the features of the selected points, which carry the gradient. In front of a frozen task net,
    only coordinates can be passed on. Here the row of a selected point gives a weighted mean of the cloud,
    and the gradient flows through that mean (`straight_through`). The point features are those of APSNet and
    SampleNet, so that the samplers differ only in how they select points.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = PointFeatures()
        self.query = nn.Linear(FEATURES, FEATURES, bias=False)
        self.key = nn.Linear(FEATURES, FEATURES, bias=False)

    def attention(self, points: Tensor) -> Tensor:
        """The attention map M, (B, N, 3) -> (B, N, N). Every row sums to 1."""
        features = self.features(points)
        scores = self.query(features) @ self.key(features).transpose(1, 2) / math.sqrt(FEATURES)
        attention: Tensor = scores.softmax(dim=-1)
        return attention

    def choose(self, attention: Tensor, m: int) -> Tensor:
        """The indices (B, m) int64 of the points with the largest column sums, in descending order."""
        n = attention.shape[1]
        if not 1 <= m <= n:
            raise ValueError(f"cannot choose {m} points of the {n} that the network sees")
        return attention.sum(dim=1).topk(m, dim=1).indices

    def forward(self, points: Tensor, m: int) -> Tensor:
        """Select m of ``points`` (B, N, 3) -> (B, m, 3). A smaller sample is a prefix of a larger one."""
        return _rows(points, self.choose(self.attention(points), m))

    def straight_through(self, points: Tensor, m: int) -> Tensor:
        """Return the same points as `forward`, with the gradient of their weighted means, the rows of M P.

        With this straight-through estimator (Bengio et al. 2013) the task net gets real points of the cloud
        during training too, as it does afterwards.
        """
        attention = self.attention(points)
        index = self.choose(attention.detach(), m)
        means = _rows(attention, index) @ points
        return means + (_rows(points, index) - means).detach()


def _rows(values: Tensor, index: Tensor) -> Tensor:
    """The rows ``index`` (B, m) of ``values`` (B, N, C), as (B, m, C)."""
    return values.gather(1, index[..., None].expand(-1, -1, values.shape[-1]))
