"""What a task net makes of samples, as the one number and the few words that a table has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import (
    Classification,
    Reconstruction,
    Registration,
    TaskNet,
    register,
    task_net,
)
from apsnet_core.evaluation.answers import answer as ask
from apsnet_core.evaluation.comparison.registration_target import Copy
from apsnet_core.ops.orientation import Up
from apsnet_core.sampling import Sampling

Answer = Classification | Reconstruction | Registration


@dataclass(frozen=True)
class Verdict:
    """``metric`` and its ``value``; of a classification also the ``answer``, and that to the ``whole`` cloud.

    ``label`` is the class that the cloud is known to be, None if that is not known.
    The probability is that of the whole cloud's class, so that methods compare by it; the rotation error is
    in degrees, and where no rotation is known to be true the misfit is left: the chamfer distance of the
    clouds as they were laid on each other, in squared units.
    """

    metric: Literal["probability", "nre", "rotation_error", "misfit"]
    value: float
    answer: str | None = None
    whole: str | None = None
    label: str | None = None


def verdict(answer: Answer, whole: Answer, label: str | int | None = None) -> Verdict:
    """What an ``answer`` comes to beside that to the ``whole`` cloud, whose known class is ``label``."""
    if isinstance(answer, Classification) and isinstance(whole, Classification):
        goal = int(whole.probabilities.argmax())
        probability = float(answer.probabilities[goal])
        known = label if isinstance(label, str) else None  # a number means nothing without its dataset
        return Verdict("probability", probability, answer.top(1)[0][0], whole.classes[goal], known)
    if isinstance(answer, Reconstruction):
        return Verdict("nre", answer.nre)
    if isinstance(answer, Registration) and answer.error is not None:
        return Verdict("rotation_error", answer.error)
    if isinstance(answer, Registration) and answer.misfit is not None:
        return Verdict("misfit", answer.misfit)
    raise ValueError("an answer is judged beside one to the same question about the whole cloud")


class Verdicts(NamedTuple):
    """One on each sampling, the ``net`` that gave them, what it was asked, and if it is no judge of that."""

    each: list[Verdict]
    net: str
    remark: str
    warning: str | None


def judge(
    task: Literal["classification", "reconstruction"],
    cloud: PointCloud,
    samplings: Sequence[Sampling],
    up: Up,
) -> Verdicts:
    """What the net for ``task`` makes of each sampling of ``cloud``; `WeightsError` if there is no net."""
    net = task_net(task)
    whole = ask(net, cloud, up=up)
    verdicts = [verdict(ask(net, cloud, sampling, up), whole, cloud.label) for sampling in samplings]
    if isinstance(whole, Reconstruction):
        said = "NRE 1: as good as rebuilt from all its points. "
    else:
        name, probability = whole.top(1)[0]
        said = f"Of all its points the task net says: {name}, {probability:.1%}. "
    return Verdicts(verdicts, net.name, said + _trained_on(net), whole.warning)


def judge_pairs(
    cloud: PointCloud, copy: Copy, pairs: Sequence[tuple[Sampling, Sampling]], up: Up
) -> Verdicts:
    """How well each pair of samplings, of ``cloud`` and of ``copy``, lays the copy on the cloud."""
    net = task_net("registration")
    whole, *answers = (register(net, cloud, copy.cloud, pair, copy.rotation, up) for pair in (None, *pairs))
    if copy.degrees is None:
        asked = (
            "The task net lays another cloud on this one; by how much it should be turned is not known. With "
            f"all their points they end {whole.misfit:.4g} units² apart (chamfer). "
        )
    else:
        asked = (
            f"The task net turns a copy of the shape back that was turned by {copy.degrees:.1f}°; "
            f"with all its points it is off by {whole.error:.1f}°. "
        )
    verdicts = [verdict(answer, whole) for answer in answers]
    return Verdicts(verdicts, net.name, asked + _trained_on(net), whole.warning)


def _trained_on(net: TaskNet) -> str:
    return f"It was trained on {net.metadata.data}."
