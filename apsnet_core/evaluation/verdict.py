"""What a task net makes of samples, as the one number and the few words that a table has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch

from apsnet_core.cloud import Float64, PointCloud, Sampling
from apsnet_core.evaluation.answers import (
    Classification,
    Reconstruction,
    Registration,
    TaskNet,
    register,
    task_net,
)
from apsnet_core.evaluation.answers import answer as ask
from apsnet_core.ops.orientation import Up
from apsnet_core.ops.rotation import euler_to_matrix, geodesic_angle

Answer = Classification | Reconstruction | Registration


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


def verdict(answer: Answer, whole: Answer) -> Verdict:
    """What an ``answer`` comes to beside that to the ``whole`` cloud."""
    if isinstance(answer, Classification) and isinstance(whole, Classification):
        goal = int(whole.probabilities.argmax())
        probability = float(answer.probabilities[goal])
        return Verdict("probability", probability, answer.top(1)[0][0], whole.classes[goal])
    if isinstance(answer, Reconstruction):
        return Verdict("nre", answer.nre)
    if isinstance(answer, Registration) and answer.error is not None:
        return Verdict("rotation_error", answer.error)
    raise ValueError("a registration is judged by the true rotation, which is not known here")


# A verdict on each sampling, and a sentence on what the net was asked.
Verdicts = tuple[list[Verdict], str]


def judge(
    task: Literal["classification", "reconstruction"],
    cloud: PointCloud,
    samplings: Sequence[Sampling],
    up: Up,
) -> Verdicts:
    """What the net for ``task`` makes of each sampling of ``cloud``; `WeightsError` if there is no net."""
    net = task_net(task)
    whole = ask(net, cloud, up=up)
    verdicts = [verdict(ask(net, cloud, sampling, up), whole) for sampling in samplings]
    if isinstance(whole, Reconstruction):
        return verdicts, f"NRE 1: as good as rebuilt from all its points. {_trained_on(net)}"
    name, probability = whole.top(1)[0]
    return verdicts, f"Of all its points the task net says: {name}, {probability:.1%}. {_trained_on(net)}"


@dataclass(frozen=True, eq=False)
class Turned:
    """A ``cloud`` turned about its mean, and the ``rotation`` (3, 3) that turns it back."""

    cloud: PointCloud
    rotation: Float64

    @property
    def degrees(self) -> float:
        """The angle of the turn."""
        angle = geodesic_angle(torch.from_numpy(self.rotation), torch.eye(3, dtype=torch.float64))
        return float(torch.rad2deg(angle))


def turned(cloud: PointCloud, seed: int) -> Turned:
    """``cloud`` turned by angles up to 45 degrees about x, y and z, as the pairs of training are."""
    angles = np.deg2rad(np.random.default_rng(seed).uniform(-45, 45, 3))
    turn = euler_to_matrix(torch.from_numpy(angles)).numpy()
    mean = cloud.xyz.mean(axis=0, dtype=np.float64)
    points = ((cloud.xyz - mean) @ turn.T + mean).astype(np.float32)
    return Turned(replace(cloud, xyz=points, normals=None), turn.T)


def judge_pairs(
    cloud: PointCloud, copy: Turned, pairs: Sequence[tuple[Sampling, Sampling]], up: Up
) -> Verdicts:
    """How far the rotation found from each pair, of ``cloud`` and of ``copy``, is from the true one."""
    net = task_net("registration")
    whole, *answers = (register(net, cloud, copy.cloud, pair, copy.rotation, up) for pair in (None, *pairs))
    remark = (
        f"The task net turns a copy of the shape back that was turned by {copy.degrees:.1f}°; "
        f"with all its points it is off by {whole.error:.1f}°. {_trained_on(net)}"
    )
    return [verdict(answer, whole) for answer in answers], remark


def _trained_on(net: TaskNet) -> str:
    return f"It was trained on {net.metadata.data}."
