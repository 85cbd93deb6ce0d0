"""The sampling loop of APSNet in its plainest form: an LSTM called step by step, softmax, ``bmm``."""

from __future__ import annotations

import torch
from torch import Tensor

from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.point_features import PointFeatures
from tests.narrow import of_kind


def point_features(network: PointFeatures, points: Tensor) -> Tensor:
    """Point features by one layer after another, with the modules' batch norm: (B, N, 3) -> (B, 128, N)."""
    hidden = points.transpose(1, 2)
    for layer, norm in zip(network.linear, network.norm, strict=True):
        linear = of_kind(torch.nn.Linear, layer)
        hidden = torch.nn.functional.conv1d(hidden, linear.weight[:, :, None], linear.bias)
        hidden = norm(hidden).relu()
    return hidden.contiguous()


def rollout(network: APSNet, points: Tensor, m: int) -> tuple[Tensor, Tensor, Tensor]:
    """Generated points (B, m, 3), top hidden states (B, m, 128) and attention (B, m, N): Eq. 2 and 3."""
    features = point_features(network.features, points)
    state = features.amax(dim=2).expand(2, -1, -1).contiguous()
    states = [torch.zeros_like(state), state]
    weights_of = list(network.lstm_weights)
    previous = points.new_zeros(1, len(points), 3)
    generated, hidden, attention = [], [], []
    for _ in range(m):
        output, *states = torch.lstm(previous, states, weights_of, True, 2, 0.0, False, False, False)
        weights = torch.bmm(output[0][:, None], features)[:, 0].softmax(dim=-1)
        previous = torch.bmm(weights[:, None], points).transpose(0, 1)
        generated.append(previous[0])
        hidden.append(output[0])
        attention.append(weights)
    return torch.stack(generated, 1), torch.stack(hidden, 1), torch.stack(attention, 1)
