"""A large cloud sampled part by part, where the choice says so."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud
from apsnet_core.sampling import Sampling
from apsnet_core.types import Progress
from apsnet_gui.state.document import Choice


def sampled_in_parts(cloud: PointCloud, choice: Choice, up: str, tell: Progress | None) -> Sampling | None:
    """The samples of all parts, with a note on parts unlike the training; None where the whole is sampled.

    ``tell`` is told the share that is done. ValueError with one sentence where it cannot be. Runs on a worker
    thread.
    """
    if choice.by == "whole":
        return None
    from apsnet_core.evaluation.in_parts import InParts

    sampler = InParts(choice.spec, choice.by, choice.task, up)
    return sampler.sample(cloud, min(choice.m, len(cloud)), choice.seed, tell)
