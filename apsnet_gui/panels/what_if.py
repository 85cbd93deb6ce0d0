"""The What if panel: edits of the samples, noise, dropped points and rotation of the cloud and its copy."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QVBoxLayout, QWidget

from apsnet_core.evaluation.comparison.perturb import STILL, Perturbation, Turn, drawn_angles
from apsnet_core.percent import SIGN
from apsnet_core.tasks.registry import task
from apsnet_gui.state.document import Document
from apsnet_gui.state.method_names import title
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.empty_panel import empty_panel, pages_in
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, faint, form, heading, panel, rule
from apsnet_gui.widgets.number_slider import NumberSlider
from apsnet_gui.widgets.qt_types import Ignored

NOISE, COPY_NOISE, DROP, ROUND, TURN = 10.0, 5.0, 95.0, 180.0, 45.0
AXES = ("x", "y", "z")
BY_SEED, BY_HAND, OPEN = "seed", "hand", "open:"
EMPTY = (
    "Open a shape to see how samplers and task net respond if the shape were noisier, sparser or "
    "turned, or if you moved a sample."
)
HINT = "Drag a sample to move it. Delete removes the one you point at. Ctrl+click on the cloud adds one."


class WhatIfPanel(QWidget):
    """Shows and sets ``session.document.what_if``, and shows the edits of the current samples."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session = session

        self.edits = faint()
        self.back = QPushButton("Undo all edits")
        self.back.clicked.connect(lambda: undo_edits(session))

        self._make_cloud()
        self._make_copy()
        self._lay_out()

        session.changed.connect(self._show)
        session.sampled.connect(lambda _: self._show_edits())
        self._show()

    def _lay_out(self) -> None:
        area, _, column = panel("What if")
        column.addWidget(heading("The samples"))
        column.addWidget(faint(HINT))
        column.addWidget(self.edits)
        column.addWidget(self.back)
        column.addWidget(rule())
        column.addWidget(heading("The sampled cloud"))
        column.addLayout(self.cloud)
        column.addWidget(self.plain)
        column.addWidget(self.registration)
        column.addStretch(1)
        self._pages = pages_in(self, empty_panel(EMPTY), area)

    def _make_copy(self) -> None:
        """Create the fields of the copy that a registration aligns with the cloud."""
        self.copies = ComboBox()
        self.copies.setAccessibleName("The second cloud of the registration")
        self.copies.setToolTip("The cloud that registration aligns with the sampled cloud")
        self.copies.activated.connect(self._choose_copy)
        self.angles = [NumberSlider(f"Copy turned about {axis}", -TURN, TURN, "°") for axis in AXES]
        for slider in self.angles:
            slider.moved.connect(
                lambda _: self._turn("angles", replace(self._copy_turn, angles=self._copy_angles()))
            )
        self.copy_noise = NumberSlider("Noise of the copy", 0, COPY_NOISE, SIGN, 1)
        self.copy_noise.moved.connect(
            lambda noise: self._turn("noise", replace(self._copy_turn, noise=noise))
        )
        self.resampled = QCheckBox("Other points of the shape")
        self.resampled.setToolTip("Like a second scan; otherwise the copy has the same points")
        self.resampled.clicked.connect(
            lambda on: self._turn("resampled", replace(self._copy_turn, resampled=on))
        )
        self.registration = QWidget()
        self.copy_rows = form(
            ("Copy", self.copies),
            *((f"Turn {axis}", slider) for axis, slider in zip(AXES, self.angles, strict=True)),
            ("Noise", self.copy_noise),
            ("", self.resampled),
        )
        section = QVBoxLayout(self.registration)
        section.setContentsMargins(0, 0, 0, 0)
        section.setSpacing(GRID)
        section.addWidget(rule())
        section.addWidget(heading("The second cloud"))
        section.addLayout(self.copy_rows)

    def _make_cloud(self) -> None:
        """Create the fields that change the cloud before it is sampled."""
        self.noise = NumberSlider("Noise", 0, NOISE, SIGN, 1)
        self.noise.setToolTip("Standard deviation of the noise along each axis, in percent of the diagonal")
        self.noise.moved.connect(
            lambda noise: self._change("noise", replace(self._cloud_change, noise=noise))
        )
        self.drop = NumberSlider("Dropped points", 0, DROP, SIGN)
        self.drop.setToolTip("Share of the points that is removed at random")
        self.drop.moved.connect(
            lambda drop: self._change("dropped points", replace(self._cloud_change, drop=drop))
        )
        self.turns = [NumberSlider(f"Turn about {axis}", -ROUND, ROUND, "°") for axis in AXES]
        for slider in self.turns:
            slider.moved.connect(self._rotate)
        self.cloud = form(
            ("Noise", self.noise),
            ("Dropped", self.drop),
            *((f"Turn {axis}", slider) for axis, slider in zip(AXES, self.turns, strict=True)),
        )
        self.plain = QPushButton("As opened")
        self.plain.clicked.connect(
            lambda: self._session.change_what_if("Restore the opened cloud", change=Perturbation())
        )

    # --- what it shows ---

    def _show(self, *_: Ignored) -> None:
        document = self._session.document
        self._pages.setCurrentIndex(int(document.active is not None))
        change = document.what_if.change
        self.noise.set_value(change.noise)
        self.drop.set_value(change.drop)
        up = document.active.up if document.active else None
        for axis, slider, angle in zip(AXES, self.turns, change.rotate, strict=True):
            slider.set_value(angle)
            label = cast(QLabel, self.cloud.labelForField(slider))
            label.setText(f"Turn {axis}" + " (up)" * (up in (axis, f"-{axis}")))
        self.plain.setEnabled(bool(change))
        pairs = task(document.choice.task).pairs
        self.registration.setVisible(pairs)
        if pairs:
            self._show_copy(document)
        self._show_edits()

    def _show_copy(self, document: Document) -> None:
        what_if = document.what_if
        with QSignalBlocker(self.copies):
            self.copies.clear()
            self.copies.addItem("Turned by the seed", BY_SEED)
            self.copies.addItem("Turned by hand", BY_HAND)
            for entry in document.entries:
                if entry.id != document.current:
                    self.copies.addItem(entry.name, OPEN + entry.id)
            made = BY_SEED if what_if.turn.angles is None else BY_HAND
            there = document.entry(what_if.other)
            self.copies.setCurrentIndex(self.copies.findData(OPEN + there.id if there else made))
        for slider, angle in zip(self.angles, what_if.turn.angles or STILL, strict=True):
            slider.set_value(angle)
            self.copy_rows.setRowVisible(slider, there is None and what_if.turn.angles is not None)
        self.copy_noise.set_value(what_if.turn.noise)
        self.resampled.setChecked(what_if.turn.resampled)
        for field in (self.copy_noise, self.resampled):
            self.copy_rows.setRowVisible(field, there is None)

    def _show_edits(self) -> None:
        result = self._session.result
        edit = result.edit if result else None
        self.edits.setText(f"{title(result.choice)}: {edit.words}" if result and edit else "")
        self.edits.setVisible(edit is not None)
        self.back.setVisible(edit is not None)

    # --- what it asks for ---

    @property
    def _cloud_change(self) -> Perturbation:
        return self._session.document.what_if.change

    def _change(self, what: str, change: Perturbation) -> None:
        self._session.change_what_if(f"Change the {what}", key=f"cloud {what}", change=change)

    def _rotate(self, _: float) -> None:
        x, y, z = (slider.value for slider in self.turns)
        change = replace(self._cloud_change, rotate=(x, y, z))
        self._session.change_what_if("Turn the cloud", key="cloud rotation", change=change)

    def _copy_angles(self) -> tuple[float, float, float]:
        x, y, z = (slider.value for slider in self.angles)
        return x, y, z

    @property
    def _copy_turn(self) -> Turn:
        return self._session.document.what_if.turn

    def _turn(self, what: str, turn: Turn) -> None:
        self._session.change_what_if("Change the copy", key=f"copy {what}", turn=turn)

    def _choose_copy(self) -> None:
        chosen, document = self.copies.currentData(), self._session.document
        if chosen.startswith(OPEN):
            self._session.change_what_if("Align another shape", other=chosen.removeprefix(OPEN))
            return
        x, y, z = document.what_if.turn.angles or drawn_angles(document.choice.seed)
        angles = (round(x), round(y), round(z)) if chosen == BY_HAND else None
        turn = replace(document.what_if.turn, angles=angles)
        self._session.change_what_if("Change the copy", other=None, turn=turn)


def undo_edits(session: Session) -> None:
    """Undo all edits of the samples of the selected method."""
    result = session.result
    if result is not None and result.edit is not None:
        session.edit_samples("Undo all edits", result.key, None)
