"""What APSNet generates step by step, and what it attended to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from apsnet_core.arrays import np
from apsnet_core.types import Array, Int64

if TYPE_CHECKING:
    from torch import Tensor


_PART = 1 << 16  # points whose features are computed at once


class NetworkView(Protocol):
    """The way from a cloud's coordinates to a network's, and back."""

    def apply(self, points: Array, order: Literal["C", "F"] = "C") -> Array:
        """Points (..., 3) of the cloud as the network sees them, in numpy's ``order`` of a new array."""
        ...

    def restore(self, points: Array) -> Array:
        """The network's points (..., 3) in the coordinates of the cloud."""
        ...


@dataclass(frozen=True, eq=False)
class Attended:
    """What a rollout attended to: a cloud in a ``view``, through the ``features`` of its network.

    ``features`` takes points (B, N, 3) to (B, N, 128).
    """

    features: Callable[[Tensor], Tensor]
    view: NetworkView


@dataclass(frozen=True, eq=False)
class Rollout:
    """What APSNet generated: ``points`` (B, m, 3), ``hidden`` (B, m, 128), ``features`` (B, N, 128).

    The attention of all steps is never held: it is recomputed from ``hidden`` and ``features``. ``attended``
    leads back to the whole cloud where the points were only some of a cloud's.
    """

    points: Tensor
    hidden: Tensor
    features: Tensor
    attended: Attended | None = None

    @property
    def m(self) -> int:
        """The number of points generated."""
        return self.points.shape[1]

    def attention(self, t: int) -> Tensor:
        """The coefficients a_t of step t = 1..m over the cloud, (B, N), each row adding up to 1 (Eq. 2)."""
        if not 1 <= t <= self.m:
            raise ValueError(f"step {t} is outside 1..{self.m}")
        return (self.features @ self.hidden[:, t - 1, :, None])[..., 0].softmax(dim=-1)

    def attention_over(self, xyz: Array) -> Array:
        """The coefficients of all steps over the points (n, 3) of the cloud that was seen, (m, n) (Eq. 2)."""
        import torch

        if self.attended is None:
            raise ValueError("nothing is known of the cloud that was seen")
        with torch.no_grad():
            parts = [
                self.attended.features(torch.from_numpy(self.attended.view.apply(part))[None])[0]
                for part in np.array_split(xyz, -(-len(xyz) // _PART))
            ]
            return (self.hidden[0] @ torch.cat(parts).T).softmax(dim=1).numpy()

    def prefix(self, m: int) -> Rollout:
        """The first ``m`` steps: what the same network generates when asked for ``m`` points."""
        if not 1 <= m <= self.m:
            raise ValueError(f"a rollout of {self.m} points has no prefix of {m}")
        return Rollout(self.points[:, :m], self.hidden[:, :m], self.features, self.attended)

    def steps(self, chosen: Int64) -> Rollout:
        """The steps ``chosen``, counted from 0, in that order."""
        rows = chosen.tolist()
        return Rollout(self.points[:, rows], self.hidden[:, rows], self.features, self.attended)

    def of(self, k: int) -> Rollout:
        """What was generated for cloud ``k`` of the batch, as a batch of one."""
        one = slice(k, k + 1)
        return Rollout(self.points[one], self.hidden[one], self.features[one], self.attended)
