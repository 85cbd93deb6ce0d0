"""Makes the parts of the main window that are visible at first, in the order of their dependencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.attention import AttentionPanel
from apsnet_gui.panels.clouds import CloudsPanel
from apsnet_gui.panels.sampling import SamplingPanel
from apsnet_gui.state.messages import Messages
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.form_rows import scrolling
from apsnet_gui.window.action import build
from apsnet_gui.window.actions import all_actions
from apsnet_gui.window.central import CentralView
from apsnet_gui.window.docks import Docks
from apsnet_gui.window.features import Features
from apsnet_gui.window.menus import fill_menus, toolbar
from apsnet_gui.window.start_page import StartPage
from apsnet_gui.window.status_bar import Status
from apsnet_gui.window.toasts import Toasts

if TYPE_CHECKING:
    from apsnet_gui.viewport.client import RenderClient


class WindowParts(Features):
    """Session, panels, docks, menus and bars, not yet connected."""

    def __init__(self, settings: Settings, theme: Theme, client: RenderClient | None) -> None:
        super().__init__(client)
        self.settings, self.theme = settings, theme
        self.session = Session(self)
        self.messages = Messages(self)
        self.background = Background(self)
        self.background.hold()  # until the modules that jobs import are loaded
        self.weights_list = WeightsList(self.background)
        self._make_central()
        self._make_panels()
        self.docks = Docks(self, theme, self._panels)
        self._make_bars()

    def _make_central(self) -> None:
        """Make the start page, and the widget that will hold the single view and the comparison."""
        self.start_page = StartPage(
            lambda: self.commands.files.open_files(),
            lambda path: self.opening.open_paths([path]),
            lambda: self.commands.files.open_furniture(),
        )
        self.central = CentralView(self.session, self.start_page, self._make_single, self._make_compared)
        self.setCentralWidget(self.central)

    def _make_panels(self) -> None:
        """Make the first panels, and functions that make the panel of each dock by its name."""
        session, theme = self.session, self.theme
        self.clouds = CloudsPanel(session, theme, self._make_facts, lambda: self.commands.files.open_files())
        self.sampling = SamplingPanel(
            session,
            theme,
            self.weights_list,
            lambda: self.commands.exports.export_sampling(),
            lambda: self.commands.editing.copy_command(),
            lambda: self.commands.sampling.import_weights(),
        )
        self.attention = AttentionPanel(session, theme, lambda: self.commands.exports.save_steps())
        self._panels: dict[str, Callable[[], QWidget]] = {
            "Clouds": lambda: self.clouds,
            "Sampling": lambda: self.sampling,
            "Attention": lambda: self.attention,
            "Table": lambda: self.table,
            "Plot": lambda: self.curves,
            "Training": lambda: scrolling(self.training.panel, "Training"),
            "What if": lambda: self.what_if,
            "Dataset": lambda: self.dataset.panel,
            "Evaluation": lambda: self.dataset.evaluation,
            "Messages": self._make_messages,
        }

    def _make_bars(self) -> None:
        """Make actions, menus, toolbar, status bar and messages."""
        self.all_actions = all_actions()
        self.actions_by_id = build(self.all_actions, lambda: self.commands, self)
        panels = [dock.toggleViewAction() for dock in self.docks]
        fill_menus(
            self,
            self.actions_by_id,
            panels,
            self.settings,
            {
                "theme": lambda: self.theme.mode,
                "text size": lambda: str(self.theme.scale),
                "device": lambda: self.settings.text("device", "cpu"),
            },
            lambda paths: self.opening.open_paths(paths),
            self._forget_recent,
        )
        bar, self.search = toolbar(self, self.actions_by_id)
        self.addToolBar(bar)
        self.status = Status(
            self.session,
            self.background,
            self._cancel,
            self.messages,
            lambda: self.commands.program.show_messages(),
        )
        self.setStatusBar(self.status)
        self.toasts = Toasts(self, self.theme, self.central, self.messages)

    def _forget_recent(self) -> None:
        self.settings.forget_recent()
        self.start_page.show_recent([])

    def _cancel(self) -> None:
        """Stop reading files, and cancel all jobs that the program does not need for itself."""
        self.reading.cancel()
        self.background.cancel_all()
