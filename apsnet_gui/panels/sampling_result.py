"""The result of the sampling: its time, distances and coverage, and the task net's answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from apsnet_core.length_unit import told_in
from apsnet_core.methods.lost_fields import lost_fields
from apsnet_core.methods.warm_time import ABOUT
from apsnet_core.percent import percent
from apsnet_core.units import readable, with_unit
from apsnet_gui.panels.answer import AnswerView
from apsnet_gui.state.method_names import title
from apsnet_gui.state.result import Measures, Result
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import GRID, counted, faint, form, heading, value


class ResultView(QWidget):
    """Shows the session's result, its measures and its answer; the caller places its ``foot``."""

    def __init__(
        self, session: Session, export: Callable[[], None], copy_command: Callable[[], None]
    ) -> None:
        super().__init__()
        self._session = session
        self.name = heading("Result")
        self.notes = faint()
        self.notes.setProperty("role", "warning")
        self.answer = AnswerView(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.name)
        column.addLayout(self._make_numbers())
        column.addWidget(self.notes)
        column.addWidget(self.answer)
        self.foot = self._make_foot(export, copy_command)
        session.sampled.connect(self._show_result)
        session.measured.connect(self._show_measures)
        session.busy_changed.connect(self._show_busy)
        self._show_result(session.result)
        self._show_measures(session.measures)

    def _make_numbers(self) -> QFormLayout:
        self.seconds, self.chamfer = value("Time"), value("Chamfer distance")
        self.hausdorff, self.coverage = value("Hausdorff distance"), value("Coverage")
        self.seconds.setToolTip(ABOUT)
        self.chamfer.setToolTip(
            "Mean squared distance from the cloud to the samples plus from the samples to the cloud"
        )
        self.hausdorff.setToolTip("The largest distance from a point of either cloud to the other")
        self.coverage.setToolTip(
            "Share of the cloud's points with a sample within 5 % of the bounding box's diagonal"
        )
        return form(
            ("Time", self.seconds),
            ("Chamfer", self.chamfer),
            ("Hausdorff", self.hausdorff),
            ("Coverage", self.coverage),
        )

    def _make_foot(self, export: Callable[[], None], copy_command: Callable[[], None]) -> QWidget:
        self.export = QPushButton("Export…")
        self.export.setProperty("primary", True)
        self.export.clicked.connect(export)
        self.copy = QPushButton("Copy command")
        self.copy.setToolTip("The apsnet command that gives the same sampling (Ctrl+Alt+C)")
        self.copy.clicked.connect(copy_command)
        foot = QWidget()
        foot.setObjectName("panelBody")
        row = QHBoxLayout(foot)
        row.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        row.setSpacing(GRID)
        row.addWidget(self.export)
        row.addWidget(self.copy)
        row.addStretch(1)
        return foot

    def _show_result(self, result: Result | None) -> None:
        self.export.setEnabled(result is not None)
        self.copy.setEnabled(result is not None)
        notes = () if result is None else (*result.sampling.notes, *lost_fields(result.sampling))
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        if result is None:
            for label in (self.seconds, self.chamfer, self.hausdorff, self.coverage):
                label.setText("–")
            self.name.setText("Result")
            return
        self.name.setText(f"{title(result.choice)} · {counted(result.sampling.m, 'point')}")
        self.seconds.setText(duration(result.sampling.seconds))

    def _show_measures(self, measures: Measures | None) -> None:
        if measures is None and self._session.busy:
            return  # the old measures stay, disabled, until the new ones are there
        if measures is None:
            for label in (self.chamfer, self.hausdorff, self.coverage):
                label.setText("–")
            return
        length = self._session.result.cloud.unit if self._session.result is not None else ""
        self.chamfer.setText(with_unit(readable(measures.chamfer, ".4g"), told_in("sq. units", length)))
        self.hausdorff.setText(with_unit(readable(measures.hausdorff, ".4g"), told_in("units", length)))
        self.coverage.setText(percent(measures.coverage, 1))

    def _show_busy(self, busy: bool) -> None:
        for label in (self.name, self.seconds, self.chamfer, self.hausdorff, self.coverage):
            label.setEnabled(not busy)


def duration(seconds: float) -> str:
    """Format a time in µs, ms or s."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    return with_unit(f"{seconds * 1e3:.1f}", "ms") if seconds < 1 else with_unit(f"{seconds:.2f}", "s")
