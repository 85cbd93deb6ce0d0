"""The tabs with curves, attention and log of the selected trainings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtGui import QPaintEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from apsnet_core.training.run_state import RunState
from apsnet_gui.style.theme import Theme, fixed
from apsnet_gui.training.snapshots import TrainingSnapshots
from apsnet_gui.widgets.fields import Slider
from apsnet_gui.widgets.form_rows import GRID, faint
from apsnet_gui.widgets.qt_types import Ignored

if TYPE_CHECKING:
    from apsnet_gui.training.curves import TrainingCurves


class RunTabs(QTabWidget):
    """Tabs for the selected runs: curves for all of them, attention and log only for a single run."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._runs: list[RunState] = []
        self.curves: TrainingCurves | None = None
        self._seen = False
        self.tabBar().setAccessibleName("About the training")
        self.setDocumentMode(True)
        self._curves_page = QWidget()
        self._curves_box = QVBoxLayout(self._curves_page)
        self._curves_box.setContentsMargins(0, 0, 0, 0)
        self.addTab(self._curves_page, "Curves")
        self.snapshots = TrainingSnapshots(self._theme)
        self.addTab(self.snapshots, "Attention")
        self.log = self._make_log()
        self.addTab(self.log, "Log")
        self.currentChanged.connect(self._refresh)
        self._make_corner()

    def _make_log(self) -> QPlainTextEdit:
        log = QPlainTextEdit(readOnly=True)
        log.setAccessibleName("Log")
        log.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        log.setFont(fixed())
        log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        log.setMaximumBlockCount(2000)
        return log

    def _make_corner(self) -> None:
        """Create the fields for the smoothing and the parts of the curves, beside the tabs."""
        self.smoothing = Slider()
        self.smoothing.setRange(0, 98)
        self.smoothing.setFixedWidth(GRID * 14)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.valueChanged.connect(self._smooth)
        self.parts = QCheckBox("Parts of the sampling loss")
        self.parts.setToolTip(
            "Instead of the loss: mean distance of the samples from the cloud, largest distance, and "
            "coverage of the cloud (Eq. 7)"
        )
        self.parts.toggled.connect(self._show_parts)
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, GRID, 0)
        row.addWidget(self.parts)
        row.addSpacing(GRID)
        row.addWidget(faint("Smoothing"))
        row.addWidget(self.smoothing)
        self.setCornerWidget(corner)
        self._corner = corner

    def show_runs(self, runs: list[RunState]) -> None:
        """Show these runs."""
        self._runs = runs
        self._refresh()

    def _refresh(self, *_: Ignored) -> None:
        state = self._runs[0] if len(self._runs) == 1 else None
        self._corner.setVisible(self.currentWidget() is self._curves_page)
        if self.currentWidget() is self.log:
            self._show_log(state)
        elif self.currentWidget() is self.snapshots:
            self.snapshots.show_run(state)
        elif self._seen and self.isVisible():
            self._draw()

    def _draw(self) -> None:
        if self.curves is None:
            # Imported here because the import of pyqtgraph takes longer than opening the window.
            from apsnet_gui.training.curves import TrainingCurves

            self.curves = TrainingCurves(self._theme)
            self._curves_box.addWidget(self.curves)
        self.curves.show_runs(self._runs)

    def _show_log(self, state: RunState | None) -> None:
        text = "\n".join(state.log) if state else ""
        if text != self.log.toPlainText():
            with QSignalBlocker(self.log):
                self.log.setPlainText(text)
                self.log.horizontalScrollBar().setValue(0)
            self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _show_parts(self, wanted: bool) -> None:
        if self.curves is not None:
            self.curves.set_parts(wanted)

    def _smooth(self, value: int) -> None:
        if self.curves is not None:
            self.curves.set_smoothing(value / 100)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt counts a dock behind another one as visible, so wait for the first paint to import the plots.
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self._refresh)
