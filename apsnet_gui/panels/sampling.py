"""The panel with the method and the settings that sample the active shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.cloud import PointCloud
from apsnet_core.colours.fields import fields_of
from apsnet_core.methods.registry import methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import tasks
from apsnet_core.types import Changed
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.sampling_result import ResultView
from apsnet_gui.panels.task_net_choice import TaskNetChoice
from apsnet_gui.panels.weights_choice import WeightsChoice
from apsnet_gui.state.document import Choice
from apsnet_gui.state.limits import MOST_POINTS
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import (
    GRID,
    counted,
    dot,
    faint,
    form,
    grouped,
    panel,
    rule,
    segments,
    set_label,
    wrap,
)
from apsnet_gui.widgets.number_box import NumberBox
from apsnet_gui.widgets.qt_types import Ignored
from apsnet_gui.widgets.size_slider import SizeSlider

DIVISIONS = (
    ("not at all", "whole"),
    ("square tiles", "tiles"),
    ("equal cells", "cells"),
    ("its objects", "objects"),
)
WIDE = 8  # the smallest number of visible characters in a combo box


class SamplingPanel(QWidget):
    """Shows and sets ``session.document.choice``, with the result below it."""

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

        self._make_method()
        self._make_task()
        sizes, seeds = self._make_sizes(), self._make_seed()
        self._make_resolutions()
        self._make_division()
        self.rows = form(
            ("Method", self.method),
            ("Task", self.task),
            ("Judged by", TaskNetChoice(session, weights_list)),
            ("Points are", self.variant_row),
            ("Weights", self.weights),
            ("Points", sizes),
            ("", self.most),
            ("", self.sizes_hint),
            ("Divided", self.by),
            ("Seed", seeds),
            ("Surface", self.surface),
            ("Works on", self.working),
        )
        self.result = ResultView(session, export, copy_command)
        area, self._column, column = panel("Sampling")
        column.addLayout(self.rows)
        column.addWidget(rule())
        column.addWidget(self.result)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(rule())
        outer.addWidget(self.result.foot)  # outside the scroll area, so that it is always visible

        session.changed.connect(self._show)
        weights_list.changed.connect(self._show)
        self._show()

    def _make_method(self) -> None:
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

    def _make_task(self) -> None:
        self.task = _combo("Task")
        for each in tasks():
            self.task.addItem(each.label, each.name)
        self.task.setToolTip("The task of the learned methods, and of the network that judges the samples")
        self.task.activated.connect(lambda: self._choose_spec(task=self.task.currentData(), weights=None))
        self.weights = WeightsChoice(
            self._weights_list, lambda name: self._choose_spec(weights=name), self._import_weights
        )

    def _make_sizes(self) -> QHBoxLayout:
        self.slider = SizeSlider()
        self.size_box = NumberBox("Number of points", 1, 2048)
        self.size_box.takes_shares = True
        self.most = faint()
        wrap(self.most, False)
        self.most.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slider.size_changed.connect(lambda m: self.choose(m=m))
        self.size_box.valueChanged.connect(lambda m: self.choose(m=round(m)))
        sizes = QHBoxLayout()
        sizes.setSpacing(GRID)
        sizes.addWidget(self.slider, 1)
        sizes.addWidget(self.size_box)
        self.sizes_hint = faint()
        return sizes

    def _make_seed(self) -> QHBoxLayout:
        self.seed = NumberBox("Seed", 0, 2**31 - 1)
        self.seed.valueChanged.connect(lambda seed: self._choose_seed(round(seed)))
        dice = QToolButton()
        dice.setAccessibleName("Next seed")
        dice.setToolTip("Next seed (Ctrl+D)")
        dice.clicked.connect(self.next_seed)
        self._dice = dice
        self._theme.changed.connect(self._tint)
        self._tint()
        seeds = QHBoxLayout()
        seeds.setSpacing(GRID // 2)
        seeds.addWidget(self.seed, 1)
        seeds.addWidget(dice)
        return seeds

    def _make_resolutions(self) -> None:
        self.surface = NumberBox("Points drawn from the surface", 1, MOST_POINTS, " points")
        self.surface.setToolTip("How many points are drawn from the surface of the mesh")
        self.surface.valueChanged.connect(lambda count: self._session.choose(surface=round(count)))
        self.working = NumberBox("Working resolution", 0, MOST_POINTS, " points", special="as trained")
        self.working.setToolTip(
            "How many of the cloud's points the network sees; 0: as many as in its training"
        )
        self.working.valueChanged.connect(lambda count: self._session.choose(working=round(count)))
        for box in (self.surface, self.working):
            box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
            box.valueChanged.connect(lambda n, box=box: box.setSuffix(" point" if n == 1 else " points"))

    def _make_division(self) -> None:
        self.by = _combo("How the cloud is divided")
        for words, way in DIVISIONS:
            self.by.addItem(words, way)
        self.by.setToolTip(
            "Samples each part of a large cloud separately, with its share of the points; View > "
            "Colour by > Parts shows the parts"
        )
        self.by.activated.connect(lambda: self.choose(by=self.by.currentData()))

    def _show(self, *_: Ignored) -> None:
        document = self._session.document
        choice, entry = document.choice, document.active
        self._column.setEnabled(entry is not None)
        _select(self.method, choice.method)
        _select(self.task, choice.task)
        spec, row = choice.spec, choice.spec.row
        self.rows.setRowVisible(self.variant_row, len(row.variants) > 1)
        self.rows.setRowVisible(self.weights, row.learned or row.by_field)
        if spec.variant:
            self.variants.button("gm".index(spec.variant)).setChecked(True)
        if row.learned or row.by_field:
            set_label(self.rows, self.weights, "Field" if row.by_field else "Weights")
            self.weights.show_choice(choice, _fields(entry))
        self._show_resolutions(choice)
        _select(self.by, choice.by)
        self.rows.setRowVisible(self.by, entry is not None and not entry.is_mesh)
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
        self.seed.setToolTip("" if spec.seed is None else "The seed of this view only")
        hint = "Trained: " + ", ".join(map(str, marks)) if marks else ""
        if entry is not None and choice.m > limit:
            hint = f"The cloud has only {counted(limit, 'point')}: all are taken."
        self.sizes_hint.setText(hint)
        self.rows.setRowVisible(self.sizes_hint, bool(hint))

    def _tint(self) -> None:
        self._dice.setIcon(self._theme.icon("dice-five"))

    def _limit(self) -> int:
        """The largest m: the number of points of the cloud, or of points sampled on the mesh."""
        choice, entry = self._session.document.choice, self._session.document.active
        if entry is None or entry.is_mesh:
            return choice.surface
        return entry.count

    def _show_resolutions(self, choice: Choice) -> None:
        entry = self._session.document.active
        self.rows.setRowVisible(self.surface, entry is None or entry.is_mesh)
        self.rows.setRowVisible(self.working, choice.spec.row.learned and choice.by == "whole")
        for box, count in ((self.surface, choice.surface), (self.working, choice.working)):
            with QSignalBlocker(box):
                box.setValue(count)

    def choose(self, **changes: Changed) -> None:
        """Change the choice; if a network has fixed sizes, m becomes the nearest size it was trained for."""
        choice = replace(self._session.document.choice, **changes)
        sizes = self._weights_list.sizes(choice)
        if not choice.spec.row.any_size and sizes and choice.by == "whole":
            changes["m"] = min(sizes, key=lambda size: abs(size - choice.m))
        before = self._session.document
        self._session.choose(**changes)
        if self._session.document == before:  # the session refused the change: show the old values
            self._show()

    def _choose_spec(self, **changes: Changed) -> None:
        """Change the variant, weights or seed of the method, and other parts of the choice, as `choose`."""
        own = {key: changes.pop(key) for key in ("variant", "weights", "seed") if key in changes}
        self.choose(spec=replace(self._session.document.choice.spec, **own), **changes)

    def _choose_method(self) -> None:
        """Choose another method, and keep the seed of the previous one."""
        seed = self._session.document.choice.spec.seed
        self.choose(spec=replace(MethodSpec.of(self.method.currentData()), seed=seed))

    def next_seed(self) -> None:
        """Sample with the next seed."""
        self._choose_seed(self.seed.number + 1)

    def _choose_seed(self, seed: int) -> None:
        """Set the selected method's own seed if it has one, else the common seed."""
        if self._session.document.choice.spec.seed is None:
            self._session.choose(seed=seed)
        else:
            self._choose_spec(seed=seed)


def _fields(entry: OpenShape | None) -> list[str]:
    """The scalar fields of an open cloud that can weight its points."""
    return fields_of(entry.shape) if entry is not None and isinstance(entry.shape, PointCloud) else []


def _combo(name: str) -> QComboBox:
    combo = ComboBox()
    combo.setAccessibleName(name)
    combo.setMinimumContentsLength(WIDE)  # long names of weights must not widen the panel
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _select(combo: QComboBox, data: str | None) -> None:
    combo.setCurrentIndex(max(combo.findData(data), 0))
