"""The influence of each sample on a classifier's answer, measured by leaving it out."""

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
    """The decrease (m,) of the probability of the net's answer when each sample is left out.

    The answer is the likeliest class for all m samples; the number is negative for a sample without which it
    is likelier. ValueError for a net that is not a classifier, or for a single sample.
    """
    if not net.task.knows_classes:
        raise ValueError(f"{net.name} is not a classifier: leaving samples out needs class probabilities")
    if sampling.m < 2:
        raise ValueError("leaving samples out needs at least 2 of them, not 1")
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
