"""Features, hidden panels, views and commands of the main window: each is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from apsnet_gui.panels.attention import AttentionPanel
from apsnet_gui.panels.clouds import CloudsPanel
from apsnet_gui.panels.sampling import SamplingPanel
from apsnet_gui.window.action import Action
from apsnet_gui.window.bars import Bars
from apsnet_gui.window.docks import Docks
from apsnet_gui.window.start_page import StartPage

if TYPE_CHECKING:
    from apsnet_gui.comparison.grid import Grid
    from apsnet_gui.comparison.plot_panel import CurvesPanel
    from apsnet_gui.comparison.table_panel import TablePanel
    from apsnet_gui.comparison.toolbar import ComparisonView
    from apsnet_gui.dataset.dataset import DatasetFeature
    from apsnet_gui.panels.shape_facts import ShapeFacts
    from apsnet_gui.panels.what_if import WhatIfPanel
    from apsnet_gui.training.training import TrainingFeature
    from apsnet_gui.viewport.widget import ViewWidget
    from apsnet_gui.views.session_view import SessionView
    from apsnet_gui.window.commands.commands import Commands
    from apsnet_gui.window.opening import Opening
    from apsnet_gui.window.restoring import Restoring
    from apsnet_gui.window.save_pictures import PictureWriter
    from apsnet_gui.window.thumbnails import Thumbnails


class Features(Bars):
    """The features that the window opens without; `WindowParts` sets the attributes declared here."""

    start_page: StartPage
    clouds: CloudsPanel
    sampling: SamplingPanel
    attention: AttentionPanel
    docks: Docks
    all_actions: tuple[Action, ...]

    @property
    def view(self) -> ViewWidget:
        """The current view."""
        return self.central.view

    def show_palette(self) -> None:
        """Open the search through all actions."""
        from apsnet_gui.window.command_palette import CommandPalette

        palette = CommandPalette(self, self.all_actions, self.actions_by_id)
        palette.show()
        palette.search.setFocus()

    @cached_property
    def dataset(self) -> DatasetFeature:
        """The feature for the open dataset."""
        from apsnet_gui.dataset.dataset import DatasetFeature

        made = DatasetFeature(
            self.session,
            self.background,
            self.theme,
            self.weights_list,
            self.settings,
            ask=lambda: self.commands.files.open_dataset(),
            export=lambda: self.commands.dataset.export_evaluation(),
        )
        made.shown.connect(lambda: self.docks.show("Dataset"))
        made.evaluation_shown.connect(lambda: self.docks.show("Evaluation"))
        return made

    @cached_property
    def opening(self) -> Opening:
        """Opens files, folders and projects."""
        from apsnet_gui.window.opening import Opening

        made = Opening(
            self.session,
            self.reading,
            self.dataset.current_dataset,
            self.settings,
            self,
            self.claim,
            may_replace=lambda: self.commands.files.may_lose_changes(),
            take_over=lambda left: self.autosave.take_over(left),
        )
        made.recent_changed.connect(lambda: self.start_page.show_recent(self.settings.recent()))
        made.restored.connect(lambda: self.restoring.offer_the_rest())
        return made

    @cached_property
    def restoring(self) -> Restoring:
        """Offers the autosaves that crashes left behind."""
        from apsnet_gui.window.restoring import Restoring

        return Restoring(
            self,
            self.settings.folder,
            self.messages,
            self.background,
            lambda left: self.opening.open_project(left, autosaved=True),
        )

    @cached_property
    def training(self) -> TrainingFeature:
        """The feature for trainings."""
        from apsnet_gui.training.training import TrainingFeature

        made = TrainingFeature(self.session, self.background, self.weights_list, self.theme, self.settings)
        made.shown.connect(lambda: self.docks.show("Training"))
        made.renewed.connect(self.sampling_job.renew)
        made.renewed.connect(self.comparing.renew)
        return made

    @cached_property
    def pictures(self) -> PictureWriter:
        """Writes pictures of the view."""
        from apsnet_gui.window.save_pictures import PictureWriter

        return PictureWriter(self.session, self.background, self.central, self)

    @cached_property
    def thumbnails(self) -> Thumbnails:
        """Draws pictures of the bundled shapes."""
        from apsnet_gui.window.thumbnails import Thumbnails

        made = Thumbnails(self.background, self.client, self.settings.folder / "thumbnails")
        made.ready.connect(self.start_page.show_thumbnail)
        made.notice.connect(self.messages.tell)
        return made

    def _make_single(self) -> SessionView:
        from apsnet_gui.viewport.widget import ViewWidget
        from apsnet_gui.views.sample_editor import SampleEditor
        from apsnet_gui.views.session_view import SessionView

        view = ViewWidget(self.client)
        shown = SessionView(self.session, self.background, self.theme, view)
        SampleEditor(self.session, view, lambda: self.session.result)
        self.view_made.emit(view)
        return shown

    def _make_compared(self) -> ComparisonView:
        from apsnet_gui.comparison.grid import Grid
        from apsnet_gui.comparison.toolbar import ComparisonView

        given = self.session, self.background, self.theme, self.client, self.results, self.weights_list
        grid = Grid(*given)
        grid.made.connect(lambda cell: self.view_made.emit(cell.view))
        return ComparisonView(*given, grid)

    @property
    def grid(self) -> Grid:
        """The views of the compared methods."""
        return self.central.compared.grid

    def _make_facts(self) -> ShapeFacts:
        from apsnet_gui.panels.colour_scale import ColourScale
        from apsnet_gui.panels.shape_facts import ShapeFacts

        return ShapeFacts(self.session, self.floor, ColourScale(self.session, self.background, self.theme))

    @cached_property
    def table(self) -> TablePanel:
        """The table of the comparison."""
        from apsnet_gui.comparison.table_panel import TablePanel

        return TablePanel(self.session, self.theme, self.results)

    @cached_property
    def curves(self) -> CurvesPanel:
        """The plot of the comparison."""
        from apsnet_gui.comparison.plot_panel import CurvesPanel

        made = CurvesPanel(self.session, self.theme, self.results, self.comparing)
        made.export.clicked.connect(lambda: self.commands.comparing.export_curves())
        return made

    @cached_property
    def what_if(self) -> WhatIfPanel:
        """The panel for changes of the cloud and of the samples."""
        from apsnet_gui.panels.what_if import WhatIfPanel

        return WhatIfPanel(self.session)

    def _make_messages(self) -> QWidget:
        from apsnet_gui.panels.messages import MessagesPanel

        return MessagesPanel(self.messages, self.theme)

    def followers(self) -> list[Callable[[], object]]:
        """Functions that make the parts that listen to the document, in order, but none that needs numpy."""
        return [
            *self.tools(),
            lambda: self.dataset,
            lambda: self.opening,
            lambda: self.training,
            lambda: self.central.single.view,
            lambda: self.select_bar,
            lambda: self.crop_bar,
            lambda: self.clean_bar,
            lambda: self.bars,
        ]

    @cached_property
    def commands(self) -> Commands:
        """The commands behind the actions; each feature gets the parts that it needs."""
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

        session, background, docks, central = self.session, self.background, self.docks, self.central
        names, panel = FileNames(self, self.settings), self.sampling
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
                session, self.sampling_job, self.comparing, panel, self.attention, self.weights_list, names
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
