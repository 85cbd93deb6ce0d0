"""Why a classifier answers as it does: each sampled point left out in turn."""

from __future__ import annotations

import numpy as np
import torch

from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.networks.view import view_of
from apsnet_core.ops.threads import one_thread
from apsnet_core.sampling import Sampling

_POINTS_AT_ONCE = 1 << 14


def leave_one_out(net: TaskNet, cloud: PointCloud, sampling: Sampling, up: str | None = None) -> Float64:
    """By how much the probability of the net's answer falls without each of the samples, (m,).

    The answer is the likeliest class by all m samples; a point without which it is likelier has a negative
    number. ValueError for a net that knows no classes, or a single sample.
    """
    if not net.task.knows_classes:
        raise ValueError(f"{net.name} gives no class whose probability could fall")
    if sampling.m < 2:
        raise ValueError("a sample of one point has nothing left when that is left out")
    view = view_of(cloud, net.metadata.normalisation, up, net.metadata.up)
    points = torch.from_numpy(np.ascontiguousarray(view.apply(sampling.points)))
    m = len(points)
    others = torch.arange(m).expand(m, m)[~torch.eye(m, dtype=torch.bool)].view(m, m - 1)
    at_once = max(1, _POINTS_AT_ONCE // (m - 1))
    with torch.no_grad(), one_thread():
        whole = net.network(points[None])[0].double().softmax(-1)
        without = [net.network(points[rows]).double().softmax(-1) for rows in others.split(at_once)]
    answer = whole.argmax()
    fall: Float64 = (whole[answer] - torch.cat(without)[:, answer]).cpu().numpy()
    return fall
