"""The attention of APES (Wu et al., CVPR 2023) as a scorer that chooses points of the cloud, for any m."""

from __future__ import annotations

import math

from torch import Tensor, nn

from apsnet_core.networks.point_features import FEATURES, PointFeatures


class APES(nn.Module):
    """Points by the attention that they get from all others: the sums of the columns of one attention map.

    M = softmax(Q K^T / sqrt(d)), row by row, over the features of the n points; the score of a point is the
    sum of its column, and the points with the m highest are the sample (the paper's global attention).

    Adapted: there the layer stands inside a classifier that is trained with it, and hands on the features of
    the chosen points, which carry the gradient. In front of a frozen task net only coordinates can be handed
    on. Here the row of a chosen point makes a weighted mean of the cloud, and the gradient goes through that
    (`straight_through`). The point features are those of APSNet and SampleNet, so that selectors differ in
    how they select alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = PointFeatures()
        self.query = nn.Linear(FEATURES, FEATURES, bias=False)
        self.key = nn.Linear(FEATURES, FEATURES, bias=False)

    def attention(self, points: Tensor) -> Tensor:
        """The map M, (B, N, 3) -> (B, N, N), every row adds up to 1."""
        features = self.features(points)
        scores = self.query(features) @ self.key(features).transpose(1, 2) / math.sqrt(FEATURES)
        attention: Tensor = scores.softmax(dim=-1)
        return attention

    def choose(self, attention: Tensor, m: int) -> Tensor:
        """The rows (B, m) int64 of the points with the largest column sums, the largest first."""
        n = attention.shape[1]
        if not 1 <= m <= n:
            raise ValueError(f"cannot choose {m} points of the {n} that the network sees")
        return attention.sum(dim=1).topk(m, dim=1).indices

    def forward(self, points: Tensor, m: int) -> Tensor:
        """The chosen points (B, m, 3), of ``points`` (B, N, 3); a smaller sample is their beginning."""
        return _rows(points, self.choose(self.attention(points), m))

    def straight_through(self, points: Tensor, m: int) -> Tensor:
        """As `forward`; the gradient is that of the weighted means M P of the chosen points.

        Straight through (Bengio et al. 2013): what the task net sees in training is what it sees afterwards.
        """
        attention = self.attention(points)
        index = self.choose(attention.detach(), m)
        means = _rows(attention, index) @ points
        return means + (_rows(points, index) - means).detach()


def _rows(values: Tensor, index: Tensor) -> Tensor:
    """Rows ``index`` (B, m) of ``values`` (B, N, C): (B, m, C)."""
    return values.gather(1, index[..., None].expand(-1, -1, values.shape[-1]))
