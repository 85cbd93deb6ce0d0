"""Makes the parts of the main window, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QMainWindow,
    QWidget,
)

from apsnet_gui.colourings.registry import colourings
from apsnet_gui.comparison.live import LiveComparison
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.dataset.dataset import DatasetFeature
from apsnet_gui.jobs.answering import Answering
from apsnet_gui.jobs.autosave import Autosave
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.cuts import Cuts
from apsnet_gui.jobs.estimated_colours import EstimatedColours
from apsnet_gui.jobs.freed_memory import FreedMemory
from apsnet_gui.jobs.normals import Normals
from apsnet_gui.jobs.reading import Reading
from apsnet_gui.jobs.sampling import LiveSampling
from apsnet_gui.jobs.selecting import Selecting
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.attention import AttentionPanel
from apsnet_gui.panels.clouds import CloudsPanel
from apsnet_gui.panels.sampling import SamplingPanel
from apsnet_gui.state.messages import Messages
from apsnet_gui.state.project_claim import ProjectClaim
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.training import TrainingFeature
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.clean_tool import CleanTool
from apsnet_gui.views.crop_tool import CropTool
from apsnet_gui.views.floor_picking import FloorPicking
from apsnet_gui.views.hand import Hand
from apsnet_gui.views.measuring import Measuring
from apsnet_gui.views.object_picking import ObjectPicking
from apsnet_gui.views.select_tool import SelectTool
from apsnet_gui.widgets.form_rows import scrolling
from apsnet_gui.window.action import build
from apsnet_gui.window.actions import all_actions
from apsnet_gui.window.central import CentralView
from apsnet_gui.window.clean_bar import CleanBar
from apsnet_gui.window.command_palette import CommandPalette
from apsnet_gui.window.commands.commands import Commands
from apsnet_gui.window.commands.comparing import ComparisonCommands
from apsnet_gui.window.commands.cutting import CutCommands
from apsnet_gui.window.commands.dataset import DatasetCommands
from apsnet_gui.window.commands.editing import EditCommands
from apsnet_gui.window.commands.exports import ExportCommands
from apsnet_gui.window.commands.file_names import FileNames
from apsnet_gui.window.commands.files import FileCommands
from apsnet_gui.window.commands.hiding import HideCommands
from apsnet_gui.window.commands.program import ProgramCommands
from apsnet_gui.window.commands.sampling import SamplingCommands
from apsnet_gui.window.commands.selecting import SelectCommands
from apsnet_gui.window.commands.view import ViewCommands
from apsnet_gui.window.crop_bar import CropBar
from apsnet_gui.window.docks import Docks
from apsnet_gui.window.menus import fill_menus, toolbar
from apsnet_gui.window.network_device import NetworkDevice
from apsnet_gui.window.opening import Opening
from apsnet_gui.window.save_pictures import PictureWriter
from apsnet_gui.window.select_bar import SelectBar
from apsnet_gui.window.start_page import StartPage
from apsnet_gui.window.status_bar import Status
from apsnet_gui.window.thumbnails import Thumbnails
from apsnet_gui.window.toasts import Toasts

if TYPE_CHECKING:
    from apsnet_gui.comparison.grid import Grid
    from apsnet_gui.comparison.plot_panel import CurvesPanel
    from apsnet_gui.comparison.table_panel import TablePanel
    from apsnet_gui.comparison.toolbar import ComparisonView
    from apsnet_gui.panels.what_if import WhatIfPanel


class WindowParts(QMainWindow):
    """Session, jobs, panels, docks, commands, menus and bars, not yet connected."""

    cell_made = Signal(object)  # the `ViewWidget` of a compared method

    def __init__(self, settings: Settings, theme: Theme, client: RenderClient | None) -> None:
        super().__init__()
        self.settings, self.theme = settings, theme
        self.client = client or RenderClient(self, at_once=False)
        self._make_workers()
        self._make_central()
        self._make_panels()
        self.docks = Docks(self, theme, self._panels)
        self.commands = self._make_commands()
        self._make_bars()

    @property
    def view(self) -> ViewWidget:
        """The present view."""
        return self.central.view

    def show_palette(self) -> None:
        """Open the search through all actions."""
        palette = CommandPalette(self, self.all_actions, self.actions_by_id)
        palette.show()
        palette.search.setFocus()

    def _make_workers(self) -> None:
        """Make the objects that work in the background."""
        settings = self.settings
        self.session = Session(self)
        self.messages = Messages(self)
        self.background = Background(self)
        self.background.hold()  # until the window has loaded what jobs import
        self.network_device = NetworkDevice(settings, self.background)
        self.reading = Reading(self.background, self)
        self.sampling_job = LiveSampling(self.session, self.background)
        Answering(self.session, self.background)
        Normals(self.session, self.background)
        for row in colourings():
            if row.estimate is not None:
                EstimatedColours(self.session, self.background, row)
        FreedMemory(self.session, self.background)
        self.hand = Hand(self.session)
        self.floor = FloorPicking(self.hand, self.background)
        self.cuts = Cuts(self.session, self.background)
        self.measuring = Measuring(self.hand)
        self.selecting = Selecting(self.session, self.background)
        self.select = SelectTool(self.hand, self.selecting)
        self.crop = CropTool(self.hand, self.background, self.cuts)
        self.clean = CleanTool(self.hand, self.background, self.cuts)
        self.objects = ObjectPicking(self.hand, self.cuts)
        self.weights_list = WeightsList(self.background)
        self.results = ComparisonResults(self)
        self.comparing = LiveComparison(self.session, self.background, self.results)
        self.autosave = Autosave(self.session, self.background, settings.folder)
        self.thumbnails = Thumbnails(self.background, self.client, settings.folder / "thumbnails")
        self.dataset = DatasetFeature(
            self.session,
            self.background,
            self.theme,
            self.weights_list,
            settings,
            ask=lambda: self.commands.files.open_dataset(),
            export=lambda: self.commands.dataset.export_evaluation(),
        )
        self.claim = ProjectClaim(settings.folder)
        self.opening = Opening(
            self.session,
            self.reading,
            self.dataset.current_dataset,
            settings,
            self,
            self.claim,
            may_replace=lambda: self.commands.files.may_lose_changes(),
        )

    def _make_central(self) -> None:
        """Make the start page, the single view and the comparison."""
        session, background, theme, client = self.session, self.background, self.theme, self.client
        self.start_page = StartPage(
            lambda: self.commands.files.open_files(),
            lambda path: self.opening.open_paths([path]),
            lambda: self.commands.files.open_furniture(),
        )
        self.central = CentralView(session, background, theme, client, self.start_page, self._make_compared)
        self.pictures = PictureWriter(session, background, self.central, self)
        self.setCentralWidget(self.central)

    def _make_compared(self) -> ComparisonView:
        from apsnet_gui.comparison.grid import Grid
        from apsnet_gui.comparison.toolbar import ComparisonView

        given = self.session, self.background, self.theme, self.client, self.results, self.weights_list
        grid = Grid(*given)
        grid.made.connect(lambda cell: self.cell_made.emit(cell.view))
        return ComparisonView(*given, grid)

    @property
    def grid(self) -> Grid:
        """The views of the compared methods."""
        return self.central.compared.grid

    def _make_panels(self) -> None:
        """Make the panels, by the name of their dock."""
        session, theme = self.session, self.theme
        self.clouds = CloudsPanel(
            session, self.background, theme, self.floor, lambda: self.commands.files.open_files()
        )
        self.sampling = SamplingPanel(
            session,
            theme,
            self.weights_list,
            lambda: self.commands.exports.export_sampling(),
            lambda: self.commands.editing.copy_command(),
            lambda: self.commands.sampling.import_weights(),
        )
        self.attention = AttentionPanel(session, theme, lambda: self.commands.exports.save_steps())
        self.training = TrainingFeature(session, self.background, self.weights_list, theme, self.settings)
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

    # The window appears without these: they are imported and made when they are first asked for.

    @cached_property
    def table(self) -> TablePanel:
        """The comparison in numbers."""
        from apsnet_gui.comparison.table_panel import TablePanel

        return TablePanel(self.session, self.theme, self.results)

    @cached_property
    def curves(self) -> CurvesPanel:
        """The comparison's plot."""
        from apsnet_gui.comparison.plot_panel import CurvesPanel

        made = CurvesPanel(self.session, self.theme, self.results, self.comparing)
        made.export.clicked.connect(lambda: self.commands.comparing.export_curves())
        return made

    @cached_property
    def what_if(self) -> WhatIfPanel:
        """Changes of the cloud and of the samples."""
        from apsnet_gui.panels.what_if import WhatIfPanel

        return WhatIfPanel(self.session)

    def _make_messages(self) -> QWidget:
        from apsnet_gui.panels.messages import MessagesPanel

        return MessagesPanel(self.messages, self.theme)

    def _make_commands(self) -> Commands:
        """Make the commands; each feature is given the parts that it needs."""
        session, background, docks, central = self.session, self.background, self.docks, self.central
        names = FileNames(self, self.settings)
        return Commands(
            files=FileCommands(self, session, self.settings, self.opening, self.claim, names),
            exports=ExportCommands(self, session, background, central, self.pictures, names),
            editing=EditCommands(session, self.clouds, central, lambda: self.table, self.settings.folder),
            cutting=CutCommands(self, self.client, session, self.cuts, self.objects, self.crop, self.clean),
            view=ViewCommands(session, central, self.floor, self.measuring),
            selecting=SelectCommands(self, background, session, self.selecting, self.select, self.cuts),
            hiding=HideCommands(session, background),
            comparing=ComparisonCommands(
                self,
                session,
                background,
                self.comparing,
                self.results,
                lambda: self.curves,
                docks,
                names,
                self.settings.folder,
            ),
            sampling=SamplingCommands(
                session,
                self.sampling_job,
                self.comparing,
                self.sampling,
                self.attention,
                self.weights_list,
                names,
            ),
            dataset=DatasetCommands(session, self.dataset, docks, names),
            program=ProgramCommands(
                self,
                self.settings,
                self.theme,
                self.training,
                docks,
                self.network_device.choose,
                self.show_palette,
            ),
        )

    def _make_bars(self) -> None:
        """Make actions, menus, toolbar, status bar and messages."""
        self.all_actions = all_actions()
        self.actions_by_id = build(self.all_actions, self.commands, self)
        panels = [dock.toggleViewAction() for dock in self.docks]
        fill_menus(
            self,
            self.actions_by_id,
            panels,
            self.settings,
            self.opening.open_paths,
            self._forget_recent,
        )
        bar, self.search = toolbar(self, self.actions_by_id)
        self.addToolBar(bar)
        self.status = Status(
            self.session, self.background, self._cancel, self.messages, self.commands.program.show_messages
        )
        self.setStatusBar(self.status)
        self.select_bar = SelectBar(
            self.central, self.session, self.background, self.select, self.actions_by_id
        )
        self.crop_bar = CropBar(self.central, self.crop)
        self.clean_bar = CleanBar(self.central, self.clean)
        bars = self.select_bar, self.crop_bar, self.clean_bar
        self.toasts = Toasts(self, self.theme, self.central, self.messages, bars)

    def _forget_recent(self) -> None:
        self.settings.forget_recent()
        self.start_page.show_recent([])

    def _cancel(self) -> None:
        """Cancel the job that the status bar shows."""
        self.reading.cancel()
        self.background.cancel_all()
