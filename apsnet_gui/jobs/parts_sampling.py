"""Sample a large cloud part by part, if the user has chosen so."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud
from apsnet_core.sampling import Sampling
from apsnet_core.types import Progress
from apsnet_gui.state.document import Choice


def sampled_in_parts(cloud: PointCloud, choice: Choice, up: str, tell: Progress | None) -> Sampling | None:
    """Sample ``cloud`` part by part; None if ``choice`` is to sample it as a whole.

    The sampling has a note on parts that differ from the training data. ``tell`` is called with the fraction
    that is done. Raises ValueError with one sentence if the cloud cannot be sampled. Runs on a worker thread.
    """
    if choice.by == "whole":
        return None
    from apsnet_core.evaluation.in_parts import InParts

    sampler = InParts(choice.spec, choice.by, choice.task, up)
    return sampler.sample(cloud, min(choice.m, len(cloud)), choice.seed, tell)
