"""The panel of the sampling steps: the point that each step samples, and APSNet's attention."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.placing import coordinates_text
from apsnet_gui.colourings.attention import ATTENTION, AUTOMATIC
from apsnet_gui.colourings.file import FILE
from apsnet_gui.state.document import Document
from apsnet_gui.state.result import Heat, Result, shows_heat
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.empty_panel import empty_panel
from apsnet_gui.widgets.fields import ComboBox, Slider
from apsnet_gui.widgets.form_rows import GRID, segments, value
from apsnet_gui.widgets.range_box import RangeBox

SPEEDS = (1, 2, 4, 8, 16, 32)


class AttentionPanel(QWidget):
    """Shows and sets the session's step and how the attention is displayed.

    ``save`` writes the steps as pictures.
    """

    def __init__(self, session: Session, theme: Theme, save: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._theme = session, theme
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)

        self._make_playing(save)
        self._lay_out(*self._rows(self._make_colouring()))

        theme.changed.connect(self._icons)
        session.changed.connect(self._show)
        session.sampled.connect(self._show_result)
        session.step_changed.connect(self._show_step)
        session.heat_changed.connect(self._show_heat)
        self._icons()
        self._show_result(session.result)
        self._show(session.document, session.document)

    def _lay_out(self, *rows: QLayout) -> None:
        self._pages = QStackedLayout()
        full = QWidget()
        full.setObjectName("panelBody")
        column = QVBoxLayout(full)
        column.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
        column.setSpacing(GRID)
        for row in rows:
            column.addLayout(row)
        column.addStretch(1)
        empty = empty_panel(
            "After sampling a shape, play its points one after another here. With APSNet, see where "
            "the network looks at each step."
        )
        self._pages.addWidget(empty)
        self._pages.addWidget(full)
        self.setLayout(self._pages)

    def _rows(self, modes: QWidget) -> tuple[QLayout, ...]:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.play)
        top.addWidget(self.speed)
        top.addWidget(self.scrubber, 1)
        top.addWidget(self.step)
        top.addWidget(self.save)
        under = QHBoxLayout()
        under.setSpacing(GRID * 2)
        under.addWidget(modes)
        for widget in (self.colour, self.log, self.order):
            under.addWidget(widget)
        ends = QHBoxLayout()
        ends.setContentsMargins(GRID * 2, 0, 0, 0)
        ends.setSpacing(GRID)
        for word, box in zip(("Range", "to"), self.range, strict=True):
            ends.addWidget(QLabel(word))
            ends.addWidget(box)
        ends.addStretch(1)
        under.addStretch(1)
        facts = QGridLayout()
        facts.setHorizontalSpacing(GRID)
        facts.setColumnStretch(2, 1)
        facts.addWidget(QLabel("Point"), 0, 0)
        facts.addWidget(self.point, 0, 1, 1, 2)
        facts.addWidget(QLabel("Peak"), 1, 0)
        facts.addWidget(self.peak, 1, 1)
        facts.addLayout(ends, 1, 2)
        self._heat_controls = [*self.modes.buttons(), self.log, self.colour, *self.range]
        return top, under, facts

    def _make_colouring(self) -> QWidget:
        """Create the fields that choose how attention colours the cloud."""
        self.modes = QButtonGroup(self)
        modes = segments(
            self.modes, (("Step", "Attention of this step"), ("Sum", "Attention of all steps added up"))
        )
        self.modes.idClicked.connect(lambda i: self._session.look(attention_mode=("step", "sum")[i]))
        self.log = QCheckBox("Logarithmic")
        self.log.clicked.connect(lambda on: self._session.look(logarithmic=on))
        self.colour = QCheckBox("Colour the cloud")
        self.colour.setToolTip("Colour the cloud by attention")
        self.colour.clicked.connect(self._colour)
        self.range = RangeBox("Colours from"), RangeBox("Colours to")
        self.range[0].valueChanged.connect(lambda value: self._session.look(heat_from=value))
        self.range[1].valueChanged.connect(lambda value: self._session.look(heat_to=value))
        self.order = QCheckBox("Number the points")
        self.order.clicked.connect(lambda on: self._session.look(order=on))
        self.point, self.peak = value("Point"), value("Peak")
        return modes

    def _make_playing(self, save: Callable[[], None]) -> None:
        """Create the buttons and the slider that step through the sampling."""
        self.play = QToolButton()
        self.play.setCheckable(True)
        self.play.setIconSize(QSize(20, 20))
        self.play.setAccessibleName("Play or pause the steps")
        self.play.toggled.connect(self._play)
        self.speed = ComboBox()
        self.speed.setAccessibleName("Speed")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed} / s", speed)
        self.speed.setCurrentIndex(SPEEDS.index(4))
        self.speed.currentIndexChanged.connect(
            lambda: self._timer.setInterval(1000 // self.speed.currentData())
        )
        self.scrubber = Slider()
        self.scrubber.setRange(1, 1)
        self.scrubber.setAccessibleName("Step")
        self.scrubber.setToolTip("Step of the sampling ( , and . go back and forth)")
        self.scrubber.valueChanged.connect(self._session.set_step)
        self.step = value("Step")
        self.save = QPushButton("Save steps…")
        self.save.setToolTip("Save the steps as a series of pictures or as an animated GIF")
        self.save.clicked.connect(save)

    def toggle_play(self) -> None:
        """Start or pause the playback of the steps."""
        self.play.toggle()

    def _play(self, on: bool) -> None:
        if on:
            if self._session.step >= self.scrubber.maximum():
                self._session.set_step(1)
            self._timer.start(1000 // self.speed.currentData())
        else:
            self._timer.stop()
        self._icons()

    def _advance(self) -> None:
        if self._session.step >= self.scrubber.maximum():
            self.play.setChecked(False)
        else:
            self._session.set_step(self._session.step + 1)

    def _icons(self) -> None:
        self.play.setIcon(self._theme.icon("pause" if self.play.isChecked() else "play"))
        self.play.setToolTip("Pause" if self.play.isChecked() else "Play the steps")

    def _show(self, before: Document, after: Document) -> None:
        look, entry = after.look, after.active
        self.modes.button(int(look.attention_mode == "sum")).setChecked(True)
        self.log.setChecked(look.logarithmic)
        self.order.setChecked(look.order)
        for box, end in zip(self.range, (look.heat_from, look.heat_to), strict=True):
            with QSignalBlocker(box):
                box.setValue(end)
        self.colour.setChecked(entry is not None and shows_heat(entry, self._session.result))

    def _show_result(self, result: Result | None) -> None:
        self._pages.setCurrentIndex(int(result is not None))
        if result is None:
            self.play.setChecked(False)
            return
        with QSignalBlocker(self.scrubber):
            self.scrubber.setMaximum(result.sampling.m)
        for widget in self._heat_controls:
            widget.setEnabled(result.has_attention)
        entry = self._session.document.active
        self.colour.setChecked(entry is not None and shows_heat(entry, result))
        self._show_step(self._session.step)
        if self._session.heat is None:
            self.peak.setText(
                "colour the cloud to see it"
                if result.has_attention
                else "only APSNet has attention"
                if result.sampling.parts is None
                else "parts have no attention in common"
            )

    def _show_step(self, step: int) -> None:
        result = self._session.result
        if result is None:
            return
        with QSignalBlocker(self.scrubber):
            self.scrubber.setValue(step)
        self.step.setText(f"t {step} / {result.sampling.m}")
        at = coordinates_text(result.sampling.absolute[step - 1], result.extent)
        index = result.sampling.indices
        row = f"   row {index[step - 1]} of the cloud" if index is not None else "   generated"
        self.point.setText(f"{step}   at {at}{row}")

    def _show_heat(self, heat: Heat | None) -> None:
        if heat is None:
            self._show_result(self._session.result)
        else:
            what = "over all steps" if heat.mode == "sum" else f"in step {heat.step}"
            self.peak.setText(f"weight {heat.weight:.3g} at row {heat.index}, {what}")

    def _colour(self, on: bool) -> None:
        entry, result = self._session.document.active, self._session.result
        if entry is not None and result is not None:
            hot = AUTOMATIC if AUTOMATIC.shows_attention(len(result.cloud)) else ATTENTION
            self._session.edit(entry.id, "Change colouring", colouring=(hot if on else FILE).name)
