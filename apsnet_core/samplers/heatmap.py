"""Attention brought to every point of a cloud, however large, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apsnet_core.cloud import Float32, PointCloud, Sampling
from apsnet_core.samplers.features import PointFeatures
from apsnet_core.samplers.view import View

# Scores held at once: 2^24 float32 are 64 MB. More than that are computed twice, part by part.
_SCORES = 1 << 24
_ROWS = 1 << 16


@dataclass(frozen=True, eq=False)
class Attended:
    """What a rollout attended to: a cloud in a ``view``, through the ``features`` of its network."""

    features: PointFeatures
    view: View


def heatmap(sampling: Sampling, cloud: PointCloud, t: int | None = None) -> Float32:
    """The attention of step ``t`` = 1..m over all points of ``cloud``, (n,), adding up to 1.

    None sums over all steps, and adds up to m. The scores of Eq. 2 are taken afresh for every point from the
    hidden states: a cloud larger than the working subset gets a smooth map, one that was attended to whole
    gets exactly a_t. ``ValueError`` if the sampling has no attention or no step ``t``.
    """
    rollout = sampling.rollout
    if rollout is None or rollout.attended is None:
        raise ValueError(f"{sampling.method} has no attention to show: only APSNet has")
    if t is not None and not 1 <= t <= rollout.m:
        raise ValueError(f"step {t} is outside 1..{rollout.m}")
    with torch.no_grad():
        hidden = rollout.hidden[0] if t is None else rollout.hidden[0, t - 1 : t]
        few = len(cloud) * len(hidden) <= _SCORES
        held = list(_scores(cloud, rollout.attended, hidden)) if few else None
        total = torch.full((len(hidden),), -torch.inf)
        for scores in held or _scores(cloud, rollout.attended, hidden):
            total = torch.logaddexp(total, scores.logsumexp(dim=0))
        parts = held or _scores(cloud, rollout.attended, hidden)
        return torch.cat([(scores - total).exp().sum(dim=1) for scores in parts]).numpy()


def _scores(cloud: PointCloud, attended: Attended, hidden: Tensor) -> Iterator[Tensor]:
    """x_i . h_t of Eq. 2 for the points i of one part of the cloud after another, (k, m)."""
    step = max(1, min(_ROWS, _SCORES // len(hidden)))
    for start in range(0, len(cloud), step):
        part = attended.view.apply(cloud.xyz[start : start + step])
        yield attended.features(torch.from_numpy(np.ascontiguousarray(part))[None])[0] @ hidden.T
