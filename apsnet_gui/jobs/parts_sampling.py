"""A large cloud sampled part by part, where the choice says so."""

from __future__ import annotations

from collections.abc import Callable

from apsnet_core.cloud import PointCloud
from apsnet_core.sampling import Sampling
from apsnet_gui.state.document import Choice


def sampled_in_parts(
    cloud: PointCloud, choice: Choice, up: str, tell: Callable[[float], None]
) -> Sampling | None:
    """The samples of all parts, with a note on parts unlike the training; None where the whole is sampled.

    ``tell`` is told the share that is done. ValueError with one sentence where it cannot be. Runs on a worker
    thread.
    """
    if choice.by == "whole":
        return None
    from apsnet_core.evaluation.strange_parts import with_warning
    from apsnet_core.methods.local import sample_parts

    m, seed = min(choice.m, len(cloud)), choice.spec.seeded(choice.seed)
    found = sample_parts(cloud, m, choice.spec, by=choice.by, task=choice.task, up=up, seed=seed, tell=tell)
    return with_warning(found.sampling, cloud, choice.spec, choice.task, up)
