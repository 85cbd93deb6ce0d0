"""Computes a comparison on a worker thread: samples, their metrics and the task net's answers."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.methods.warm_time import timed
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.answer import Answer
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.types import Progress
from apsnet_gui.comparison.results import MethodResult, WholeCloud
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.parts_sampling import sampled_in_parts
from apsnet_gui.jobs.working_cloud import changed_cloud, copy_of, result_of, working_cloud
from apsnet_gui.state.document import Choice, Document, MethodAtSize
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.result import Result
from apsnet_gui.state.samples_key import key_of
from apsnet_gui.state.what_if import WhatIf

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.comparison import ComparisonRow
    from apsnet_core.rollout import Rollout

CURVE_SIZES = (8, 16, 32, 64, 128)
ROLLOUTS_KEPT = 16

Rollouts = dict[tuple[Hashable, ...], tuple["Rollout", float]]


@dataclass(frozen=True)
class ComparisonInputs:
    """Everything on which a comparison depends, except the selected method.

    ``choice`` has the settings that all methods share. ``other`` is the open shape that a registration
    aligns with ``entry``.
    """

    entry: OpenShape
    choice: Choice
    methods: tuple[MethodSpec, ...]
    sizes: tuple[int, ...]
    what_if: WhatIf
    other: OpenShape | None

    @classmethod
    def of(cls, document: Document) -> ComparisonInputs | None:
        """The inputs from a document, None while it compares nothing."""
        if document.active is None or not document.lineup.shown:
            return None
        what_if = document.what_if
        common = replace(document.choice, m=1, spec=MethodSpec.of("random"))
        other = document.entry(what_if.other)
        return cls(document.active, common, document.lineup.methods, document.sizes, what_if, other)

    @property
    def places(self) -> tuple[MethodAtSize, ...]:
        """Every method at every size."""
        return tuple(MethodAtSize(method, row) for method in self.methods for row in range(len(self.sizes)))

    @property
    def up(self) -> str:
        """The direction that points up in the shape."""
        return self.entry.up

    @property
    def task(self) -> str:
        """The task whose net judges the samples."""
        return self.choice.task

    @property
    def cloud_key(self) -> tuple[Hashable, ...]:
        """The values on which the sampled cloud, and the network's input made of it, depend."""
        surface = self.choice.surface if self.entry.is_mesh else None
        return self.entry.id, self.entry.up, self.choice.task, self.choice.seed, surface, self.what_if.change

    @property
    def whole_key(self) -> tuple[Hashable, ...]:
        """The values on which the full cloud, its copy and the answer for them depend."""
        named = sorted({spec.weights for spec in self.methods if spec.weights})
        judged = (*self.cloud_key, self.choice.net, *named)
        if not task_named(self.task).pairs:
            return judged
        return *judged, self.what_if.turn, self.other, self.choice.surface

    def choice_of(self, place: MethodAtSize) -> Choice:
        """The choice for the method and size at ``place``."""
        return replace(self.choice, spec=place.method, m=self.sizes[place.row])

    def samples_of(self, place: MethodAtSize) -> str:
        """The key of the samples at a place, which identifies their edits."""
        return key_of(self.entry, self.choice_of(place), self.what_if.change)

    def key_of(self, place: MethodAtSize) -> tuple[Hashable, ...]:
        """The values on which the result at a place depends."""
        edit = self.what_if.edit_of(self.samples_of(place))
        return *self.whole_key, self.choice_of(place), edit


def compute(
    question: ComparisonInputs,
    todo: list[MethodAtSize],
    known: dict[MethodAtSize, MethodResult],
    whole: WholeCloud | None,
    rollouts: Rollouts,
    progress: JobProgress,
) -> Iterator[MethodResult | WholeCloud]:
    """Yield the results at the places ``todo``: first the samples of all places, then their metrics.

    The places in ``known`` already have samples. ``whole`` has valid answers for the full cloud, or is None.
    """
    cloud = changed_cloud(question.entry.shape, question.choice, question.what_if.change)
    parts = []
    for place in todo:
        progress.report(None, place.method.label)
        part = known.get(place)
        if part is not None and part.result is not None and part.result.cloud is cloud:
            part = retouched(question, part, part.result)
        else:
            part = sampled(question, place, cloud, rollouts, _tell(progress, place))
        parts.append(part)
        yield part
    if whole is None or whole.cloud is not cloud:
        progress.report(None, "full cloud")
        parts = [replace(part, partner=None) for part in parts]
        whole = whole_of(question, cloud)
        yield whole
    for part in parts:
        if part.result is not None:
            progress.report(None, part.method.label)
            yield asked(question, part, part.result, whole, _tell(progress, part.place))


def asked(
    question: ComparisonInputs,
    part: MethodResult,
    there: Result,
    whole: WholeCloud,
    tell: Progress | None = None,
) -> MethodResult:
    """Add the metrics and the task net's answer to ``part``, whose samples are in ``there``."""
    from apsnet_core.evaluation.comparison.compare import row_of

    reference = whole.reference or ask(question, whole, None)
    if whole.copy is not None and part.partner is None:
        choice = question.choice_of(part.place)
        choice = replace(choice, spec=choice.spec.for_partner(choice.seed))
        partner = sample(question, choice, whole.copy.cloud, {}, tell)
        part = replace(part, partner=partner)
    answer = ask(question, whole, part)
    row = row_of(
        whole.cloud,
        part.method,
        there.sampling,
        answer.verdict(reference, question.entry.label),
        up=question.up,
    )
    return replace(part, row=row, answer=answer)


def sampled(
    question: ComparisonInputs,
    place: MethodAtSize,
    cloud: PointCloud,
    rollouts: Rollouts,
    tell: Progress | None = None,
) -> MethodResult:
    """Sample at a place; the result has the samples, or a sentence why there are none."""
    choice, spec = question.choice_of(place), place.method
    try:
        found = sample(question, choice, cloud, rollouts, tell)
    except ValueError as why:
        # Replace only the method's name, not names of weights that begin with it, nor shell commands.
        said = re.sub(rf"(?<![\w`@-]){spec.name}(?![\w-])", lambda _: spec.label, str(why), count=1)
        return MethodResult(place, problem=said.replace("`", ""))
    return MethodResult(place, result_of(question.entry, choice, question.what_if, cloud, found))


def retouched(question: ComparisonInputs, part: MethodResult, there: Result) -> MethodResult:
    """Apply the present edits to the samples in ``there``."""
    choice = question.choice_of(part.place)
    result = result_of(question.entry, choice, question.what_if, there.cloud, there.found)
    return MethodResult(part.place, result, partner=part.partner)


def sample(
    question: ComparisonInputs,
    choice: Choice,
    cloud: PointCloud,
    rollouts: Rollouts,
    tell: Progress | None = None,
) -> Sampling:
    """Sample ``cloud``; reuses a rollout of the cloud if one is cached.

    The time of a reused rollout counts as time of the sampling. ``tell`` is called with the completed share
    of a sampling by parts. Raises ValueError with one sentence if the method cannot return so many points.
    """
    parts = sampled_in_parts(cloud, choice, question.up, tell)
    if parts is not None:
        return parts
    spec, m = choice.spec, min(choice.m, len(cloud))
    working = choice.working or None if spec.row.learned else None
    sampler = create(spec, question.task, question.up, m=m, working=working)
    if not spec.row.stepwise:
        return timed(lambda: sampler.sample(cloud, m, choice.seed), len(cloud))
    key = (*question.cloud_key, spec.name, spec.weights, spec.seed, choice.working)
    rollout, seconds = rollouts.get(key, (None, 0.0))
    if rollout is not None and rollout.m >= m:
        sampling = sampler.sample(cloud, m, choice.seed, rollout=rollout)
        return replace(sampling, seconds=sampling.seconds + seconds)
    sampling = timed(lambda: sampler.sample(cloud, m, choice.seed), len(cloud))
    if sampling.rollout is not None:
        while len(rollouts) >= ROLLOUTS_KEPT:
            rollouts.pop(next(iter(rollouts)))
        rollouts[key] = sampling.rollout, sampling.seconds
    return sampling


def _tell(progress: JobProgress, place: MethodAtSize, begin: float = 0.0, share: float = 1.0) -> Progress:
    """A function that reports the completed share of a sampling by parts, and ends it on cancellation."""
    return lambda done: progress.report(begin + share * done, f"{place.method.label}, part by part")


def whole_of(question: ComparisonInputs, cloud: PointCloud) -> WholeCloud:
    """The full cloud with the task net's answer, and for a task of pairs with its copy."""
    from apsnet_core.evaluation.judges import judge_of

    judge = judge_of(question.task, question.methods, question.choice.net)
    whole = WholeCloud(cloud, judge)
    if task_named(question.task).pairs:
        copy = copy_of(cloud, question.entry.shape, question.choice, question.what_if, question.other)
        whole = replace(whole, copy=copy)
    untouched = None
    if question.what_if.change and whole.copy is None:
        opened = WholeCloud(working_cloud(question.entry.shape, question.choice), judge)
        untouched = ask(question, opened, None)
    return replace(whole, answer=ask(question, whole, None), untouched=untouched)


def ask(question: ComparisonInputs, whole: WholeCloud, part: MethodResult | None) -> Answer:
    """The answer of the cloud's task net for the samples of ``part``, or for the whole cloud if None."""
    from apsnet_core.evaluation.answers import answer, register

    net = whole.judge.net
    sampling = part.result.sampling if part and part.result else None
    if whole.copy is None:
        return answer(net, whole.cloud, sampling, question.up)
    partner = part.partner if part else None
    pair = (sampling, partner) if sampling and partner else None
    return register(net, whole.cloud, whole.copy.cloud, pair, whole.copy.rotation, question.up)


def curves(
    question: ComparisonInputs, whole: WholeCloud, rollouts: Rollouts, progress: JobProgress
) -> list[ComparisonRow]:
    """The rows of all methods at several sizes, for the plot; edits by hand are ignored.

    There is no row for a size that a method cannot sample.
    """
    question = replace(question, what_if=replace(question.what_if, edits=()))
    sizes = {*(m for m in CURVE_SIZES if m <= len(whole.cloud)), *question.sizes}
    # The largest size is first, so that the smaller sizes can reuse its rollout.
    at = replace(question, sizes=tuple(sorted(sizes, reverse=True)))
    rows = []
    for i, place in enumerate(at.places):
        progress.report(i / len(at.places), place.method.label)
        tell = _tell(progress, place, i / len(at.places), 1 / len(at.places))
        part = sampled(at, place, whole.cloud, rollouts, tell)
        if part.result is not None and (row := asked(at, part, part.result, whole).row) is not None:
            rows.append(row)
    order = list(question.methods)
    return sorted(rows, key=lambda row: (order.index(row.spec), row.m))
