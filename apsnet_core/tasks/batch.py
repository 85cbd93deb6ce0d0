"""A batch of clouds with the labels or poses that a task needs."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Batch(NamedTuple):
    """``clouds`` (B, N, 3) with their ``labels`` (B,).

    A task with pairs also has ``source`` (B, N, 3) and the ``rotation`` (B, 3, 3) that aligns it with
    ``clouds``, the template.
    """

    clouds: Tensor
    labels: Tensor
    source: Tensor | None = None
    rotation: Tensor | None = None

    @property
    def size(self) -> int:
        """The number of clouds, B; a pair counts once."""
        return len(self.clouds)

    @property
    def to_sample(self) -> Tensor:
        """All clouds to be sampled: (B, N, 3), or (2B, N, 3) for pairs, with the templates first."""
        return self.clouds if self.source is None else torch.cat([self.clouds, self.source])

    @property
    def pose(self) -> tuple[Tensor, Tensor, Tensor]:
        """Rotation, template and source of the pairs. Raises ValueError if there are no pairs."""
        if self.source is None or self.rotation is None:
            raise ValueError("this batch has no pairs to register")
        return self.rotation, self.clouds, self.source
