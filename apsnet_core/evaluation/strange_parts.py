"""Checks whether the parts of a large cloud resemble the shapes that a network was trained on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from apsnet_core.checked_parts import CheckedParts
from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.evaluation.answers import task_net
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks.familiarity import features_of
from apsnet_core.networks.view import view_of
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.registry import DEFAULT
from apsnet_core.types import Progress
from apsnet_core.weights.metadata import WeightsError

_ASKED = 256  # the largest number of parts that the net checks; of more parts, it checks a random selection
_LEAST = 16  # points that a part needs to have a shape
_AT_ONCE = 16  # parts between two progress reports


def with_warning(
    sampling: Sampling, cloud: PointCloud, spec: MethodSpec, task: str | None, up: str,
    tell: Progress | None = None,
) -> Sampling:  # fmt: skip
    """Add to a ``sampling`` by parts how far each part is from the training of a learned method.

    A note counts the parts that are unlike the training. ``tell`` gets the finished share.
    """
    if not spec.row.learned or sampling.parts is None:
        return sampling
    checked = checked_parts(cloud, sampling.parts, task or DEFAULT, up, tell)
    if checked is None:
        return sampling
    notes = (*sampling.notes, checked.words) if checked.words else sampling.notes
    return replace(sampling, checked=checked, notes=notes)


def checked_parts(
    cloud: PointCloud, parts: Int64, task: str, up: str, tell: Progress | None = None
) -> CheckedParts | None:
    """How far the ``parts`` (n,) of ``cloud`` are from the training of the net for ``task``.

    A value of -1 in ``parts`` means no part. None if there is no net, or it cannot compare shapes.
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
    farther = np.full(len(counts), -1, dtype=np.int64)
    for first in range(0, len(asked), _AT_ONCE):
        seen: dict[int, Float32] = {}
        for number, start in zip(asked.tolist()[first:][:_AT_ONCE], starts.tolist()[first:], strict=False):
            own = order[start : start + counts[number]]
            rows = rng.choice(own, net.metadata.points, replace=len(own) < net.metadata.points)
            part = PointCloud(cloud.xyz[rows], cloud.offset)
            if np.ptp(part.xyz, axis=0).any():
                view = view_of(part, net.metadata.normalisation, up, net.metadata.up)
                seen[number] = view.apply(part.xyz)
        if seen:
            features = features_of(net.network, torch.from_numpy(np.stack(list(seen.values()))))
            farther[list(seen)] = net.familiarity.farther_than(features).numpy()
        if tell is not None:
            tell(min(first + _AT_ONCE, len(asked)) / len(asked))
    return CheckedParts(task, farther) if (farther >= 0).any() else None
