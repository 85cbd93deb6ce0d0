"""Parts that the main window opens without; each is imported and made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMainWindow

from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.messages import Messages
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme

if TYPE_CHECKING:
    from apsnet_gui.comparison.live import LiveComparison
    from apsnet_gui.comparison.results import ComparisonResults
    from apsnet_gui.jobs.autosave import Autosave
    from apsnet_gui.jobs.cuts import Cuts
    from apsnet_gui.jobs.reading import Reading
    from apsnet_gui.jobs.sampling import LiveSampling
    from apsnet_gui.jobs.selecting import Selecting
    from apsnet_gui.state.project_claim import ProjectClaim
    from apsnet_gui.viewport.client import RenderClient
    from apsnet_gui.views.clean_tool import CleanTool
    from apsnet_gui.views.crop_tool import CropTool
    from apsnet_gui.views.floor_picking import FloorPicking
    from apsnet_gui.views.hand import Hand
    from apsnet_gui.views.measuring import Measuring
    from apsnet_gui.views.object_picking import ObjectPicking
    from apsnet_gui.views.select_tool import SelectTool
    from apsnet_gui.window.network_device import NetworkDevice


class LaterParts(QMainWindow):
    """The jobs and tools that work on open shapes.

    Those that listen to the document are made before its first change, see `tools`.
    """

    session: Session
    settings: Settings
    theme: Theme
    background: Background
    messages: Messages
    weights_list: WeightsList

    tool_changed = Signal()
    view_made = Signal(object)  # the `ViewWidget` of the single view or of a compared method

    def __init__(self, client: RenderClient | None) -> None:
        super().__init__()
        self._shared_client = client

    @cached_property
    def client(self) -> RenderClient:
        """The connection to the renderer process."""
        from apsnet_gui.viewport.client import RenderClient

        client = self._shared_client or RenderClient(self, at_once=False)
        client.restarted.connect(self.messages.warn)
        client.flat.connect(self.messages.warn)
        client.unavailable.connect(self.messages.fail)
        return client

    @cached_property
    def reading(self) -> Reading:
        """Reads files in a separate process."""
        from apsnet_gui.jobs.reading import Reading

        return Reading(self.background, self)

    @cached_property
    def network_device(self) -> NetworkDevice:
        """Chooses the device that networks run on."""
        from apsnet_gui.window.network_device import NetworkDevice

        return NetworkDevice(self.settings, self.background)

    @cached_property
    def sampling_job(self) -> LiveSampling:
        """Samples the current shape."""
        from apsnet_gui.colourings.registry import colourings
        from apsnet_gui.jobs.answering import Answering
        from apsnet_gui.jobs.estimated_colours import EstimatedColours
        from apsnet_gui.jobs.freed_memory import FreedMemory
        from apsnet_gui.jobs.normals import Normals
        from apsnet_gui.jobs.sampling import LiveSampling

        made = LiveSampling(self.session, self.background)
        Answering(self.session, self.background)
        Normals(self.session, self.background)
        for row in colourings():
            if row.estimate is not None:
                EstimatedColours(self.session, self.background, row)
        FreedMemory(self.session, self.background)
        return made

    @cached_property
    def hand(self) -> Hand:
        """Holds the tool in use."""
        from apsnet_gui.views.hand import Hand

        made = Hand(self.session)
        made.changed.connect(self.tool_changed)
        return made

    @cached_property
    def floor(self) -> FloorPicking:
        """The tool that lets a click choose the face that becomes the floor."""
        from apsnet_gui.views.floor_picking import FloorPicking

        return FloorPicking(self.hand, self.background)

    @cached_property
    def cuts(self) -> Cuts:
        """Cuts clouds."""
        from apsnet_gui.jobs.cuts import Cuts

        return Cuts(self.session, self.background)

    @cached_property
    def measuring(self) -> Measuring:
        """The tool that measures distances."""
        from apsnet_gui.views.measuring import Measuring

        return Measuring(self.hand)

    @cached_property
    def selecting(self) -> Selecting:
        """Computes the selected points."""
        from apsnet_gui.jobs.selecting import Selecting

        return Selecting(self.session, self.background)

    @cached_property
    def select(self) -> SelectTool:
        """The tool that selects points."""
        from apsnet_gui.views.select_tool import SelectTool

        return SelectTool(self.hand, self.selecting)

    @cached_property
    def crop(self) -> CropTool:
        """The tool with the crop box."""
        from apsnet_gui.views.crop_tool import CropTool

        return CropTool(self.hand, self.background, self.cuts)

    @cached_property
    def clean(self) -> CleanTool:
        """The tool that removes outliers, duplicates, and floor and walls."""
        from apsnet_gui.views.clean_tool import CleanTool

        return CleanTool(self.hand, self.background, self.cuts)

    @cached_property
    def objects(self) -> ObjectPicking:
        """The tool that picks an object of a scan."""
        from apsnet_gui.views.object_picking import ObjectPicking

        return ObjectPicking(self.hand, self.cuts)

    @cached_property
    def results(self) -> ComparisonResults:
        """The results of the compared methods."""
        from apsnet_gui.comparison.results import ComparisonResults

        return ComparisonResults(self)

    @cached_property
    def comparing(self) -> LiveComparison:
        """Compares methods."""
        from apsnet_gui.comparison.live import LiveComparison

        made = LiveComparison(self.session, self.background, self.results)
        self.weights_list.changed.connect(made.forget_rollouts)
        return made

    @cached_property
    def autosave(self) -> Autosave:
        """Saves unsaved work automatically."""
        from apsnet_gui.jobs.autosave import Autosave

        return Autosave(self.session, self.background, self.settings.folder)

    @cached_property
    def claim(self) -> ProjectClaim:
        """Prevents other windows from overwriting the project that is open here."""
        from apsnet_gui.state.project_claim import ProjectClaim

        return ProjectClaim(self.settings.folder)

    def tools(self) -> list[Callable[[], object]]:
        """Functions that make the jobs and tools that listen to the document, in this order."""
        return [
            lambda: self.client,
            lambda: self.sampling_job,
            lambda: self.hand,
            lambda: self.floor,
            lambda: self.cuts,
            lambda: self.measuring,
            lambda: self.selecting,
            lambda: self.select,
            lambda: self.crop,
            lambda: self.clean,
            lambda: self.objects,
            lambda: self.comparing,
            lambda: self.autosave,
        ]
