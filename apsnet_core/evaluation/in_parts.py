"""A large cloud sampled part by part, and its parts compared with the training of the method."""

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

_SAMPLING = 0.9  # of the time of a learned method; to compare the parts takes the rest


@dataclass(frozen=True)
class InParts:
    """Samples clouds as `sample_parts` does, and notes which parts are unlike what the method knows.

    ``up`` is the axis of the clouds that points up, None where it is to be guessed.
    """

    spec: MethodSpec
    by: By
    task: str | None = None
    up: str | None = None
    share: Share = "points"

    def sample(self, cloud: PointCloud, m: int, seed: int = 0, tell: Progress | None = None) -> Sampling:
        """``m`` points of all parts; ``tell`` is told the share done. ValueError as of `sample_parts`."""
        from apsnet_core.ops.orientation import guess_up

        up, most = self.up or guess_up(cloud), _SAMPLING if self.spec.row.learned else 1.0
        found = sample_parts(
            cloud, m, self.spec, by=self.by, share=self.share, task=self.task, up=up,
            seed=self.spec.seeded(seed), tell=None if tell is None else lambda done: tell(most * done),
        ).sampling  # fmt: skip
        rest = None if tell is None else lambda done: tell(most + (1 - most) * done)
        return with_warning(found, cloud, self.spec, self.task, up, rest)
