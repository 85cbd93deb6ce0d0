"""The results for the open document: samples, measures, the shown attention, the task net's answer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from apsnet_gui.state.result import Heat, Measures, Result, TaskAnswer


class Results(QObject):
    """The results for the current shape, and the step that views show. None of this can be undone."""

    sampled = Signal(object)  # Result or None
    busy_changed = Signal(bool)
    step_changed = Signal(int)
    heat_changed = Signal(object)  # Heat or None
    measured = Signal(object)  # Measures or None
    answered = Signal(object)  # TaskAnswer or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.result: Result | None = None
        self.heat: Heat | None = None
        self.measures: Measures | None = None
        self.answer: TaskAnswer | None = None
        self.busy = False
        self.step = 0
        self._opened_at: int | None = None  # the step of an opened project, until it is sampled

    def set_result(self, result: Result | None) -> None:
        """Set the result. If its samples are the same as before, the current step is kept."""
        before, self.result = self.result, result
        self.set_measures(None)
        self.set_answer(None)
        if before is None or result is None or before.sampling is not result.sampling:
            self.set_step(result.sampling.m if result else 0)
            if result is not None and self._opened_at is not None:
                self.set_step(self._opened_at)
                self._opened_at = None
        if self.heat is not None and (result is None or not result.has_attention):
            self.set_heat(None)
        self.sampled.emit(result)

    def set_measures(self, measures: Measures | None) -> None:
        """Set the measures of the result, which may arrive later than the samples."""
        if measures != self.measures:
            self.measures = measures
            self.measured.emit(measures)

    def set_busy(self, busy: bool) -> None:
        """Tell whether samples are being computed."""
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)

    def set_step(self, t: int) -> None:
        """Set the step that views show: 1..m, or 0 if there is no result."""
        m = self.result.sampling.m if self.result else 0
        t = max(min(t, m), min(1, m))
        if t != self.step:
            self.step = t
            self.step_changed.emit(t)

    def set_heat(self, heat: Heat | None) -> None:
        """Set the attention that the view shows."""
        if heat != self.heat:
            self.heat = heat
            self.heat_changed.emit(heat)

    def set_answer(self, answer: TaskAnswer | None) -> None:
        """Set the task net's answer to the result."""
        if answer != self.answer:
            self.answer = answer
            self.answered.emit(answer)
