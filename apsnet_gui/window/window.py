"""The main window: docks and the stage, and what holds them together."""

from __future__ import annotations

import gc
from pathlib import Path

from PySide6.QtCore import QChildEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMessageBox,
    QTabBar,
    QWidget,
)

from apsnet_gui.comparison.grid import Grid
from apsnet_gui.comparison.live import LiveComparison
from apsnet_gui.comparison.plot_panel import CurvesPanel
from apsnet_gui.comparison.results import Board
from apsnet_gui.comparison.table_panel import TablePanel
from apsnet_gui.comparison.toolbar import SideBySide
from apsnet_gui.dataset.dataset import DatasetDesk
from apsnet_gui.jobs.answering import Answering
from apsnet_gui.jobs.autosave import Autosave
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.preload import load_torch, search_for_garbage
from apsnet_gui.jobs.reading import Reading
from apsnet_gui.jobs.sampling import LiveSampling
from apsnet_gui.jobs.weights_list import Trained
from apsnet_gui.panels.attention import AttentionPanel
from apsnet_gui.panels.clouds import CloudsPanel
from apsnet_gui.panels.sampling import SamplingPanel
from apsnet_gui.panels.what_if import WhatIfPanel
from apsnet_gui.state import project_file as project
from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.training import TrainingDesk
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.widgets.form_rows import scrolling
from apsnet_gui.window.actions import ACTIONS, build, refresh
from apsnet_gui.window.central import Stage
from apsnet_gui.window.command_palette import CommandPalette
from apsnet_gui.window.commands import Commands
from apsnet_gui.window.dock_title import DockTitle
from apsnet_gui.window.menus import SEARCH, fill_menus, toolbar
from apsnet_gui.window.opening import Opening
from apsnet_gui.window.save_pictures import Pictures
from apsnet_gui.window.start_page import StartPage
from apsnet_gui.window.status_bar import Status
from apsnet_gui.window.thumbnails import Thumbnails
from apsnet_gui.window.toasts import Toasts

LAYOUT_VERSION = 4
CLOUDS_WIDE = 232  # pixels of the list of clouds, at first
STEPS_HIGH = 168  # pixels of the docks below the picture, at first
AFTER_SHOWN_MS = 60
WIDE = 1300  # pixels from which the list of clouds has room beside methods side by side
ROOMY = 320  # pixels that a table beside a plot needs
Side = Qt.DockWidgetArea


class Window(QMainWindow):
    """Owns the session and everything that works for it; ends all of it when closed.

    A renderer that is given, ``client``, is shared with others and left running.
    """

    def __init__(self, settings: Settings, theme: Theme, client: RenderClient | None = None) -> None:
        super().__init__()
        self.settings, self.theme = settings, theme
        self.session = Session(self)
        self.background = Background(self)
        self.background.hold()  # until the window has loaded what jobs import
        self.client = client or RenderClient(self)
        self._owns_client = client is None
        self.reading = Reading(self.background, self)
        self.sampling_job = LiveSampling(self.session, self.background)
        Answering(self.session, self.background)
        self.trained = Trained(self.background)
        commands = Commands(self)
        ask, export = commands.open_dataset, commands.export_evaluation
        self.desk = DatasetDesk(self.session, self.background, theme, settings, ask, export)
        self.opening = Opening(self.session, self.reading, self.desk.shelf, settings, self)
        self.autosave = Autosave(self.session, self.background, settings.folder)
        self.thumbnails = Thumbnails(self.background, self.client, settings.folder / "thumbnails")

        self.start_page = StartPage(
            commands.open_files,
            lambda path: self.opening.open_paths([path]),
            commands.open_furniture,
        )
        self.board = Board(self)
        self.comparing = LiveComparison(self.session, self.background, self.board)
        self.grid = Grid(self.session, self.background, theme, self.client, self.board, self.trained)
        compared = SideBySide(self.session, self.background, theme, self.client, self.board, self.grid)
        self.stage = Stage(self.session, self.background, theme, self.client, self.start_page, compared)
        self.pictures = Pictures(self.session, self.background, self.stage, self)
        self.setCentralWidget(self.stage)
        self.clouds = CloudsPanel(self.session, theme, commands.open_files)
        self.clouds.export_wanted.connect(commands.export_clouds)
        self.clouds.samples_wanted.connect(commands.sample_each)
        self.sampling = SamplingPanel(
            self.session,
            theme,
            self.trained,
            commands.export_sampling,
            commands.copy_command,
            commands.import_weights,
        )
        self.attention = AttentionPanel(self.session, theme, commands.save_steps)
        self.table = TablePanel(self.session, theme, self.board)
        self.training = TrainingDesk(self.session, self.background, self.trained, theme, settings)
        self.what_if = WhatIfPanel(self.session)
        self.curves = CurvesPanel(self.session, theme, self.board, self.comparing)
        self.curves.export.clicked.connect(commands.export_curves)
        self.docks = [
            self._dock("Clouds", self.clouds, Side.LeftDockWidgetArea),
            self._dock("Sampling", self.sampling, Side.RightDockWidgetArea),
            self._dock("Attention", self.attention, Side.BottomDockWidgetArea),
            self._dock("Table", self.table, Side.BottomDockWidgetArea),
            self._dock("Plot", self.curves, Side.BottomDockWidgetArea),
            self._dock("Training", scrolling(self.training.panel, "Training"), Side.BottomDockWidgetArea),
            self._dock("What if", self.what_if, Side.RightDockWidgetArea),
            self._dock("Dataset", self.desk.panel, Side.LeftDockWidgetArea),
            self._dock("Evaluation", self.desk.evaluation, Side.BottomDockWidgetArea),
        ]
        self.setCorner(Qt.Corner.BottomLeftCorner, Side.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Side.RightDockWidgetArea)

        self.actions_by_id = build(ACTIONS, commands, self)
        fill_menus(self)
        bar, self._search = toolbar(self)
        self.addToolBar(bar)
        self.status = Status(self.session, self.background, self._cancel)
        self.setStatusBar(self.status)
        self.toasts = Toasts(self, theme, self.stage)
        self._connect()
        self._retint()
        self._retitle()
        self.start_page.show_recent(settings.recent())
        self.setAcceptDrops(True)
        self.setAccessibleName("APSNet Studio")
        for dock in [*self.docks[3:6], self.docks[8]]:
            self.tabifyDockWidget(self.docks[2], dock)
        self.docks[2].raise_()
        self.tabifyDockWidget(self.docks[1], self.docks[6])
        self.docks[1].raise_()
        self.tabifyDockWidget(self.docks[0], self.docks[7])
        self.docks[7].hide()  # until a dataset is open
        self.resize(1280, 800)
        self.resizeDocks([self.docks[2]], [STEPS_HIGH], Qt.Orientation.Vertical)
        self.resizeDocks([self.docks[0]], [CLOUDS_WIDE], Qt.Orientation.Horizontal)
        self._default_state = self.saveState(LAYOUT_VERSION)
        self.restoreGeometry(settings.state("geometry"))
        self.restoreState(settings.state("layout"), LAYOUT_VERSION)
        self._shown = False
        self._hidden_for_comparison = False

    def _connect(self) -> None:
        session = self.session
        session.changed.connect(self._refresh)
        session.changed.connect(self._make_room)
        session.sampled.connect(self._refresh)
        session.history_changed.connect(self._refresh)
        self.stage.start_shown.connect(self.thumbnails.start)
        session.history_changed.connect(self._retitle)
        session.notice.connect(self.toasts.show_message)
        self.trained.changed.connect(self.comparing.forget_rollouts)
        self.trained.notice.connect(self.toasts.show_message)
        self.training.shown.connect(self.show_training)
        self.training.renewed.connect(self.sampling_job.renew)
        self.training.renewed.connect(self.comparing.renew)
        self.theme.changed.connect(self._retint)
        self._listen(self.view)
        self.grid.made.connect(lambda cell: self._listen(cell.view))
        self.client.restarted.connect(self.toasts.show_warning)
        self.client.unavailable.connect(self.toasts.show_error)
        self.desk.shown.connect(self.show_dataset)
        self.desk.evaluation_shown.connect(self.show_evaluation)
        self.opening.recent_changed.connect(lambda: self.start_page.show_recent(self.settings.recent()))
        self.thumbnails.ready.connect(self.start_page.show_thumbnail)
        self.thumbnails.notice.connect(self.toasts.show_message)
        self.background.unheard.connect(self.toasts.show_error)

    @property
    def view(self) -> ViewWidget:
        """The view that is looked at."""
        return self.stage.view

    def _listen(self, view: ViewWidget) -> None:
        view.frame_drawn.connect(self.status.show_frame)
        view.hovered.connect(self.status.show_pick)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            if self.session.document.lineup.shown:
                self._arrange(True)
            QTimer.singleShot(AFTER_SHOWN_MS, self, self._begin)

    def _begin(self) -> None:
        """What can wait until the window is on the screen."""
        gc.disable()  # until all that is needed is loaded
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()  # styled now, what is hidden yet appears without a pause
        self.reading.warm()
        if not self.reading.busy:
            self.thumbnails.start()
        self.trained.refresh().ended.connect(self._load_torch)

    def _load_torch(self) -> None:
        job = self.background.start("Loading torch", load_torch, lane="warm-up", at_once=True)
        job.done.connect(self.status.show_device)
        job.ended.connect(self._work)

    def _work(self) -> None:
        """What the jobs need is there: they may run, and trainings be watched."""
        search_for_garbage()
        self.background.release()
        self.training.training.look()

    # --- parts ---

    def _dock(self, name: str, panel: QWidget, side: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(name, self)
        dock.setObjectName(name)
        dock.setTitleBarWidget(DockTitle(dock, self.theme))
        dock.setWidget(panel)
        self.addDockWidget(side, dock)
        return dock

    # --- keeping up ---

    def _refresh(self, *_: object) -> None:
        refresh(ACTIONS, self.actions_by_id, self.session)

    def _retint(self) -> None:
        for action in ACTIONS:
            if action.icon:
                self.actions_by_id[action.id].setIcon(self.theme.icon(action.icon))
        self._search.setText(SEARCH)  # its action has its own
        self._refresh()

    def _retitle(self) -> None:
        file = self.session.file
        self.setWindowTitle(f"{file.stem if file else 'APSNet Studio'}[*]")
        self.setWindowModified(self.session.modified)

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked for is done and drawn."""
        busy = self.reading.busy or self.session.busy or self.comparing.busy or self.desk.panel.is_stepping
        idle = not busy and not self.background.jobs and self.table.is_filled
        return idle and (self.session.document.active is None or self.stage.is_settled)

    def _make_room(self, before: Document, after: Document) -> None:
        if before.lineup.shown != after.lineup.shown and self._shown:
            self._arrange(after.lineup.shown)

    def _arrange(self, comparing: bool) -> None:
        """Methods side by side need width, and their table beneath them."""
        clouds, _, _, table = self.docks[:4]
        if comparing:
            table.show()
            table.raise_()
            self.resizeDocks([table], [self.table.wanted_height], Qt.Orientation.Vertical)
            self._hidden_for_comparison = not clouds.isHidden() and self.width() < WIDE
            if self._hidden_for_comparison:
                clouds.hide()
            self.view.setFocus()
        elif self._hidden_for_comparison:
            self._hidden_for_comparison = False
            clouds.show()

    def show_palette(self) -> None:
        palette = CommandPalette(self, ACTIONS, self.actions_by_id)
        palette.show()
        palette.search.setFocus()

    def show_training(self) -> None:
        self._show_dock(self.docks[5], ROOMY)

    def show_what_if(self) -> None:
        self._show_dock(self.docks[6])

    def show_dataset(self) -> None:
        self._show_dock(self.docks[7])

    def show_evaluation(self) -> None:
        self._show_dock(self.docks[8], ROOMY)

    def _show_dock(self, dock: QDockWidget, height: int = 0) -> None:
        """Before the other docks, at least so many pixels high."""
        dock.show()
        dock.raise_()
        self._give_height(dock, height)

    def _give_height(self, dock: QDockWidget, height: int) -> None:
        if dock.height() < height:
            self.resizeDocks([dock], [height], Qt.Orientation.Vertical)

    def reset_layout(self) -> None:
        self.restoreState(self._default_state, LAYOUT_VERSION)

    def _cancel(self) -> None:
        """Stop what the status bar shows."""
        self.reading.cancel()
        self.background.cancel_all()

    def offer_restore(self, file: Path) -> None:
        """Say that an autosave was left behind by a crash, and offer to open it."""
        self.toasts.show_message(
            "warning",
            "APSNet Studio did not end as it should last time. What you had open was saved.",
            ("Restore", lambda: self.opening.open_project(file, autosaved=True)),
        )

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Past panels behind another's tab, and the tabs of one panel alone: Qt goes there, out of sight."""
        start = self.focusWidget()
        while super().focusNextPrevChild(forward):
            part = focused = self.focusWidget()
            while (parent := part.parentWidget()) and parent is not self:
                part = parent
            if focused is start or not all(seen.visibleRegion().isEmpty() for seen in (focused, part)):
                return True
        return False

    def childEvent(self, event: QChildEvent) -> None:
        """Qt makes tabs for docks that lie behind one another, whenever it needs some."""
        super().childEvent(event)
        tabs = event.child()
        if event.polished() and isinstance(tabs, QTabBar):
            tabs.setAccessibleName("Panels")

    # --- in and out ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        self.opening.open_paths(paths)
        event.acceptProposedAction()

    def may_lose_changes(self) -> bool:
        """Ask what becomes of unsaved changes to a project that has a file; others are not asked about."""
        if self.session.file is None or not self.session.modified:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self,
            "Unsaved changes",
            f"Save the changes to {self.session.file.name}?",
            button.Save | button.Discard | button.Cancel,
        )
        if answer == button.Save:
            project.save(self.session, self.session.file)
            self.session.saved_as(self.session.file)
        return answer != button.Cancel

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self.may_lose_changes() and self.training.may_close()):
            event.ignore()
            return
        self.settings.put("geometry", self.saveGeometry())
        self.settings.put("layout", self.saveState(LAYOUT_VERSION))
        self.settings.sync()
        self.thumbnails.close()
        self.reading.close()
        self.training.close()
        self.background.close()
        self.autosave.remove()
        if self._owns_client:
            self.client.shutdown()
        event.accept()
