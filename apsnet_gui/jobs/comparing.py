"""Keeps the board what the document asks for: all methods side by side, newest question first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from apsnet_gui.board import Board, Part, Whole
from apsnet_gui.jobs.background import Background, Progress
from apsnet_gui.jobs.judging import Question, Rollouts, compute, curves
from apsnet_gui.session import Session

DEBOUNCE_MS = 20


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
        return Question.of(self._session.document)

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

    def _known(self, question: Question, todo: list[str]) -> dict[str, Part]:
        """Of the methods ``todo`` those whose samples are there, and were changed by hand since at most."""
        results = {method: part.result for method, part in self._board.parts.items() if method in self._keys}
        there = {method: result.key for method, result in results.items() if result}
        same = [method for method in todo if there.get(method) == question.samples_of(method)]
        return {method: self._board.parts[method] for method in same}

    def _start(self) -> None:
        question = self.question()
        if question is None:
            return
        todo, whole = self._todo(question), self._board.whole
        if self._whole_key != question.whole_key:
            whole, self._whole_key = None, question.whole_key
        known = self._known(question, todo)
        rollouts = self._rollouts

        def work(progress: Progress) -> None:
            for found in compute(question, todo, known, whole, rollouts, progress):
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
        choice = replace(question.choice, m=0).with_method("random")
        key = question.whole_key, question.methods, choice
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
