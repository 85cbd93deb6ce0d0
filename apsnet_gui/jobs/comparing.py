"""Keeps the board what the document asks for: all methods side by side, newest question first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from apsnet_core.cloud import PointCloud, Sampling
from apsnet_core.samplers.registry import CLASSICAL, MethodSpec, create
from apsnet_gui.board import Board, Part, Whole
from apsnet_gui.document import Choice, Entry
from apsnet_gui.jobs.background import Background, Progress
from apsnet_gui.jobs.sampling import working_cloud
from apsnet_gui.session import Result, Session

if TYPE_CHECKING:
    from apsnet_core.samplers.apsnet import Rollout
    from apsnet_core.weights.metadata import TaskName

DEBOUNCE_MS = 20
CURVE_SIZES = (8, 16, 32, 64, 128)
ROLLOUTS_KEPT = 16
STEPWISE = ("apsnet", "apsnet_kd")

Rollouts = dict[tuple[Any, ...], tuple["Rollout", float]]


@dataclass(frozen=True)
class Question:
    """All that a comparison depends on."""

    entry: Entry
    choice: Choice
    methods: tuple[str, ...]

    @property
    def up(self) -> Literal["y", "z"]:
        return "y" if self.entry.up == "y" else "z"

    @property
    def task(self) -> TaskName:
        return cast("TaskName", self.choice.task)

    @property
    def whole_key(self) -> tuple[Any, ...]:
        """What the full cloud and the answer to it depend on."""
        surface = self.choice.surface if self.entry.is_mesh else None
        return self.entry.id, self.entry.up, self.choice.task, self.choice.seed, surface

    def choice_of(self, method: str) -> Choice:
        return self.choice.with_method(method)

    def key_of(self, method: str) -> tuple[Any, ...]:
        """What the part of a method depends on."""
        return (*self.whole_key, self.choice_of(method))


class LiveComparison(QObject):
    """Listens to the session while methods stand side by side, and fills the board.

    One job at a time; what an older one still finds out is dropped. A method that is added, or swapped in,
    costs no other its numbers; one rollout of APSNet serves its variants and every smaller size.
    """

    _found = Signal(object, object)

    def __init__(self, session: Session, background: Background, board: Board) -> None:
        super().__init__(session)
        self._session, self._background, self._board = session, background, board
        self.busy = False
        self._keys: dict[str, tuple[Any, ...]] = {}
        self._whole_key: tuple[Any, ...] | None = None
        self._curves_key: object = None
        self._wants_curves = False
        self._rollouts: Rollouts = {}
        self._question: Question | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._start)
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)
        session.changed.connect(self._look)

    def restart(self) -> None:
        """Compute everything again, for its time."""
        self._keys.clear()
        self._rollouts.clear()
        self._question = self._curves_key = None
        self._look()

    def forget_rollouts(self) -> None:
        """Of the next samplings: there may be other weights now."""
        self._rollouts.clear()

    def want_curves(self, wanted: bool) -> None:
        """Whether the numbers at further sizes are looked at."""
        self._wants_curves = wanted
        if wanted and not self._timer.isActive():
            self._draw_curves()

    def question(self) -> Question | None:
        """What the document asks for, None while it asks for no comparison."""
        document = self._session.document
        if document.active is None or not document.lineup.shown:
            return None
        return Question(document.active, document.choice, document.lineup.methods)

    def _look(self, *_: object) -> None:
        question = self.question()
        if question == self._question:
            return
        self._question = question
        if question is None:
            self._timer.stop()
            self.busy = False
            return
        stale = [method for method in self._board.parts if method not in question.methods]
        self._board.drop(stale)
        if self._todo(question):
            self.busy = True
            self._timer.start()
        else:
            self._show_selected()

    def _todo(self, question: Question) -> list[str]:
        """The methods whose part is not what is asked for, the selected one first."""
        selected = self._session.document.lineup.selected
        order = sorted(question.methods, key=lambda method: method != question.methods[selected])
        there = self._board.parts
        return [m for m in order if m not in there or self._keys.get(m) != question.key_of(m)]

    def _start(self) -> None:
        question = self.question()
        if question is None:
            return
        todo, whole = self._todo(question), self._board.whole
        if self._whole_key != question.whole_key:
            whole, self._whole_key = None, question.whole_key
        rollouts = self._rollouts

        def work(progress: Progress) -> None:
            for found in compute(question, todo, whole, rollouts, progress):
                progress.report(None, found.method if isinstance(found, Part) else "")
                self._found.emit(question, found)

        job = self._background.start(f"Comparing on {question.entry.name}", work, lane="comparing")
        job.failed.connect(lambda why: self._fail(question, why))
        job.done.connect(lambda _: self._finish(question))

    @Slot(object, object)
    def _take(self, question: Question, found: Part | Whole) -> None:
        if question != self._question:
            return
        if isinstance(found, Whole):
            self._board.set_whole(found)
            return
        if found.row is not None or found.problem is not None:
            self._keys[found.method] = question.key_of(found.method)
        self._board.put(found)
        if found.method == question.methods[self._session.document.lineup.selected]:
            self._show_selected()

    def _show_selected(self) -> None:
        """The selected method's samples are what the other panels speak of."""
        lineup = self._session.document.lineup
        part = self._board.parts.get(lineup.methods[lineup.selected])
        if part is not None and part.row is None and part.problem is None:
            return
        result = part.result if part else None
        now = self._session.result
        if now is None or result is None or now.sampling is not result.sampling:
            self._session.set_result(result)

    def _finish(self, question: Question) -> None:
        if question == self._question:
            self.busy = False
            self._draw_curves()

    def _fail(self, question: Question, why: Exception) -> None:
        if question == self._question:
            self.busy = False
            self._session.notice.emit("error", f"{question.entry.name} was not compared: {why}")

    def _draw_curves(self) -> None:
        question = self._question
        if not self._wants_curves or question is None or self._board.whole is None:
            return
        key = (question.whole_key, question.methods, replace(question.choice, m=0).with_method("random"))
        if key == self._curves_key and any(row.m == question.choice.m for row in self._board.curves):
            return
        self._curves_key = key
        whole, rollouts = self._board.whole, self._rollouts
        job = self._background.start(
            "Comparing at other sizes",
            lambda progress: curves(question, whole, rollouts, progress),
            lane="curves",
        )
        job.done.connect(self._board.set_curves)
        job.failed.connect(
            lambda why: self._session.notice.emit("error", f"The curves could not be drawn: {why}")
        )


def compute(
    question: Question, todo: list[str], whole: Whole | None, rollouts: Rollouts, progress: Progress
) -> Iterator[Part | Whole]:
    """The parts of the methods ``todo``: all samples first, then their numbers. Runs on a worker thread."""
    cloud = working_cloud(question.entry.shape, question.choice)
    parts = []
    for method in todo:
        progress.report(None, method)
        parts.append(part := sampled(question, method, cloud, rollouts))
        yield part
    if whole is None or whole.cloud is not cloud:
        progress.report(None, "full cloud")
        whole = whole_of(question, cloud)
        yield whole
    for part in parts:
        if part.result is not None:
            progress.report(None, part.method)
            yield asked(question, part, whole)


def asked(question: Question, part: Part, whole: Whole) -> Part:
    """The part with its numbers and the task net's answer."""
    from apsnet_core.evaluation.compare import measured
    from apsnet_core.evaluation.verdict import verdict

    assert part.result is not None and whole.answer is not None
    answer = ask(question, whole, part)
    row = measured(
        whole.cloud,
        MethodSpec.parse(part.method),
        part.result.sampling,
        verdict(answer, whole.answer),
    )
    result = replace(part.result, chamfer=row.chamfer, hausdorff=row.hausdorff, coverage=row.coverage)
    return replace(part, result=result, row=row, answer=answer)


def sampled(question: Question, method: str, cloud: PointCloud, rollouts: Rollouts) -> Part:
    """A method's samples, or why there are none."""
    choice, spec = question.choice_of(method), MethodSpec.parse(method)
    try:
        sampling = sample(question, spec, cloud, rollouts)
    except ValueError as why:
        return Part(method, problem=str(why).replace(spec.name, spec.label, 1).replace("`", ""))
    nan = float("nan")
    return Part(method, Result(question.entry.id, choice, cloud, sampling, nan, nan, nan))


def sample(question: Question, spec: MethodSpec, cloud: PointCloud, rollouts: Rollouts) -> Sampling:
    """As the core does, but with a rollout that is there already. Its whole time counts as the sample's.

    ValueError with one sentence where the method cannot give so many points.
    """
    choice = question.choice
    m = min(choice.m, len(cloud))
    if spec.name in CLASSICAL:
        return create(spec).sample(cloud, m, choice.seed)
    from apsnet_core.samplers.learned import LearnedSampler

    sampler = LearnedSampler(spec, question.task, question.up, choice.working or None)
    if spec.name not in STEPWISE:
        return sampler.sample(cloud, m, choice.seed)
    key = (*question.whole_key, spec.name, spec.weights, choice.working)
    rollout, seconds = rollouts.get(key, (None, 0.0))
    if rollout is not None and rollout.m >= m:
        sampling = sampler.sample(cloud, m, choice.seed, rollout=rollout)
        return replace(sampling, seconds=sampling.seconds + seconds)
    sampling = sampler.sample(cloud, m, choice.seed)
    assert sampling.rollout is not None
    while len(rollouts) >= ROLLOUTS_KEPT:
        rollouts.pop(next(iter(rollouts)))
    rollouts[key] = sampling.rollout, sampling.seconds
    return sampling


def whole_of(question: Question, cloud: PointCloud) -> Whole:
    """The cloud, for a registration its turned copy too, and the task net's answer on all of their points."""
    from apsnet_core.evaluation.copies import turned

    copy = turned(cloud, question.choice.seed) if question.task == "registration" else None
    whole = Whole(cloud, copy)
    return replace(whole, answer=ask(question, whole, None))


def ask(question: Question, whole: Whole, part: Part | None) -> Any:
    """What the task net says of a method's samples, or of the whole cloud; `WeightsError` without a net."""
    from apsnet_core.evaluation.answers import answer, register, task_net

    net = task_net(question.task)
    sampling = part.result.sampling if part and part.result else None
    if whole.copy is None:
        return answer(net, whole.cloud, sampling, question.up)
    pair = None
    if part is not None and sampling is not None:
        pair = sampling, sample(question, MethodSpec.parse(part.method), whole.copy.cloud, {})
    return register(net, whole.cloud, whole.copy.cloud, pair, whole.copy.rotation, question.up)


def curves(question: Question, whole: Whole, rollouts: Rollouts, progress: Progress) -> list[Any]:
    """The rows of all methods at several sizes, where they can give so many points."""
    sizes = sorted({*(m for m in CURVE_SIZES if m <= len(whole.cloud)), question.choice.m})
    rows = []
    for place, method in enumerate(question.methods):
        for m in reversed(sizes):  # the longest rollout first: it serves the others
            progress.report(place / len(question.methods), method)
            at = replace(question, choice=replace(question.choice, m=m))
            part = sampled(at, method, whole.cloud, rollouts)
            if part.result is not None:
                rows.append(asked(at, part, whole).row)
    return sorted(rows, key=lambda row: (question.methods.index(row.method), row.m))
