"""Clouds, and what a task asks about them."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Batch(NamedTuple):
    """``clouds`` (B, N, 3) with their ``labels`` (B,).

    For a task of pairs also ``source`` (B, N, 3) and the ``rotation`` (B, 3, 3) that lays it on ``clouds``,
    the template.
    """

    clouds: Tensor
    labels: Tensor
    source: Tensor | None = None
    rotation: Tensor | None = None

    @property
    def size(self) -> int:
        """B."""
        return len(self.clouds)

    @property
    def to_sample(self) -> Tensor:
        """Every cloud that a sampler must sample: (B, N, 3), of pairs (2B, N, 3), templates first."""
        return self.clouds if self.source is None else torch.cat([self.clouds, self.source])

    @property
    def pose(self) -> tuple[Tensor, Tensor, Tensor]:
        """Rotation, template and source of pairs; ValueError where there are none."""
        if self.source is None or self.rotation is None:
            raise ValueError("this batch has no pairs to register")
        return self.rotation, self.clouds, self.source
