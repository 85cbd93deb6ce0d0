"""Batches of data that is kept on the device. Every random draw depends only on the seed and the step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apsnet_core.tasks.batch import Batch
from apsnet_core.training.config import Augmentation


@dataclass(frozen=True, eq=False)
class DeviceData:
    """Shapes on the device. For registration a row is a pair: ``shape`` (R,) and ``rotation`` (R, 3, 3).

    ``clouds`` (S, N', 3) may have more points than the ``points`` of a batch. ``rotation`` turns the template
    into the source. ``drawn`` (R, 2, points) are the indices of the points of template and source if these
    were drawn once, independently of each other. ``resampled`` pairs draw them again for every batch.
    """

    clouds: Tensor
    labels: Tensor
    points: int
    shape: Tensor | None = None
    rotation: Tensor | None = None
    drawn: Tensor | None = None
    resampled: bool = False

    def __len__(self) -> int:
        return len(self.clouds if self.shape is None else self.shape)

    @property
    def device(self) -> torch.device:
        """The device of the shapes."""
        return self.clouds.device

    def batch(self, rows: Tensor, redraw: bool = False) -> Batch:
        """The batch of ``rows`` (B,) int64, on the device. ``redraw`` draws new points of each cloud."""
        if self.shape is None or self.rotation is None:
            clouds = self._drawn(rows) if redraw else self.clouds[rows, : self.points]
            return Batch(clouds, self.labels[rows])
        shape, rotation = self.shape[rows], self.rotation[rows]
        if self.resampled:
            template, origin = self._drawn(shape), self._drawn(shape)
        elif self.drawn is not None:
            template, origin = (self.clouds[shape[:, None], own] for own in self.drawn[rows].unbind(1))
        else:
            template = origin = self.clouds[shape, : self.points]
        # The source is the rotated template, so the inverse rotation, the transpose, aligns it.
        source = origin @ rotation.transpose(1, 2)
        return Batch(template, self.labels[shape], source, rotation.transpose(1, 2))

    def _drawn(self, shape: Tensor) -> Tensor:
        stored = self.clouds.shape[1]
        rank = torch.rand(len(shape), stored, device=shape.device)
        order = rank.topk(self.points, dim=1, largest=False).indices
        return self.clouds[shape[:, None], order]


def epoch_order(rows: int, seed: int, epoch: int) -> Tensor:
    """The order (rows,) int64 in which ``epoch`` visits the rows. It is the same on every machine."""
    generator = torch.Generator().manual_seed(_mixed(seed, epoch))
    return torch.randperm(rows, generator=generator)


def seed_step(seed: int, step: int) -> None:
    """Set the random seed of ``step``, so that dropout and augmentation are the same after a resumption."""
    torch.manual_seed(_mixed(seed, step) ^ 0x5EED)


def augment(batch: Batch, how: Augmentation) -> Batch:
    """Drop points of each cloud (they become copies of the first, so that sizes stay), scale and shift it.

    Registration pairs are not changed, because their pose is the answer.
    """
    if batch.rotation is not None:
        return batch
    clouds = batch.clouds
    size, n, _ = clouds.shape
    if how.dropout:
        share = torch.rand(size, 1, device=clouds.device) * how.dropout
        dropped = torch.rand(size, n, device=clouds.device) < share
        clouds = torch.where(dropped[..., None], clouds[:, :1], clouds)
    if how.scale != (1.0, 1.0):
        low, high = how.scale
        axes = 3 if how.per_axis else 1
        clouds = clouds * (low + (high - low) * torch.rand(size, 1, axes, device=clouds.device))
    if how.shift:
        clouds = clouds + how.shift * (2 * torch.rand(size, 1, 3, device=clouds.device) - 1)
    return Batch(clouds, batch.labels)


def part(batch: Batch, rank: int, world: int) -> Batch:
    """The part of a batch for process ``rank`` of ``world``: every ``world``-th row."""
    own = slice(rank, None, world)
    source = None if batch.source is None else batch.source[own]
    rotation = None if batch.rotation is None else batch.rotation[own]
    return Batch(batch.clouds[own], batch.labels[own], source, rotation)


def _mixed(seed: int, count: int) -> int:
    """A 63-bit seed from two numbers, so that neighbouring steps have independent random streams."""
    return int(np.random.SeedSequence([seed, count]).generate_state(1, np.uint64)[0] >> 1)
