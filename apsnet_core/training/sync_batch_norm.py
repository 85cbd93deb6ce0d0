"""Batch norm and dropout over the whole batch when several processes each hold a part of it.

Process r of w holds the rows r, r + w, ... of every batch. With these layers instead of PyTorch's own, w
processes compute the same as one process. `torch.nn.SyncBatchNorm` does not run on CPUs.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn

from apsnet_core.types import Foreign


def see_whole_batches(network: nn.Module) -> None:
    """Replace every batch norm and dropout of ``network``, keeping its tensors."""
    for name, child in network.named_children():
        if isinstance(child, nn.BatchNorm1d):
            whole = WholeBatchNorm(child.num_features, child.eps, child.momentum).to(child.weight)
            whole.load_state_dict(child.state_dict())
            setattr(network, name, whole)
        elif isinstance(child, nn.Dropout):
            setattr(network, name, WholeDropout(child.p))
        else:
            see_whole_batches(child)


class WholeBatchNorm(nn.BatchNorm1d):
    """`nn.BatchNorm1d` of rows (R, C), with statistics and gradients over the rows of all processes."""

    def forward(self, rows: Tensor) -> Tensor:
        """Normalise rows (R, C). Raises ValueError without running statistics or momentum."""
        if not self.training:
            return super().forward(rows)
        momentum = self.momentum
        if self.running_mean is None or self.running_var is None or momentum is None:
            raise ValueError("several processes need batch norms with running statistics and a momentum")
        count = len(rows) * dist.get_world_size()
        mean = _sum_over_processes(rows.sum(dim=0)) / count
        centred = rows - mean
        variance = _sum_over_processes(centred.square().sum(dim=0)) / count
        with torch.no_grad():
            self.running_mean.lerp_(mean, momentum)
            self.running_var.lerp_(variance * (count / (count - 1)), momentum)
            if self.num_batches_tracked is not None:
                self.num_batches_tracked += 1
        return centred * torch.rsqrt(variance + self.eps) * self.weight + self.bias


class WholeDropout(nn.Dropout):
    """`nn.Dropout` of rows (B, C), with this process's rows of the mask that a single process would draw."""

    def forward(self, rows: Tensor) -> Tensor:
        """Drop elements of this process's ``rows`` (B, C) in training."""
        if not self.training:
            return rows
        rank, world = dist.get_rank(), dist.get_world_size()
        ones = torch.ones(len(rows) * world, *rows.shape[1:], dtype=rows.dtype, device=rows.device)
        return rows * nn.functional.dropout(ones, self.p)[rank::world]


class _Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Foreign, own: Tensor) -> Tensor:
        total = own.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Foreign, *gradients: Tensor) -> Tensor:
        # The losses of all processes depend on this process's term of the sum.
        total = gradients[0].clone()
        dist.all_reduce(total)
        return total


def _sum_over_processes(own: Tensor) -> Tensor:
    total: Tensor = _Sum.apply(own)  # type: ignore[no-untyped-call]  # torch gives it no types
    return total
