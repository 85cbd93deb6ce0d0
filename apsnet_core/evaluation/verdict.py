"""What a task net makes of samples, as the one number and the few words that a table has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from apsnet_core.cloud import PointCloud, Sampling
from apsnet_core.evaluation.answers import classify, reconstruct, task_net
from apsnet_core.weights import TaskName


@dataclass(frozen=True)
class Verdict:
    """``metric`` and its ``value``; of a classification also the ``answer``, and that to the ``whole`` cloud.

    The probability is that of the whole cloud's class, so that methods compare by it.
    """

    metric: Literal["probability", "nre"]
    value: float
    answer: str | None = None
    whole: str | None = None


def judge(
    task: TaskName, cloud: PointCloud, samplings: Sequence[Sampling], up: Literal["y", "z"] | None
) -> list[Verdict | None]:
    """The verdict on each sampling of ``cloud``; none for registration, which needs a second cloud.

    `WeightsError` if there is no net for ``task``.
    """
    if task == "classification":
        net = task_net(task)
        goal = int(classify(net, cloud, up=up).probabilities.argmax())
        verdicts: list[Verdict | None] = []
        for sampling in samplings:
            said = classify(net, cloud, sampling, up)
            value = float(said.probabilities[goal])
            verdicts.append(Verdict("probability", value, said.top(1)[0][0], said.classes[goal]))
        return verdicts
    if task == "reconstruction":
        net = task_net(task)
        return [Verdict("nre", reconstruct(net, cloud, sampling, up).nre) for sampling in samplings]
    return [None] * len(samplings)
