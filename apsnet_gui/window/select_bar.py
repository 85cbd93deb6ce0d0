"""The bar of the selection tools: the tools, the commands, and the size of the selection."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from apsnet_core.types import Mask
from apsnet_core.units import readable
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.jobs.selecting import Selecting, extent_of
from apsnet_gui.state.session import Session
from apsnet_gui.views.select_tool import HINTS, SelectTool
from apsnet_gui.widgets.floating_bar import FloatingBar
from apsnet_gui.widgets.form_rows import faint, grouped
from apsnet_gui.widgets.qt_types import Ignored
from apsnet_gui.window.action import plain

TOOLS = "select-box", "select-lasso", "select-polygon", "select-brush", "select-piece"
CHANGES = "select-grow", "select-shrink", "select-connected", "select-invert", "select-all", "select-none"
DEEDS = "selection-hide", "selection-delete", "selection-keep", "selection-extract"


class SelectBar(FloatingBar):
    """Shown while a selection tool is held; it shows the number of selected points and their extent.

    While a selection is being computed, it shows the title of that job.
    """

    def __init__(
        self,
        picture: QWidget,
        session: Session,
        background: Background,
        selecting: Selecting,
        tool: SelectTool,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(picture, "Select")
        self._session, self._background = session, background
        self._selecting, self._tool = selecting, tool
        self._said: Mask | None = None  # the selection that the text describes
        self._measuring: Job | None = None
        self.words = faint()
        self.words.setWordWrap(False)
        self.words.setAccessibleName("Selection")
        change = QToolButton()
        change.setText("Change ▾")
        change.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(change)
        menu.addActions([actions[id] for id in CHANGES])
        change.setMenu(menu)
        done = QToolButton()
        done.setText("Done")
        done.setToolTip("Put the tool away  (Esc)")
        done.clicked.connect(tool.put_down)
        tools, deeds = ([_button(actions[id]) for id in ids] for ids in (TOOLS, DEEDS))
        self.add_row(*tools, change, *deeds, done)
        self.add_row(self.words)
        tool.changed.connect(self._show)
        selecting.changed.connect(self._show)
        session.selected.changed.connect(self._show)
        session.changed.connect(self._show)

    def _show(self, *_: Ignored) -> None:
        """Describe the selection; a background job counts its points and measures their extent."""
        self.setVisible(self._tool.held)
        entry = self._session.document.active
        if not self._tool.held or entry is None:
            return
        mask = None if self._selecting.doing else self._session.selected.of(entry.id)
        if mask is self._said and mask is not None:
            return
        self._said = mask
        if self._measuring is not None:
            self._measuring.cancel()  # it measures the previous selection
            self._measuring = None
        if self._selecting.doing:
            self.words.setText(f"{self._selecting.doing}…")
            return
        if mask is None:
            self.words.setText(
                f"{HINTS[self._tool.shape]}. Shift adds, Ctrl removes. The right button turns."
            )
            return

        unit = entry.shape.unit
        self.words.setText("Measuring the selection…")

        def measure(progress: JobProgress) -> str:
            count, sides = extent_of(entry.shape, mask)
            sizes = " × ".join(readable(side, ".4g") for side in sides)
            return f"{grouped(count)} of {grouped(len(mask))} points selected · {sizes} {unit}".rstrip()

        self._measuring = job = self._background.start("Measuring the selection", measure)
        job.done.connect(self.words.setText)
        job.ended.connect(lambda: self._forget(job))

    def _forget(self, job: Job) -> None:
        if job is self._measuring:
            self._measuring = None


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    name = plain(action.text()).removesuffix(" as a cloud").removeprefix("Connected component, by a ")
    action.setIconText(name[:1].upper() + name[1:])  # a short text, because the bar has little room
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button
