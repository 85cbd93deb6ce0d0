"""Trainings: which there are, how they get on, and what to do with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.training.run_state import RunState
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.training.folders_button import FoldersButton
from apsnet_gui.training.snapshots import TrainingSnapshots
from apsnet_gui.training.watch import TrainingWatch
from apsnet_gui.training.words import progress_line, summary
from apsnet_gui.widgets.fields import Slider
from apsnet_gui.widgets.form_rows import GRID, OneLine, faint, heading

PURPOSE = (
    "Train a network on the bundled furniture or on shapes of your own. A training is a process of its own: "
    "it goes on when this window is closed, and its weights can be used while it learns."
)


class TrainingPanel(QWidget):
    """A view of `TrainingWatch`.

    ``new(state)`` opens the form, filled in like that run unless it is None; ``use(state)`` samples with its
    weights, ``keep(state)`` puts them among the user's own, ``export(state)`` into a file; ``delete(state)``
    asks first.
    """

    def __init__(
        self,
        training: TrainingWatch,
        theme: Theme,
        new: Callable[[RunState | None], None],
        use: Callable[[RunState], None],
        keep: Callable[[RunState], None],
        export: Callable[[RunState], None],
        delete: Callable[[RunState], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._training, self._theme = training, theme
        self._new, self._use, self._keep, self._export = new, use, keep, export
        self._delete = delete
        self._curves: Any = None
        self._seen = False
        self._items: dict[Path, QListWidgetItem] = {}

        self.pages = QStackedWidget()
        self.pages.addWidget(self._empty_page())
        self.pages.addWidget(self._runs_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        training.run_changed.connect(self._show_run)
        training.run_gone.connect(self._drop)
        self._show_current()

    # --- parts ---

    def _empty_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("panelBody")
        text = faint(PURPOSE)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setFixedWidth(GRID * 62)
        button = QPushButton("New training…")
        button.setProperty("primary", True)
        button.clicked.connect(lambda: self._new(None))
        self.first = button
        column = QVBoxLayout(page)
        column.addStretch(1)
        middle = QHBoxLayout()  # an alignment of its own would cost the text its height
        middle.addStretch(1)
        middle.addWidget(text)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addSpacing(GRID)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(FoldersButton(self._training), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _runs_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("panelBody")
        left = self._make_list()
        head = self._make_head()
        self._make_smoothing()
        self._make_tabs()
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addLayout(head)
        right.addWidget(self.bar)
        right.addWidget(self.why)
        right.addWidget(self.tabs, 1)
        whole = QHBoxLayout(page)
        whole.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
        whole.setSpacing(GRID * 2)
        whole.addLayout(left)
        whole.addLayout(right, 1)
        return page

    def _make_tabs(self) -> None:
        """Curves, attention and log of a run."""
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setAccessibleName("Log")
        self.log.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setMaximumBlockCount(2000)
        self.tabs = QTabWidget()
        self.tabs.tabBar().setAccessibleName("About the training")
        self.tabs.setDocumentMode(True)
        self._curves_page = QWidget()
        self._curves_box = QVBoxLayout(self._curves_page)
        self._curves_box.setContentsMargins(0, 0, 0, 0)
        self.tabs.addTab(self._curves_page, "Curves")
        self.snapshots = TrainingSnapshots(self._theme)
        self.tabs.addTab(self.snapshots, "Attention")
        self.tabs.addTab(self.log, "Log")
        self.tabs.currentChanged.connect(self._show_current)
        self.parts = QCheckBox("Parts of the sampling loss")
        self.parts.setToolTip(
            "In place of the loss: how near samples are to the cloud on average, how far off the farthest "
            "is, and how well they cover it (Eq. 7)"
        )
        self.parts.toggled.connect(self._show_parts)
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, GRID, 0)
        row.addWidget(self.parts)
        row.addSpacing(GRID)
        row.addWidget(faint("Smoothing"))
        row.addWidget(self.smoothing)
        self.tabs.setCornerWidget(corner)
        self._corner = corner

    def _make_smoothing(self) -> None:
        self.smoothing = Slider()
        self.smoothing.setRange(0, 98)
        self.smoothing.setFixedWidth(GRID * 14)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.valueChanged.connect(self._smooth)

    def _make_head(self) -> QHBoxLayout:
        """How the run stands, and what can be done with it."""
        self.name = heading("")
        self.line = OneLine()
        self.line.setFont(tabular(self.line.font()))
        self.line.setAccessibleName("How far the training is")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("Progress of the training")
        self.why = QLabel()
        self.why.setWordWrap(True)
        self.why.setProperty("role", "trouble")
        self.why.setAccessibleName("What went wrong")
        self.stop = self._button("Stop", "Stop after a checkpoint", self._training.stop)
        self.pause = self._button(
            "Pause", "Let the processor and the GPU rest; memory stays taken", self._training.pause
        )
        self.resume = self._button("Resume", "Go on from the last checkpoint", self._training.resume)
        self.again = self._button("Change it…", "Open the form as it was filled in", self._new)
        self.use = self._button("", "", self._use)
        self.use.setProperty("primary", True)
        more = QToolButton()
        more.setText("More")
        more.setAccessibleName("More to do with the training")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu))
        more.setMenu(menu)
        self.more = more

        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.name)
        head.addWidget(self.line, 1)
        for button in (self.pause, self.stop, self.again, self.resume, self.use, more):
            head.addWidget(button)
        return head

    def _make_list(self) -> QVBoxLayout:
        self.list = QListWidget()
        self.list.setAccessibleName("Trainings")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setToolTip("Choose several to lay their curves over one another")
        self.list.setFixedWidth(GRID * 30)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._show_current)
        self.new = QPushButton("New training…")
        self.new.clicked.connect(lambda: self._new(None))
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.new)
        left.addWidget(self.list, 1)
        left.addWidget(FoldersButton(self._training))
        return left

    def _button(self, text: str, tip: str, act: Callable[[RunState], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.current and act(self.current))
        return button

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        state = self.current
        if state is None:
            return
        for text, act, possible in (
            ("Duplicate with changes…", lambda: self._new(state), bool(state.config or state.recipe)),
            ("Keep its weights under a name…", lambda: self._keep(state), state.best is not None),
            ("Export its weights…", lambda: self._export(state), state.best is not None),
            ("Open its folder", lambda: open_folder(state.folder), True),
            ("End it at once", lambda: self._training.kill(state), state.active),
            ("Move to the trash…", lambda: self._delete(state), not state.active),
        ):
            item = menu.addAction(text)
            item.setEnabled(possible)
            item.triggered.connect(lambda _=False, act=act: act())

    # --- keeping up ---

    @property
    def chosen(self) -> list[RunState]:
        """The runs that are selected, the newest first."""
        folders = [self.list.item(i).data(Qt.ItemDataRole.UserRole) for i in range(self.list.count())
                   if self.list.item(i).isSelected()]  # fmt: skip
        return [self._training.runs[folder] for folder in folders if folder in self._training.runs]

    @property
    def current(self) -> RunState | None:
        """The one run that buttons act on."""
        chosen = self.chosen
        return chosen[0] if len(chosen) == 1 else None

    def select(self, folder: Path) -> None:
        """Show one run alone, as soon as it is there."""
        if folder in self._items:
            self.list.setCurrentItem(self._items[folder], QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _show_run(self, state: RunState) -> None:
        self.pages.setCurrentIndex(1)
        item = self._items.get(state.folder)
        if item is None:
            item = self._items[state.folder] = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, state.folder)
            self.list.insertItem(0, item)
            if state.active or not self.chosen:
                self.select(state.folder)
        item.setText(f"{state.name}\n{summary(state)}")
        item.setToolTip(state.why)
        if any(state.folder == other.folder for other in self.chosen):
            self._show_current()

    def _drop(self, folder: Path) -> None:
        item = self._items.pop(folder, None)
        if item is not None:
            self.list.takeItem(self.list.row(item))
        self.pages.setCurrentIndex(1 if self._items else 0)
        self._show_current()

    def _show_current(self, *_: object) -> None:
        chosen, state = self.chosen, self.current
        self.name.setText(state.name if state else f"{len(chosen)} trainings" if chosen else "")
        self.line.setText(progress_line(state) if state else "")
        self.line.setToolTip(self.line.text())
        self.bar.setVisible(state is not None and state.active)
        self.bar.setValue(round(1000 * state.fraction) if state else 0)
        self.why.setVisible(bool(state and state.why))
        self.why.setText(state.why[:1].upper() + state.why[1:] if state else "")
        self.stop.setVisible(bool(state and state.active))
        self.stop.setEnabled(bool(state and state.phase in ("waiting", "running", "paused")))
        self.pause.setVisible(bool(state and state.phase in ("running", "paused")))
        self.pause.setText("Go on" if state and state.phase == "paused" else "Pause")
        self.again.setVisible(bool(state and state.phase == "failed" and not state.step))
        self.resume.setVisible(bool(state and state.can_resume))
        self.use.setVisible(bool(state and state.best))
        judges = state is not None and state.config.get("model") == "task"
        following = bool(state and state.active) and not judges
        self.use.setText("Watch it sample" if following else "Use its weights")
        self.use.setToolTip(
            "Samples are judged by this network from now on"
            if judges
            else "Sample the current shape after each epoch, with what it has learned by then"
            if following
            else "Sample the current shape with its best weights"
        )
        self.more.setEnabled(state is not None)
        self.parts.setEnabled(state is not None and state.config.get("model") != "task")
        self._corner.setVisible(self.tabs.currentWidget() is self._curves_page)
        if self.tabs.currentWidget() is self.log:
            self._show_log(state)
        elif self.tabs.currentWidget() is self.snapshots:
            self.snapshots.show_run(state)
        elif self._seen and self.isVisible():
            self._draw(chosen)

    def _draw(self, chosen: list[RunState]) -> None:
        if self._curves is None:
            # pyqtgraph takes longer to import than the window to appear.
            from apsnet_gui.training.curves import TrainingCurves

            self._curves = TrainingCurves(self._theme)
            self._curves_box.addWidget(self._curves)
        self._curves.show_runs(chosen)

    def _show_log(self, state: RunState | None) -> None:
        text = "\n".join(state.log) if state else ""
        if text != self.log.toPlainText():
            with QSignalBlocker(self.log):
                self.log.setPlainText(text)
                self.log.horizontalScrollBar().setValue(0)
            self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _show_parts(self, wanted: bool) -> None:
        if self._curves is not None:
            self._curves.set_parts(wanted)

    def _smooth(self, value: int) -> None:
        if self._curves is not None:
            self._curves.set_smoothing(value / 100)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._show_current()

    def paintEvent(self, event: Any) -> None:
        # A dock behind another counts as shown; what is painted is seen. The curves' imports wait until then.
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self._show_current)


def open_folder(folder: Path) -> None:
    """Show a folder in the system's file browser."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
