"""The attention on a few fixed shapes, saved after each epoch: how it sharpens in training (Fig. 5)."""

from __future__ import annotations

from pathlib import Path

import torch

from apsnet_core.networks.apsnet import APSNet
from apsnet_core.training.batches import DeviceData
from apsnet_core.training.checkpoints import save_state
from apsnet_core.training.config import TrainConfig

_STEPS = 8


def save_snapshot(folder: Path, epoch: int, sampler: APSNet, data: DeviceData, config: TrainConfig) -> None:
    """Write `epoch-NNNN.safetensors`: ``clouds`` (K, N, 3), ``points`` (K, m, 3), ``attention`` (K, 8, N).

    All tensors are in 16 bits. The attention is from the first eight steps.
    """
    rows = torch.arange(min(config.snapshots, len(data)), device=data.device)
    clouds = data.batch(rows).clouds
    rollout = sampler(clouds, max(config.sizes))
    attention = [rollout.attention(t) for t in range(1, min(_STEPS, rollout.m) + 1)]
    tensors = {"clouds": clouds, "points": rollout.points, "attention": torch.stack(attention, dim=1)}
    halves = {name: tensor.half() for name, tensor in tensors.items()}
    save_state(folder / f"epoch-{epoch:04d}.safetensors", halves, {"epoch": epoch})
