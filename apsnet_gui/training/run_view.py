"""The view of the selected trainings: state, buttons, curves, attention and log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.training.run_state import RunState
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.training.run_tabs import RunTabs
from apsnet_gui.training.watch import TrainingWatch
from apsnet_gui.training.words import progress_line
from apsnet_gui.widgets.form_rows import GRID, OneLine, heading, menu_of

TASK_NET = "task"  # copied from training.config, whose import would load pydantic and delay the window


@dataclass(frozen=True)
class RunActions:
    """The callbacks of the buttons of a run, except those that control its process.

    ``new`` opens the form, filled in with the settings of the run if it is not None; ``use`` samples with
    its weights; ``keep`` copies them to the user's own weights; ``export`` copies them to a file; ``delete``
    asks for confirmation.
    """

    new: Callable[[RunState | None], None]
    use: Callable[[RunState], None]
    keep: Callable[[RunState], None]
    export: Callable[[RunState], None]
    delete: Callable[[RunState], None]


class RunView(QWidget):
    """Shows everything about a single selected run, or the curves of several."""

    def __init__(self, training: TrainingWatch, theme: Theme, actions: RunActions) -> None:
        super().__init__()
        self._training, self._actions = training, actions
        self._runs: list[RunState] = []
        head = self._make_head()
        self.tabs = RunTabs(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.why)
        column.addWidget(self.tabs, 1)

    def _make_head(self) -> QHBoxLayout:
        """Create the name, the line with the state, and the buttons."""
        self.name = heading("")
        self.line = OneLine()
        self.line.setFont(tabular(self.line.font()))
        self.line.setAccessibleName("Progress of the training")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("Progress of the training")
        self.why = QLabel()
        self.why.setWordWrap(True)
        self.why.setProperty("role", "trouble")
        self.why.setAccessibleName("What went wrong")
        self.stop = self._button("Stop", "Stop after a checkpoint", self._training.stop)
        self.pause = self._button("Pause", "Pause computing; the memory stays in use", self._training.pause)
        self.resume = self._button("Resume", "Continue from the last checkpoint", self._training.resume)
        self.again = self._button(
            "Change it…", "Open the form with the settings of this training", self._actions.new
        )
        self.use = self._button("", "", self._actions.use)
        self.use.setProperty("primary", True)
        more = QToolButton()
        more.setText("More")
        more.setAccessibleName("More to do with the training")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(menu_of(more, self._fill_menu))
        self.more = more

        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.name)
        head.addWidget(self.line, 1)
        for button in (self.pause, self.stop, self.again, self.resume, self.use, more):
            head.addWidget(button)
        return head

    def _button(self, text: str, tip: str, act: Callable[[RunState], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.current and act(self.current))
        return button

    def _fill_menu(self, menu: QMenu) -> None:
        state = self.current
        if state is None:
            return
        for text, act, possible in (
            ("Duplicate with changes…", lambda: self._actions.new(state), bool(state.config or state.recipe)),
            ("Keep its weights under a name…", lambda: self._actions.keep(state), state.best is not None),
            ("Export its weights…", lambda: self._actions.export(state), state.best is not None),
            ("Open its folder", lambda: open_folder(state.folder), True),
            ("End it at once", lambda: self._training.kill(state), state.active),
            ("Move to the trash…", lambda: self._actions.delete(state), not state.active),
        ):
            item = menu.addAction(text)
            item.setEnabled(possible)
            item.triggered.connect(lambda _=False, act=act: act())

    # --- what it shows ---

    @property
    def current(self) -> RunState | None:
        """The run that the buttons act on; None unless exactly one run is shown."""
        return self._runs[0] if len(self._runs) == 1 else None

    def show_runs(self, runs: Sequence[RunState]) -> None:
        """Show these runs."""
        self._runs = list(runs)
        self._refresh()

    def _refresh(self) -> None:
        runs, state = self._runs, self.current
        self.name.setText(state.name if state else f"{len(runs)} trainings" if runs else "")
        self.line.setText(progress_line(state) if state else "")
        self.line.setToolTip(self.line.text())
        self.bar.setVisible(state is not None and state.active)
        self.bar.setValue(round(1000 * state.fraction) if state else 0)
        self.why.setVisible(bool(state and state.why))
        self.why.setText(state.why[:1].upper() + state.why[1:] if state else "")
        self._show_buttons(state)
        self.tabs.show_runs(runs)

    def _show_buttons(self, state: RunState | None) -> None:
        """Show and enable the buttons that apply to the state of the run."""
        self.stop.setVisible(bool(state and state.active))
        self.stop.setEnabled(bool(state and state.phase in ("waiting", "running", "paused")))
        self.pause.setVisible(bool(state and state.phase in ("running", "paused")))
        self.pause.setText("Go on" if state and state.phase == "paused" else "Pause")
        self.again.setVisible(bool(state and state.phase == "failed" and not state.step))
        self.resume.setVisible(bool(state and state.can_resume))
        # Visible from the start, because Pause and Stop would otherwise move while the user points at them.
        self.use.setVisible(bool(state and (state.best or state.active)))
        self.use.setEnabled(bool(state and state.best))
        judges = state is not None and state.config.get("model") == TASK_NET
        following = bool(state and state.active) and not judges
        self.use.setText("Watch it sample" if following else "Use its weights")
        self.use.setToolTip(
            "There are no weights before the end of the first epoch"
            if not self.use.isEnabled()
            else "From now on, this network judges the samples"
            if judges
            else "Sample the current shape with the newest weights after each epoch"
            if following
            else "Sample the current shape with its best weights"
        )
        self.more.setEnabled(state is not None)
        self.tabs.parts.setEnabled(state is not None and not judges)


def open_folder(folder: Path) -> None:
    """Show a folder in the system's file browser."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
