"""Computation of the attention on every point of a cloud of any size, in bounded memory."""

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

# Scores in memory at once: 2^24 float32 are 64 MB. A larger number is computed twice, in parts.
_SCORES = 1 << 24
_ROWS = 1 << 16


def heatmap(sampling: Sampling, cloud: PointCloud, t: int | None = None) -> Float32:
    """The attention (n,) over all points of ``cloud`` in the step of sample ``t`` = 1..m; it sums to 1.

    With ``t`` None, the attention of all steps is added up, and sums to m. The scores of Eq. 2 are recomputed
    for every point from the hidden states. A cloud larger than the working subset thus gets a smooth map; a
    cloud that the network saw as a whole gets exactly a_t. Raises ValueError if the sampling has no attention
    or no step ``t``.
    """
    rollout, attended = _attending(sampling)
    if t is not None and not 1 <= t <= rollout.m:
        raise ValueError(f"step {t} is outside 1..{rollout.m}")
    hidden = rollout.hidden[0] if t is None else rollout.hidden[0, t - 1 : t]
    return _summed(cloud, attended, hidden)


def most_attended(rollout: Rollout, cloud: PointCloud, m: int) -> Int64:
    """The indices (m,) of the points of ``cloud`` with most attention over all steps, in descending order."""
    if rollout.attended is None:
        raise ValueError("the rollout does not tell which points it attended to")
    if rollout.features.shape[1] == len(cloud):  # the network saw the whole cloud
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
    """The attention (m,) that each sampled point got over all steps: `heatmap` at the samples only.

    A generated point is not in the cloud; it gets the attention of the nearest point of the cloud. Raises
    ValueError if the sampling has no attention.
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
    """The difference in attention (n,) over the points of ``cloud``: above 0 where the first is larger.

    It is the difference of the mean attention per step, so that samples of two sizes can be compared, and
    sums to 0. Raises ValueError if one of the samplings has no attention.
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
    """The logarithm (m,) of the softmax denominator of each step."""
    return reduce(torch.logaddexp, (scores.logsumexp(dim=0) for scores in parts))


def _scores(cloud: PointCloud, attended: Attended, hidden: Tensor) -> Iterator[Tensor]:
    """Yield the scores x_i . h_t of Eq. 2, (k, m), for one part of k points of the cloud after another."""
    step = max(1, min(_ROWS, _SCORES // len(hidden)))
    for start in range(0, len(cloud), step):
        part = attended.view.apply(cloud.xyz[start : start + step])
        yield attended.features(torch.from_numpy(np.ascontiguousarray(part))[None])[0] @ hidden.T
