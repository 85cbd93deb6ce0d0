"""Run the task net on each new sampling and on the whole cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from apsnet_core.cloud import PointCloud
from apsnet_core.remembered import remembered
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.working_cloud import copy_of, working_cloud
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.result import Result, TaskAnswer
from apsnet_gui.state.session import Session
from apsnet_gui.state.what_if import WhatIf

if TYPE_CHECKING:
    from apsnet_core.evaluation.answers import TaskNet


class Answering(QObject):
    """Answers each result of the session; an answer to a result that is no longer current is dropped."""

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session, self._background = session, background
        session.sampled.connect(self._ask)

    def _ask(self, result: Result | None) -> None:
        entry = self._session.document.active
        if result is None or entry is None:
            return
        what_if = self._session.document.what_if
        other = self._session.document.entry(what_if.other)
        job = self._background.start(
            "Asking the task net", lambda _: answer(result, entry, what_if, other), lane="answer"
        )
        job.done.connect(lambda said: self._take(result, said))
        job.failed.connect(lambda why: self._take(result, TaskAnswer((), str(why))))

    def _take(self, result: Result, said: TaskAnswer) -> None:
        if self._session.result is result:
            self._session.set_answer(said)


def answer(result: Result, entry: OpenShape, what_if: WhatIf, other: OpenShape | None) -> TaskAnswer:
    """The task net's answer to ``result``.

    For a task of pairs, such as registration, the second cloud is the copy that ``what_if`` describes, or
    ``other``. Runs on a worker thread. Raises `WeightsError` if there is no task net.
    """
    from apsnet_core.evaluation.answers import answer as ask
    from apsnet_core.evaluation.answers import register
    from apsnet_core.evaluation.comparison.perturb import angles_text
    from apsnet_core.evaluation.comparison.registration_target import angles_of
    from apsnet_core.evaluation.comparison.verdict import judge_pairs
    from apsnet_core.evaluation.judges import judge_of
    from apsnet_core.methods.creating import create

    up = entry.up
    choice, cloud, sampling = result.choice, result.cloud, result.sampling
    net, note = judge_of(choice.task, [choice.spec], choice.net)
    untouched = working_cloud(entry.shape, choice) if what_if.change else None
    if not net.task.pairs:
        remark, warning = _remarks(net, cloud, up, untouched)
        said = ask(net, cloud, sampling, up)
        return TaskAnswer(said.figures(), _joined(remark, note), warning, said.known)
    copy = copy_of(cloud, entry.shape, choice, what_if, other)
    sampler = create(choice.spec.for_partner(choice.seed), choice.task, up)
    pair = sampling, sampler.sample(copy.cloud, result.found.m, choice.seed)
    found = register(net, cloud, copy.cloud, pair, copy.rotation, up)
    *_, remark, warning = judge_pairs(choice.task, cloud, copy, [], up, net)
    turns = [("Turn found", angles_text(angles_of(found.rotation)), None)]
    if copy.rotation is not None:
        turns.insert(0, ("Turned by", angles_text(angles_of(copy.rotation)), None))
    return TaskAnswer((*turns, *found.figures()), _joined(remark, note), warning)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


@remembered(8)
def _remarks(
    net: TaskNet, cloud: PointCloud, up: str, untouched: PointCloud | None
) -> tuple[str, str | None]:
    """A sentence with the answer to the whole cloud, and a warning or None; cached for all its samplings."""
    from apsnet_core.evaluation.comparison.verdict import judge

    *_, remark, warning = judge(net.metadata.task, cloud, [], up, untouched, net)
    return remark, warning
