"""What a task net makes of samples, as the one number and the few words that a table has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch

from apsnet_core.cloud import Float64, PointCloud, Sampling
from apsnet_core.evaluation.answers import classify, reconstruct, register, task_net
from apsnet_core.ops.orientation import Up
from apsnet_core.ops.rotation import euler_to_matrix, geodesic_angle


@dataclass(frozen=True)
class Verdict:
    """``metric`` and its ``value``; of a classification also the ``answer``, and that to the ``whole`` cloud.

    The probability is that of the whole cloud's class, so that methods compare by it; the rotation error is
    in degrees.
    """

    metric: Literal["probability", "nre", "rotation_error"]
    value: float
    answer: str | None = None
    whole: str | None = None


@dataclass(frozen=True, eq=False)
class Turned:
    """A cloud about its mean by a known turn, and the ``rotation`` (3, 3) that lays it back on the original."""

    cloud: PointCloud
    rotation: Float64


# A verdict on each sampling, and a sentence on what the net was asked.
Verdicts = tuple[list[Verdict], str]


def turned(cloud: PointCloud, seed: int) -> Turned:
    """``cloud`` turned by angles up to 45 degrees about x, y and z, as the pairs of training are."""
    angles = np.deg2rad(np.random.default_rng(seed).uniform(-45, 45, 3))
    turn = euler_to_matrix(torch.from_numpy(angles)).numpy()
    mean = cloud.xyz.mean(axis=0, dtype=np.float64)
    points = ((cloud.xyz - mean) @ turn.T + mean).astype(np.float32)
    return Turned(replace(cloud, xyz=points, normals=None), turn.T)


def judge_classification(cloud: PointCloud, samplings: Sequence[Sampling], up: Up) -> Verdicts:
    """How sure the classifier is, with the samples alone, of the class it gives the whole ``cloud``."""
    net = task_net("classification")
    whole = classify(net, cloud, up=up)
    goal = int(whole.probabilities.argmax())
    verdicts = []
    for sampling in samplings:
        said = classify(net, cloud, sampling, up)
        probability = float(said.probabilities[goal])
        verdicts.append(Verdict("probability", probability, said.top(1)[0][0], whole.classes[goal]))
    return verdicts, f"Of all points the task net says: {whole.classes[goal]}, {whole.top(1)[0][1]:.1%}."


def judge_reconstruction(cloud: PointCloud, samplings: Sequence[Sampling], up: Up) -> Verdicts:
    """How much worse ``cloud`` is rebuilt from samples than from all its points (NRE, Eq. 11)."""
    net = task_net("reconstruction")
    verdicts = [Verdict("nre", reconstruct(net, cloud, sampling, up).nre) for sampling in samplings]
    return verdicts, "An NRE of 1 is as good as rebuilding the shape from all its points."


def judge_registration(
    cloud: PointCloud, source: Turned, pairs: Sequence[tuple[Sampling, Sampling]], up: Up
) -> Verdicts:
    """How far the turn found from a pair of samplings, of ``cloud`` and ``source``, is from the true one."""
    net = task_net("registration")

    def error(pair: tuple[Sampling, Sampling] | None) -> float:
        found = register(net, cloud, source.cloud, pair, source.rotation, up).error
        assert found is not None
        return found

    verdicts = [Verdict("rotation_error", error(pair)) for pair in pairs]
    angle = float(torch.rad2deg(geodesic_angle(torch.from_numpy(source.rotation), torch.eye(3).double())))
    return verdicts, (
        f"The task net lays a copy, turned by {angle:.1f}°, back on the shape; "
        f"with all points it is off by {error(None):.1f}°."
    )
