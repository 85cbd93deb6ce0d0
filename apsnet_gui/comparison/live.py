"""Keeps the comparison's results up to date with the document; only results for its newest state count."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from apsnet_gui.comparison.compute import ComparisonInputs, Rollouts, compute, curves
from apsnet_gui.comparison.results import ComparisonResults, MethodResult, WholeCloud
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.jobs.sampling import CANCELLED
from apsnet_gui.state.document import MethodAtSize
from apsnet_gui.state.result import Measures
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.qt_types import Ignored

DEBOUNCE_MS = 20  # milliseconds between a change and a new job while another job runs


class LiveComparison(QObject):
    """Computes the results while methods are compared, after each change of the session.

    One job runs at a time; results of an older job are dropped. Adding or swapping a method keeps the
    results of the others. The variants of APSNet and all smaller sizes reuse one rollout.
    """

    _found = Signal(object, object)

    def __init__(self, session: Session, background: Background, results: ComparisonResults) -> None:
        super().__init__(session)
        self._session, self._background, self._results = session, background, results
        self.busy = False
        self._keys: dict[MethodAtSize, tuple[Hashable, ...]] = {}
        self._whole_key: tuple[Hashable, ...] | None = None
        self._curves_key: Hashable = None
        self._wants_curves = False
        self._rollouts: Rollouts = {}
        self._question: ComparisonInputs | None = None
        self._compared: str | None = None
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._start)
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)
        session.changed.connect(self._look)

    def restart(self) -> None:
        """Compute everything again, to measure the times again."""
        self._keys.clear()
        self._begin_again()

    def forget_rollouts(self) -> None:
        """Drop the cached rollouts, because the weights may have changed."""
        self._rollouts = {}

    def renew(self, weights: str) -> None:
        """Compute the results that use ``weights`` again, because the file has changed."""
        if self._session.document.choice.net == weights:
            self._whole_key = None
            self.restart()
            return
        stale = [place for place in self._keys if place.method.weights == weights]
        if stale:
            self._keys = {place: key for place, key in self._keys.items() if place not in stale}
            self._begin_again()

    def _begin_again(self) -> None:
        """Start a new question, so that the results of a running job are dropped even if it is equal."""
        self._rollouts = {}
        self._question = self._curves_key = None
        self._look()

    def want_curves(self, wanted: bool) -> None:
        """Set whether the curves of the plot are computed; they are not while the plot is hidden."""
        self._wants_curves = wanted
        if wanted and not self._timer.isActive():
            self._draw_curves()

    def question(self) -> ComparisonInputs | None:
        """The inputs of the document's comparison, None while it compares nothing."""
        return ComparisonInputs.of(self._session.document)

    def _look(self, *_: Ignored) -> None:
        question = self.question()
        gone = self._compared is not None and self._session.document.entry(self._compared) is None
        if question is None and gone:
            self._forget()
        if question == self._question:
            if question is not None and not self.busy:
                self._show_selected()
            return
        self._question = question
        if question is None:
            self._timer.stop()
            self.busy = False
            return
        self._compared = question.entry.id
        self._rearrange(question)
        if self._todo(question):
            # Debounce only while a job runs, as during a drag; a single change starts at once.
            self._timer.start(DEBOUNCE_MS if self.busy else 0)
            self.busy = True
        else:
            self._timer.stop()
            self.busy = False
            self._show_selected()

    def _forget(self) -> None:
        """Drop all results, because the compared shape was closed."""
        self._keys, self._rollouts = {}, {}
        self._compared = self._whole_key = self._curves_key = None
        self._results.drop(list(self._results.parts))
        self._results.set_whole(None)
        self._results.set_curves([])

    def _rearrange(self, question: ComparisonInputs) -> None:
        """Drop results that are no longer needed, and move valid ones to their new places."""
        keys, parts = self._keys, self._results.parts
        known = {keys[place]: part for place, part in parts.items() if place in keys}
        self._results.drop([place for place in parts if place not in question.places])
        self._keys = {place: key for place, key in keys.items() if place in question.places}
        for place in question.places:
            key = question.key_of(place)
            part = known.get(key)
            if part is not None and self._keys.get(place) != key:
                self._keys[place] = key
                self._results.put(replace(part, place=place))

    def _todo(self, question: ComparisonInputs) -> list[MethodAtSize]:
        """The places without a valid result, the selected method first."""
        selected = self._session.document.lineup.place.method
        there = self._results.parts
        stale = [p for p in question.places if p not in there or self._keys.get(p) != question.key_of(p)]
        # The largest m is first, because the smaller ones reuse its rollout.
        return sorted(stale, key=lambda place: (place.method != selected, -question.sizes[place.row]))

    def _known(
        self, question: ComparisonInputs, todo: list[MethodAtSize]
    ) -> dict[MethodAtSize, MethodResult]:
        """The places of ``todo`` whose samples are still valid, because only their edits have changed."""
        results = {place: part.result for place, part in self._results.parts.items() if place in self._keys}
        there = {place: result.key for place, result in results.items() if result}
        same = [place for place in todo if there.get(place) == question.samples_of(place)]
        return {place: self._results.parts[place] for place in same}

    def _start(self) -> None:
        question = self._question
        if question is None:
            return
        todo, whole = self._todo(question), self._results.whole
        if self._whole_key != question.whole_key:
            whole, self._whole_key = None, question.whole_key
        known = self._known(question, todo)
        rollouts = self._rollouts

        def work(progress: JobProgress) -> None:
            for found in compute(question, todo, known, whole, rollouts, progress):
                progress.report(None, found.method.label if isinstance(found, MethodResult) else "")
                self._found.emit(question, found)

        job = self._background.start(f"Comparing on {question.entry.name}", work, lane="comparing")
        job.failed.connect(lambda why: self._fail(question, why))
        job.done.connect(lambda _: self._finish(question))
        job.cancelled.connect(lambda: self._stop(question, job))
        self._job = job

    @Slot(object, object)
    def _take(self, question: ComparisonInputs, found: MethodResult | WholeCloud) -> None:
        if question is not self._question:
            return
        if isinstance(found, WholeCloud):
            self._results.set_whole(found)
            return
        # A partial result gets an empty key, which never equals that of a question.
        self._keys[found.place] = question.key_of(found.place) if found.is_whole else ()
        self._results.put(found)
        if found.place == self._session.document.lineup.place:
            self._show_selected()

    def _show_selected(self) -> None:
        """Set the selected method's result as the session's result, which the panels show."""
        part = self._results.parts.get(self._session.document.lineup.place)
        if part is not None and not part.is_whole:
            return
        result, row = (part.result, part.row) if part else (None, None)
        now = self._session.result
        if now is None or result is None or (now.sampling, now.choice) != (result.sampling, result.choice):
            self._session.set_result(result)
        if row is not None:
            self._session.set_measures(Measures(row.chamfer, row.hausdorff, row.coverage))

    def _finish(self, question: ComparisonInputs) -> None:
        if question is self._question:
            self.busy = False
            self._draw_curves()

    def _fail(self, question: ComparisonInputs, why: Exception) -> None:
        if question is not self._question:
            return
        self.busy = False
        todo = self._todo(question)
        known = self._known(question, todo)
        for place in todo:  # replace results of another shape, which would be shown for this one
            self._results.put(replace(known.get(place, MethodResult(place)), problem=str(why)))
        self._show_selected()
        self._session.notice.emit("error", f"{question.entry.name} was not compared: {why}")

    def _stop(self, question: ComparisonInputs, job: Job) -> None:
        """Handle a cancellation by the user: drop results that are outdated or incomplete."""
        if job is not self._job or question is not self._question:
            return  # another job has replaced this one
        self.busy = False
        self._results.drop(self._todo(question))
        self._show_selected()
        self._session.notice.emit("info", CANCELLED.format(question.entry.name, "compared"))

    def _draw_curves(self) -> None:
        question = self._question
        if not self._wants_curves or question is None or self._results.whole is None:
            return
        key = question.whole_key, question.methods, question.choice
        drawn = {row.m for row in self._results.curves}
        if key == self._curves_key and drawn.issuperset(question.sizes):
            return
        self._curves_key = key
        whole, rollouts = self._results.whole, self._rollouts
        job = self._background.start(
            "Comparing at other sizes",
            lambda progress: curves(question, whole, rollouts, progress),
            lane="curves",
        )
        job.done.connect(self._results.set_curves)
        job.failed.connect(
            lambda why: self._session.notice.emit("error", f"The curves could not be drawn: {why}")
        )
