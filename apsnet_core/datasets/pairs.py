"""Registration pairs: a shape and the same shape rotated, as in the training and tests of PCRNet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor

from apsnet_core.datasets.dataset import Split
from apsnet_core.ops.rotation import euler_to_matrix

PairMode = Literal["exact", "resampled"]


class PairBatch(NamedTuple):
    """``template`` and ``source`` (B, n, 3), and the ``rotation`` (B, 3, 3) from template to source."""

    template: Tensor
    source: Tensor
    rotation: Tensor


@dataclass(frozen=True, eq=False)
class RegistrationPairs:
    """P pairs in compact form; `batch` makes their clouds on the device of the tensors.

    ``clouds`` (S, N, 3) float32, ``shape`` (P,) int64 are indices into them, ``rotation`` (P, 3, 3) is from
    template to source. ``rows`` (P, 2, n) int64 are the points of template and source if they were drawn
    independently, or None if both are the first ``points`` of the cloud.
    """

    clouds: Tensor
    shape: Tensor
    rotation: Tensor
    points: int
    rows: Tensor | None = None

    def __len__(self) -> int:
        return len(self.shape)

    def to(self, device: torch.device | str) -> RegistrationPairs:
        """The same pairs on ``device``."""
        return RegistrationPairs(
            self.clouds.to(device),
            self.shape.to(device),
            self.rotation.to(device),
            self.points,
            None if self.rows is None else self.rows.to(device),
        )

    def batch(self, which: Tensor) -> PairBatch:
        """The batch of the pairs with the indices ``which`` (B,) int64."""
        shape, rotation = self.shape[which], self.rotation[which]
        if self.rows is None:
            template = origin = self.clouds[shape, : self.points]
        else:
            template, origin = (self.clouds[shape[:, None], rows] for rows in self.rows[which].unbind(1))
        return PairBatch(template, origin @ rotation.transpose(1, 2), rotation)


def registration_pairs(
    split: Split,
    per_shape: int = 25,
    *,
    seed: int = 0,
    max_angle: float = 45.0,
    mode: PairMode = "exact",
    points: int = 1024,
) -> RegistrationPairs:
    """``per_shape`` pairs of every shape, shape after shape; a ``seed`` always gives the same pairs.

    The template is rotated by three Euler angles (about x, y, z), each uniform in +-``max_angle`` degrees.
    ``exact``: both clouds have the same points. ``resampled``: each has its own random ``points`` of the
    stored ones, like two scans of one object. With ``per_shape=1`` a test split of 100 gives 100 fixed pairs.
    Raises ValueError if the split has too few points to draw from.
    """
    if per_shape < 1:
        raise ValueError(f"at least one pair per shape is needed, not {per_shape}")
    stored = split.points.shape[1]
    if not 1 <= points <= stored or (mode == "resampled" and points == stored):
        raise ValueError(f"{points} points cannot be drawn ({mode}) from the {stored} that each shape has")
    rng = np.random.default_rng(seed)
    shape = np.repeat(np.arange(len(split)), per_shape)
    angles = np.deg2rad(rng.uniform(-max_angle, max_angle, (len(shape), 3)))
    rows = None
    if mode == "resampled":
        rows = torch.from_numpy(
            np.stack([[rng.permutation(stored)[:points] for _ in range(2)] for _ in shape])
        )
    return RegistrationPairs(
        clouds=torch.from_numpy(np.ascontiguousarray(split.points)),
        shape=torch.from_numpy(shape),
        rotation=euler_to_matrix(torch.from_numpy(angles)).float(),
        points=points,
        rows=rows,
    )
