"""Whether the parts of a large cloud are like the shapes that a network was trained on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.evaluation.answers import task_net
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks.familiarity import FAR, features_of
from apsnet_core.networks.view import view_of
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.registry import DEFAULT
from apsnet_core.weights.metadata import WeightsError

_ASKED = 128  # parts that the net is asked about; of more, these are drawn at random
_LEAST = 16  # points of a part that has a shape


def with_warning(
    sampling: Sampling, cloud: PointCloud, spec: MethodSpec, task: str | None, up: str
) -> Sampling:
    """A ``sampling`` by parts, with a note where a learned method met parts unlike those of its training."""
    if not spec.row.learned or sampling.parts is None:
        return sampling
    said = strange_parts(cloud, sampling.parts, task or DEFAULT, up)
    return replace(sampling, notes=(*sampling.notes, said)) if said else sampling


def strange_parts(cloud: PointCloud, parts: Int64, task: str, up: str) -> str | None:
    """A sentence that counts the ``parts`` (n,) of ``cloud`` unlike the training of the net for ``task``.

    None where there are none, or where no net can tell. -1 is no part.
    """
    try:
        net = task_net(task)
    except WeightsError:
        return None
    if net.familiarity is None:
        return None
    counts = np.bincount(parts[parts >= 0])
    rng, numbers = np.random.default_rng(0), np.flatnonzero(counts >= _LEAST)
    asked = np.sort(rng.choice(numbers, _ASKED, replace=False)) if len(numbers) > _ASKED else numbers
    order = np.argsort(parts, kind="stable")
    starts = np.searchsorted(parts[order], asked)
    seen: list[Float32] = []
    for number, start in zip(asked.tolist(), starts.tolist(), strict=True):
        own = order[start : start + counts[number]]
        part = cloud.take(rng.choice(own, net.metadata.points, replace=len(own) < net.metadata.points))
        if np.ptp(part.xyz, axis=0).any():
            seen.append(view_of(part, net.metadata.normalisation, up, net.metadata.up).apply(part.xyz))
    if not seen:
        return None
    features = features_of(net.network, torch.from_numpy(np.stack(seen)))
    strange = int((net.familiarity.farther_than(features) >= FAR).sum())
    if not strange:
        return None
    of = f"{len(seen)} parts" if len(asked) == len(numbers) else f"{len(seen)} parts looked at"
    return f"{strange} of {of} are unlike all that the nets for {task} were trained on: look at them yourself"
