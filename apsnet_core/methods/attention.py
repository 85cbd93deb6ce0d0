"""Attention brought to every point of a cloud, however large, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.ops import nearest
from apsnet_core.rollout import Attended
from apsnet_core.sampling import Sampling

if TYPE_CHECKING:
    from apsnet_core.rollout import Rollout

# Scores held at once: 2^24 float32 are 64 MB. More than that are computed twice, part by part.
_SCORES = 1 << 24
_ROWS = 1 << 16


def heatmap(sampling: Sampling, cloud: PointCloud, t: int | None = None) -> Float32:
    """The attention of sample ``t`` = 1..m, of its step, over all points of ``cloud``, (n,), adding up to 1.

    None sums over all steps, and adds up to m. The scores of Eq. 2 are taken afresh for every point from the
    hidden states: a cloud larger than the working subset gets a smooth map, one that was attended to whole
    gets exactly a_t. ``ValueError`` if the sampling has no attention or no step ``t``.
    """
    rollout, attended = _attending(sampling)
    if t is not None and not 1 <= t <= rollout.m:
        raise ValueError(f"step {t} is outside 1..{rollout.m}")
    hidden = rollout.hidden[0] if t is None else rollout.hidden[0, t - 1 : t]
    return _summed(cloud, attended, hidden)


def most_attended(rollout: Rollout, cloud: PointCloud, m: int) -> Int64:
    """The ``m`` rows of ``cloud`` with most of the attention of all steps, the most first."""
    if rollout.attended is None:
        raise ValueError("the rollout does not tell which points it attended to")
    if rollout.features.shape[1] == len(cloud):  # it was seen whole
        with torch.no_grad():
            scores = rollout.features[0] @ rollout.hidden[0].T
            heat = scores.softmax(dim=0).sum(dim=1).numpy()
    else:
        heat = _summed(cloud, rollout.attended, rollout.hidden[0])
    return np.argsort(-heat, kind="stable")[:m]


def _summed(cloud: PointCloud, attended: Attended, hidden: Tensor) -> Float32:
    with torch.no_grad():
        few = len(cloud) * len(hidden) <= _SCORES
        held = list(_scores(cloud, attended, hidden)) if few else None
        total = _total(held or _scores(cloud, attended, hidden))
        parts = held or _scores(cloud, attended, hidden)
        return torch.cat([(scores - total).exp().sum(dim=1) for scores in parts]).numpy()


def attention_of(sampling: Sampling, cloud: PointCloud) -> Float32:
    """What each sampled point got of the attention of all steps: `heatmap` at the samples alone, (m,).

    A generated point is no point of the cloud: it has the attention of the one nearest to it. ``ValueError``
    if the sampling has no attention.
    """
    rollout, attended = _attending(sampling)
    rows = sampling.indices
    if rows is None:
        generated, points = (torch.from_numpy(part)[None] for part in (sampling.points, cloud.xyz))
        rows = nearest(generated, points)[1][0].numpy()
    with torch.no_grad():
        total = _total(_scores(cloud, attended, rollout.hidden[0]))
        scores = torch.cat(list(_scores(cloud.take(rows), attended, rollout.hidden[0])))
        return (scores - total).exp().sum(dim=1).numpy()


def attention_difference(first: Sampling, second: Sampling, cloud: PointCloud) -> Float32:
    """Where the first looked more (above 0) than the second (below 0): (n,) over the points of ``cloud``.

    The mean attention of a step of each, so that samples of two sizes compare; it adds up to 0.
    ``ValueError`` where one has no attention.
    """
    one, other = (heatmap(sampling, cloud) / np.float32(sampling.m) for sampling in (first, second))
    difference: Float32 = one - other
    return difference


def _attending(sampling: Sampling) -> tuple[Rollout, Attended]:
    rollout = sampling.by_sample
    if rollout is None or rollout.attended is None:
        raise ValueError(f"{sampling.method} has no attention to show: only APSNet has")
    return rollout, rollout.attended


def _total(parts: Iterable[Tensor]) -> Tensor:
    """The logarithm of what divides the softmax of each step, (m,)."""
    return reduce(torch.logaddexp, (scores.logsumexp(dim=0) for scores in parts))


def _scores(cloud: PointCloud, attended: Attended, hidden: Tensor) -> Iterator[Tensor]:
    """x_i . h_t of Eq. 2 for the points i of one part of the cloud after another, (k, m)."""
    step = max(1, min(_ROWS, _SCORES // len(hidden)))
    for start in range(0, len(cloud), step):
        part = attended.view.apply(cloud.xyz[start : start + step])
        yield attended.features(torch.from_numpy(np.ascontiguousarray(part))[None])[0] @ hidden.T
