"""The simplified PointNet with which both APSNet and SampleNet encode a cloud (Sec. 3.1 and 7.1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from apsnet_core.ops.linear import is_traced, linear, linear_relu
from apsnet_core.ops.threads import share, thread_count

WIDTHS = (64, 64, 64, 128, 128)
FEATURES = WIDTHS[-1]
# The number of rows processed at once: few enough for their features to stay in a core's own cache from layer
# to layer. Twice as many are used where each thread still gets two chunks, because this halves the calls.
_CHUNK = 1024
# The same on a GPU, which is 32 MB of features.
_CHUNK_OF_GPU = 65_536


class PointFeatures(nn.Module):
    """Five shared layers, each linear (a 1x1 convolution), batch norm and ReLU: (B, N, 3) -> (B, N, 128)."""

    def __init__(self) -> None:
        super().__init__()
        inputs = (3, *WIDTHS[:-1])
        self.linear = nn.ModuleList(nn.Linear(i, o) for i, o in zip(inputs, WIDTHS, strict=True))
        self.norm = nn.ModuleList(nn.BatchNorm1d(o) for o in WIDTHS)

    def forward(self, points: Tensor) -> Tensor:
        """The feature vector of every point, (B, N, 3) -> (B, N, 128)."""
        if points.ndim != 3 or points.shape[-1] != 3:
            raise ValueError(f"points must be (B, N, 3), not {tuple(points.shape)}")
        if 0 in points.shape:
            raise ValueError(f"a cloud with no points has no features: {tuple(points.shape)}")
        rows = points.reshape(-1, 3)
        if self.training or torch.is_grad_enabled() or is_traced():
            for layer, norm in zip(self.linear, self.norm, strict=True):
                assert isinstance(layer, nn.Linear)  # for the type checker, as below
                rows = norm(linear(rows, layer.weight, layer.bias)).relu_()
            return rows.view(*points.shape[:2], FEATURES)
        return self._folded(rows).view(*points.shape[:2], FEATURES)

    def _folded(self, rows: Tensor) -> Tensor:
        """Inference with batch norm folded into the linear layers, in chunks that bound the memory."""
        layers = self.folded()
        chunk = _CHUNK if rows.is_cpu else _CHUNK_OF_GPU
        if rows.is_cpu and len(rows) >= 4 * _CHUNK * thread_count():
            chunk *= 2
        if len(rows) <= chunk:
            return _through(layers, rows)
        features = rows.new_empty(len(rows), FEATURES)

        def work(start: int) -> None:
            features[start : start + chunk] = _through(layers, rows[start : start + chunk])

        starts = range(0, len(rows), chunk)
        if rows.is_cpu:
            share(work, starts)
        else:
            for start in starts:
                work(start)
        return features

    def folded(self) -> list[tuple[Tensor, Tensor]]:
        """The weight (outputs, inputs) and bias of each layer, with its eval-mode batch norm folded in."""
        layers = []
        for layer, norm in zip(self.linear, self.norm, strict=True):
            # For the type checker: the elements of a ModuleList are typed as nn.Module.
            assert isinstance(layer, nn.Linear) and isinstance(norm, nn.BatchNorm1d)
            assert norm.running_mean is not None and norm.running_var is not None
            scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
            bias = (layer.bias - norm.running_mean) * scale + norm.bias
            layers.append((layer.weight * scale[:, None], bias))
        return layers


def _through(layers: list[tuple[Tensor, Tensor]], rows: Tensor) -> Tensor:
    for weight, bias in layers:
        rows = linear_relu(rows, weight, bias)
    return rows
