"""How the current shape is sampled, live, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.methods.registry import methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.placing import counted
from apsnet_core.tasks.registry import tasks
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.answer import AnswerView
from apsnet_gui.state.document import Choice
from apsnet_gui.state.method_names import title
from apsnet_gui.state.session import Measures, Result, Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import (
    GRID,
    dot,
    faint,
    form,
    grouped,
    heading,
    panel,
    rule,
    segments,
    value,
)
from apsnet_gui.widgets.number_box import NumberBox
from apsnet_gui.widgets.size_slider import SizeSlider

MOST_SURFACE = 2_000_000


class SamplingPanel(QWidget):
    """A view of ``session.document.choice`` and of the session's result."""

    def __init__(
        self,
        session: Session,
        theme: Theme,
        weights_list: WeightsList,
        export: Callable[[], None],
        copy_command: Callable[[], None],
        import_weights: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._theme, self._weights_list = session, theme, weights_list
        self._import_weights = import_weights

        self.method = _combo("Method")
        self.method.setIconSize(QSize(12, 12))
        for row in methods():
            self.method.addItem(dot(row.colour), row.label, row.name)
            self.method.setItemData(self.method.count() - 1, row.about, Qt.ItemDataRole.ToolTipRole)
        self.method.activated.connect(self._choose_method)

        self.variants = QButtonGroup(self)
        self.variant_row = segments(
            self.variants,
            (
                ("Generated", "Points the network makes (G)"),
                ("Matched", "Points of the cloud nearest to them (M)"),
            ),
        )
        self.variants.idClicked.connect(lambda i: self._choose_spec(variant="gm"[i]))

        self.task = _combo("Task")
        for each in tasks():
            self.task.addItem(each.label, each.name)
        self.task.setToolTip(
            "The task net that is asked about the samples, and what learned methods sample for"
        )
        self.task.activated.connect(lambda: self._choose_spec(task=self.task.currentData(), weights=None))
        self.weights = _combo("Weights")
        self.weights.activated.connect(self._choose_weights)

        self.slider = SizeSlider()
        self.size_box = NumberBox("Number of points", 1, 2048)
        self.most = faint()
        self.most.setWordWrap(False)
        self.slider.size_changed.connect(lambda m: self.choose(m=m))
        self.size_box.valueChanged.connect(lambda m: self.choose(m=round(m)))
        sizes = QHBoxLayout()
        sizes.setSpacing(GRID)
        sizes.addWidget(self.slider, 1)
        sizes.addWidget(self.size_box)
        sizes.addWidget(self.most)
        self.sizes_hint = faint()

        self.seed = NumberBox("Seed", 0, 2**31 - 1)
        self.seed.valueChanged.connect(lambda seed: self._choose_seed(round(seed)))
        dice = QToolButton()
        dice.setAccessibleName("Next seed")
        dice.setToolTip("Next seed (Ctrl+D)")
        dice.clicked.connect(self.next_seed)
        self._dice = dice
        theme.changed.connect(self._tint)
        self._tint()
        seeds = QHBoxLayout()
        seeds.setSpacing(GRID // 2)
        seeds.addWidget(self.seed, 1)
        seeds.addWidget(dice)

        self.surface = NumberBox("Points drawn from the surface", 1, MOST_SURFACE, " points")
        self.surface.setToolTip("How many points are drawn from the surface of the mesh")
        self.surface.valueChanged.connect(lambda count: session.choose(surface=round(count)))
        self.working = NumberBox("Working resolution", 0, MOST_SURFACE, " points", special="as trained")
        self.working.setToolTip("Through how many of the cloud's points the network sees it; 0: as trained")
        self.working.valueChanged.connect(lambda count: session.choose(working=round(count)))
        for box in (self.surface, self.working):
            box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

        self.rows = form(
            ("Method", self.method),
            ("Task", self.task),
            ("Points are", self.variant_row),
            ("Weights", self.weights),
            ("Points", sizes),
            ("", self.sizes_hint),
            ("Seed", seeds),
            ("Surface", self.surface),
            ("Works on", self.working),
        )

        self.name = heading("Result")
        self.notes = faint()
        self.notes.setProperty("role", "warning")
        self.seconds, self.chamfer, self.coverage = (
            value("Time"),
            value("Chamfer distance"),
            value("Coverage"),
        )
        self.hausdorff = value("Hausdorff distance")
        self.hausdorff.setToolTip("The largest distance from a point of either cloud to the other")
        self.coverage.setToolTip("Points of the cloud within 5 % of its bounding-box diagonal of a sample")
        self.chamfer.setToolTip(
            "Mean squared distance to the nearest sample, plus that from the samples to the cloud"
        )
        numbers = form(
            ("Time", self.seconds),
            ("Chamfer", self.chamfer),
            ("Hausdorff", self.hausdorff),
            ("Coverage", self.coverage),
        )
        self.export = QPushButton("Export…")
        self.export.setProperty("primary", True)
        self.export.clicked.connect(export)
        self.copy = QPushButton("Copy command")
        self.copy.setToolTip("The apsnet command that gives the same sampling (Ctrl+Alt+C)")
        self.copy.clicked.connect(copy_command)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.export)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)

        area, self._column, column = panel("Sampling")
        column.addLayout(self.rows)
        column.addWidget(rule())
        column.addWidget(self.name)
        column.addLayout(numbers)
        column.addWidget(self.notes)
        self.answer = AnswerView(session)
        column.addWidget(self.answer)
        column.addLayout(buttons)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

        session.changed.connect(self._show)
        session.sampled.connect(self._show_result)
        session.measured.connect(self._show_measures)
        session.busy_changed.connect(self._show_busy)
        weights_list.changed.connect(self._show)
        self._show()
        self._show_result(session.result)
        self._show_measures(session.measures)

    def _show(self, *_: object) -> None:
        document = self._session.document
        choice, entry = document.choice, document.active
        self._column.setEnabled(entry is not None)
        _select(self.method, choice.method)
        _select(self.task, choice.task)
        spec, row = choice.spec, choice.spec.row
        self.rows.setRowVisible(self.variant_row, len(row.variants) > 1)
        self.rows.setRowVisible(self.weights, row.learned)
        if spec.variant:
            self.variants.button("gm".index(spec.variant)).setChecked(True)
        if row.learned:
            self._fill_weights(choice)
        self._show_resolutions(choice)
        limit = self._limit()
        marks = self._weights_list.sizes(choice)
        self.slider.set_size(min(choice.m, limit), limit, marks)
        with QSignalBlocker(self.size_box):
            self.size_box.setMaximum(max(limit, choice.m))
            self.size_box.setValue(choice.m)
            self.size_box.setMaximum(limit)
        self.most.setText(f"of {grouped(limit)}")
        with QSignalBlocker(self.seed):
            self.seed.setValue(spec.seeded(choice.seed))
        self.seed.setToolTip("" if spec.seed is None else "Of this view alone")
        hint = "Trained: " + ", ".join(map(str, marks)) if marks else ""
        if entry is not None and choice.m > limit:
            hint = f"The cloud has only {grouped(limit)} points: all of them are taken."
        self.sizes_hint.setText(hint)
        self.rows.setRowVisible(self.sizes_hint, bool(hint))

    def _tint(self) -> None:
        self._dice.setIcon(self._theme.icon("dice-five"))

    def _limit(self) -> int:
        """As many samples as the working cloud has points, at most."""
        choice, entry = self._session.document.choice, self._session.document.active
        if entry is None or entry.is_mesh:
            return choice.surface
        return entry.count

    def _fill_weights(self, choice: Choice) -> None:
        self.weights.clear()
        names = [entry.name for entry in self._weights_list.fitting(choice)]
        self.weights.addItem("best there are" if names else "none for this task", None)
        own = choice.spec.weights
        for name in names + [own] * (own is not None and own not in names):
            self.weights.addItem(str(name), name)
        self.weights.insertSeparator(self.weights.count())
        self.weights.addItem("Import…", self._import_weights)
        _select(self.weights, own)

    def _show_resolutions(self, choice: Choice) -> None:
        entry = self._session.document.active
        self.rows.setRowVisible(self.surface, entry is None or entry.is_mesh)
        self.rows.setRowVisible(self.working, choice.spec.row.learned)
        for box, count in ((self.surface, choice.surface), (self.working, choice.working)):
            with QSignalBlocker(box):
                box.setValue(count)

    def choose(self, **changes: Any) -> None:
        """Change the choice; networks of fixed size give the nearest of the sizes they were trained for."""
        choice = replace(self._session.document.choice, **changes)
        sizes = self._weights_list.sizes(choice)
        if not choice.spec.row.any_size and sizes:
            changes["m"] = min(sizes, key=lambda size: abs(size - choice.m))
        self._session.choose(**changes)
        self._show()

    def _choose_spec(self, **changes: Any) -> None:
        """Change parts of the method, and of the choice; another size where the weights need one."""
        own = {key: changes.pop(key) for key in ("variant", "weights", "seed") if key in changes}
        self.choose(spec=replace(self._session.document.choice.spec, **own), **changes)

    def _choose_method(self) -> None:
        """Its own seed stays with the place it has in a comparison."""
        seed = self._session.document.choice.spec.seed
        self.choose(spec=replace(MethodSpec.of(self.method.currentData()), seed=seed))

    def next_seed(self) -> None:
        self._choose_seed(self.seed.number + 1)

    def _choose_seed(self, seed: int) -> None:
        """That of the selected method, where it has one of its own, else that of all."""
        if self._session.document.choice.spec.seed is None:
            self._session.choose(seed=seed)
        else:
            self._choose_spec(seed=seed)

    def _choose_weights(self) -> None:
        chosen: Any = self.weights.currentData()
        if callable(chosen):
            _select(self.weights, self._session.document.choice.spec.weights)
            chosen()
        else:
            self._choose_spec(weights=chosen)

    def _show_result(self, result: Result | None) -> None:
        self.export.setEnabled(result is not None)
        self.copy.setEnabled(result is not None)
        notes = result.sampling.notes if result is not None else ()
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        if result is None:
            self.seconds.setText("–")
            self.name.setText("Result")
            return
        self.name.setText(f"{title(result.choice)} · {counted(result.sampling.m, 'point')}")
        self.seconds.setText(duration(result.sampling.seconds))

    def _show_measures(self, measures: Measures | None) -> None:
        if measures is None and self._session.busy:
            return  # greyed, until the new ones are there
        if measures is None:
            for label in (self.chamfer, self.hausdorff, self.coverage):
                label.setText("–")
            return
        self.chamfer.setText(f"{measures.chamfer:.4g} sq. units")
        self.hausdorff.setText(f"{measures.hausdorff:.4g} units")
        self.coverage.setText(f"{measures.coverage:.1%}".replace("%", " %"))

    def _show_busy(self, busy: bool) -> None:
        for label in (self.name, self.seconds, self.chamfer, self.hausdorff, self.coverage):
            label.setEnabled(not busy)


def duration(seconds: float) -> str:
    """In the unit that reads best."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _combo(name: str) -> QComboBox:
    combo = ComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo


def _select(combo: QComboBox, data: Any) -> None:
    combo.setCurrentIndex(max(combo.findData(data), 0))
