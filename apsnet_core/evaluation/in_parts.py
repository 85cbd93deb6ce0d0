"""Samples a large cloud part by part, and compares its parts with the training of the method."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.strange_parts import with_warning
from apsnet_core.methods.local import sample_parts
from apsnet_core.methods.local_parts import By
from apsnet_core.methods.local_shares import Share
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.sampling import Sampling
from apsnet_core.types import Progress

_SAMPLING = 0.9  # share of the time for sampling by a learned method; comparing the parts takes the rest


@dataclass(frozen=True)
class InParts:
    """Samples clouds with `sample_parts`, and marks the parts that are unlike the method's training.

    ``up`` is the up axis of the clouds, None to guess it.
    """

    spec: MethodSpec
    by: By
    task: str | None = None
    up: str | None = None
    share: Share = "points"

    def sample(self, cloud: PointCloud, m: int, seed: int = 0, tell: Progress | None = None) -> Sampling:
        """Sample ``m`` points of all parts; ``tell`` gets the finished share. Raises as `sample_parts`."""
        from apsnet_core.ops.orientation import guess_up

        up, most = self.up or guess_up(cloud), _SAMPLING if self.spec.row.learned else 1.0
        found = sample_parts(
            cloud, m, self.spec, by=self.by, share=self.share, task=self.task, up=up,
            seed=self.spec.seeded(seed), tell=None if tell is None else lambda done: tell(most * done),
        ).sampling  # fmt: skip
        rest = None if tell is None else lambda done: tell(most + (1 - most) * done)
        return with_warning(found, cloud, self.spec, self.task, up, rest)
