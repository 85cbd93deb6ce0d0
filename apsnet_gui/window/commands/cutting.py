"""The commands of the Cloud menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from apsnet_gui.jobs.cuts import Cuts
from apsnet_gui.jobs.cutting import FoundObjects
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.views.clean_tool import CleanTool
from apsnet_gui.views.crop_tool import CropTool
from apsnet_gui.views.hand import Tool
from apsnet_gui.views.object_picking import ObjectPicking
from apsnet_gui.window.objects_dialog import ObjectsDialog

if TYPE_CHECKING:
    from apsnet_core.editing.objects import Clusters
    from apsnet_core.editing.steps import EditStep  # imports pydantic, which the start avoids


class CutCommands:
    """Removes points of the current cloud, or separates its objects."""

    def __init__(
        self,
        window: QWidget,
        client: RenderClient,
        session: Session,
        cuts: Cuts,
        objects: ObjectPicking,
        crop: CropTool,
        clean: CleanTool,
    ) -> None:
        self._window, self._client = window, client
        self._session, self._cuts, self._objects = session, cuts, objects
        self._crop, self._clean = crop, clean

    def leave_out(self, what: str) -> None:
        """Remove "outliers", "duplicates" or "planes" (floor, walls and ceiling)."""
        titles = {
            "outliers": "Remove outliers",
            "duplicates": "Remove duplicates",
            "planes": "Remove floor and walls",
        }
        entry = self._session.document.active
        if entry is not None:
            self._cuts.apply(entry, titles[what], _step(what))

    def crop(self) -> None:
        """Take up the crop box, or put it down."""
        _take_or_leave(self._crop)

    def clean(self) -> None:
        """Take up the cleaning tool, or put it down."""
        _take_or_leave(self._clean)

    def pick_object(self) -> None:
        """Let the next click keep only the object under the pointer."""
        self._objects.take()
        if self._objects.held:
            self._session.notice.emit("info", "Click an object to keep only that object. Esc cancels.")

    def split(self) -> None:
        """List the objects of the current cloud with picture and size, to open all or some of them."""
        entry = self._session.document.active
        if entry is not None:
            self._cuts.find_objects(entry, self._show_objects)

    def tell_objects(self, by: Clusters) -> None:
        """Separate objects by gaps ("dbscan") or by density ("hdbscan") from now on."""
        self._session.selected.tell_objects(by)

    def _show_objects(self, entry: OpenShape, found: FoundObjects) -> None:
        dialog = ObjectsDialog(
            self._window,
            self._client,
            self._session,
            entry,
            found,
            lambda chosen: self._cuts.open_objects(entry, chosen),
        )
        dialog.asked.connect(
            lambda reach: self._cuts.find_objects(
                entry, lambda _, again: dialog.show_found(again), reach, dialog.rest
            )
        )
        dialog.show()


def _take_or_leave(tool: Tool) -> None:
    if tool.held:
        tool.put_down()
    else:
        tool.take()


def _step(what: str) -> Callable[[], EditStep]:
    def make() -> EditStep:
        from apsnet_core.editing import steps

        made: dict[str, EditStep] = {
            "outliers": steps.Outliers(),
            "duplicates": steps.Duplicates(),
            "planes": steps.Planes(),
        }
        return made[what]

    return make
