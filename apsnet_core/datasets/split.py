"""Which shapes are trained on, which choose the model, which give the score; near-identical ones together."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.types import Mask


def hold_out(labels: Int64, groups: Int64, fraction: float, seed: int) -> Mask:
    """A mask (S,) of about ``fraction`` of each class, whole ``groups`` at a time, the same for a ``seed``.

    ``labels`` (S,) are the classes, ``groups`` (S,) equal numbers for shapes that must stay together. A
    class never gets more than its share, rounded; one of a single group gets none.
    """
    if not 0 <= fraction < 1:
        raise ValueError(f"the fraction held out must be in [0, 1), not {fraction}")
    held = np.zeros(len(labels), dtype=np.bool_)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        wanted = round(fraction * len(members))
        rng = np.random.default_rng([seed, int(label)])
        for group in rng.permutation(np.unique(groups[members])):
            candidates = members[groups[members] == group]
            if len(candidates) <= wanted:
                held[candidates] = True
                wanted -= len(candidates)
    return held
