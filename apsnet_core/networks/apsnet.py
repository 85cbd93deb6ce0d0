"""APSNet, which generates points one after another, each from attention over the whole cloud (Sec. 3.1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from apsnet_core.networks.apsnet_loop import recur
from apsnet_core.networks.apsnet_tape import LSTMWeights
from apsnet_core.networks.point_features import FEATURES, PointFeatures
from apsnet_core.networks.shared_layers import shared
from apsnet_core.ops.pooling import max_pool
from apsnet_core.rollout import Rollout


class LSTMParameters(nn.Module):
    """The parameters of ``nn.LSTM(inputs, size, num_layers=2)``, with its names and order of initialisation.

    `nn.LSTM` itself is not used, because `torch.compile` refuses every module that contains one.
    """

    def __init__(self, inputs: int, size: int) -> None:
        super().__init__()
        self.hidden_size = size
        of_layer = [(4 * size, inputs), (4 * size, size), (4 * size,), (4 * size,)]
        shapes = [*of_layer, (4 * size, size), *of_layer[1:]]
        for name, shape in zip(LSTMWeights._fields, shapes, strict=True):
            self.register_parameter(name, nn.Parameter(torch.empty(shape)))
            nn.init.uniform_(getattr(self, name), -(size**-0.5), size**-0.5)

    def forward(self) -> LSTMWeights:
        """The parameters as an `LSTMWeights`."""
        return LSTMWeights(*(getattr(self, name) for name in LSTMWeights._fields))


class APSNet(nn.Module):
    """The attention-based sampler: 234,496 parameters for every sample size.

    ``APSNet()(points, m)`` takes points (B, N, 3) and returns a `Rollout` of m points. The global feature is
    the maximum of the point features. It is the initial cell state of both LSTM layers; the first input is
    zero. ``start`` holds layers between the global feature and the cell state; it is empty in APSNet.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = PointFeatures()
        self.lstm = LSTMParameters(3, FEATURES)
        self.start = nn.Sequential()

    def forward(self, points: Tensor, m: int) -> Rollout:
        """Generate a `Rollout` of ``m`` points for clouds (B, N, 3). Raises ValueError if m is below 1.

        >>> rollout = APSNet().eval()(torch.rand(2, 100, 3), 8)
        >>> rollout.points.shape, rollout.prefix(4).points.shape
        (torch.Size([2, 8, 3]), torch.Size([2, 4, 3]))
        """
        if m < 1:
            raise ValueError(f"cannot sample {m} points: ask for at least 1")
        features = self.features(points)
        state = shared(self.start, max_pool(features)[:, None])[:, 0]
        generated, hidden = recur(features, points, state, self.lstm_weights, m)
        return Rollout(generated, hidden, features)

    @property
    def lstm_weights(self) -> LSTMWeights:
        """The weights and biases of both LSTM layers."""
        weights: LSTMWeights = self.lstm()
        return weights


class APSNetPlus(APSNet):
    """APSNet with a small network, ``start``, between global feature and LSTM; this project's own variant.

    In the paper, the initial cell state is the global feature itself, and in the first step the lower layer
    can only scale and shift each of its components. Two more layers map it to a state that depends on the
    cloud. The network has 300,928 parameters, is as fast, and fits far better at few points
    (docs/protocol.md).
    """

    def __init__(self) -> None:
        super().__init__()
        wide = 2 * FEATURES
        self.start = nn.Sequential(
            nn.Linear(FEATURES, wide), nn.BatchNorm1d(wide), nn.ReLU(), nn.Linear(wide, FEATURES)
        )
