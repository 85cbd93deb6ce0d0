"""The task net's verdict on samples, short enough for a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import TaskNet, register, task_net
from apsnet_core.evaluation.answers import answer as ask
from apsnet_core.evaluation.comparison.registration_target import Copy
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.answer import Answer, Verdict
from apsnet_core.units import with_unit


class Verdicts(NamedTuple):
    """A verdict and an answer for each sampling, the name of the ``net``, and sentences about it.

    ``remark`` describes its task and its answer for all points; ``warning`` says that the shape is unlike its
    training.
    """

    each: list[Verdict]
    answers: list[Answer]
    net: str
    remark: str
    warning: str | None


def judge(
    task: str,
    cloud: PointCloud,
    samplings: Sequence[Sampling],
    up: str,
    untouched: PointCloud | None = None,
    net: TaskNet | None = None,
) -> Verdicts:
    """Judge each sampling of ``cloud`` by ``net``, by default the one that ships for ``task``.

    `WeightsError` if there is no net. If ``cloud`` was perturbed, all answers are compared with the answer
    for the ``untouched`` cloud.
    """
    net = net or task_net(task)
    of_cloud = ask(net, cloud, up=up)
    whole = of_cloud if untouched is None else ask(net, untouched, up=up)
    answers = [ask(net, cloud, sampling, up) for sampling in samplings]
    verdicts = [each.verdict(whole, cloud.label) for each in answers]
    remark = [whole.of_all_points()]
    if untouched is not None:
        remark.append(f"For the changed cloud: {headline(of_cloud)}.")
    return Verdicts(verdicts, answers, net.name, " ".join([*remark, _trained_on(net)]), of_cloud.warning)


def headline(answer: Answer) -> str:
    """The first line of an answer, such as "chair, 94.3 %"."""
    first = answer.figures()[0]
    return f"{first.word}, {first.text}"


def judge_pairs(
    task: str,
    cloud: PointCloud,
    copy: Copy,
    pairs: Sequence[tuple[Sampling, Sampling]],
    up: str,
    net: TaskNet | None = None,
) -> Verdicts:
    """Judge how well each pair of samplings, of ``cloud`` and ``copy``, aligns the copy with the cloud."""
    net = net or task_net(task)
    whole, *answers = (register(net, cloud, copy.cloud, pair, copy.rotation, up) for pair in (None, *pairs))
    if copy.degrees is None:
        asked = (
            "The task net aligns another cloud with this one; the true rotation is not known. With all "
            f"points, the Chamfer distance afterwards is {with_unit(f'{whole.misfit:.4g}', 'units²')}. "
        )
    else:
        asked = (
            f"A copy of the shape was turned by {copy.degrees:.1f}°, and the task net turns it back; "
            f"with all points its error is {whole.error:.1f}°. "
        )
    return Verdicts(
        [each.verdict(whole) for each in answers],
        list(answers),
        net.name,
        asked + _trained_on(net),
        whole.warning,
    )


def _trained_on(net: TaskNet) -> str:
    return f"The net is {net.name}, trained on {net.metadata.data}."
