"""The commands of the Select menu: select points of the current cloud and edit the cloud by the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.editing.selection import Selection
from apsnet_core.types import Mask, Progress
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.cuts import Cuts
from apsnet_gui.jobs.selecting import Selecting, hanging_together
from apsnet_gui.state.session import Session
from apsnet_gui.views.select_tool import SelectTool
from apsnet_gui.window.field_dialog import FieldDialog

if TYPE_CHECKING:
    from apsnet_core.editing.steps import EditStep  # imports pydantic, which the start avoids


class SelectCommands:
    """Changes the selection on worker threads, or cuts the current cloud by it in one undo step."""

    def __init__(
        self,
        window: QWidget,
        background: Background,
        session: Session,
        selecting: Selecting,
        tool: SelectTool,
        cuts: Cuts,
    ) -> None:
        self._session, self._selecting, self._tool, self._cuts = session, selecting, tool, cuts
        self._window, self._background = window, background
        tool.delete_wanted.connect(self.delete)

    def draw(self, shape: str) -> None:
        """Take up the selection tool "box", "lasso", "polygon", "brush" or "piece", or put it down."""
        self._tool.draw(shape)

    def by_field(self) -> None:
        """Ask for a field, and select points by its classes or by a range of its values."""
        entry = self._session.document.active
        if entry is not None and isinstance(entry.shape, PointCloud):
            FieldDialog(
                self._window,
                self._background,
                self._session,
                entry.shape,
                lambda find: self._selecting.select("Select by a field", find),
            ).show()

    def all(self) -> None:
        """Select all points."""
        self._selecting.select("Select all", lambda cloud, chosen, _: np.ones_like(chosen))

    def none(self) -> None:
        """Clear the selection."""
        self._selecting.cancel()
        if self._session.document.current is not None:
            self._session.selected.choose(self._session.document.current, None)

    def invert(self) -> None:
        """Select the points that are not selected."""
        self._selecting.select("Invert the selection", lambda cloud, chosen, _: ~chosen, "change")

    def spread(self, way: str) -> None:
        """Let the selection "grow" or "shrink", or extend it to whole connected components ("connected")."""
        titles = {
            "grow": "Grow the selection",
            "shrink": "Shrink the selection",
            "connected": "Select the connected component",
        }
        self._selecting.select(titles[way], _SPREADS[way], "change")

    def delete(self) -> None:
        """Remove the selected points."""
        self._cut("Delete the selection", keep=False)

    def keep(self) -> None:
        """Remove all points that are not selected."""
        self._cut("Keep only the selection", keep=True)

    def extract(self) -> None:
        """Open the selected points as a separate cloud."""
        entry, mask = self._session.document.active, self._session.selected.of(self._session.document.current)
        if entry is not None and mask is not None:
            self._cuts.extract(entry, mask)

    def _cut(self, title: str, keep: bool) -> None:
        entry, mask = self._session.document.active, self._session.selected.of(self._session.document.current)
        if entry is None or mask is None:
            return

        def step() -> EditStep:
            from apsnet_core.editing.steps import Choose

            return Choose(selection=Selection.of(mask), keep=keep)

        self._cuts.apply(entry, title, step, mask if keep else ~mask)


def _grown(cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
    from apsnet_core.editing.select import Grow

    return Grow().changed(cloud, chosen, tell)


def _shrunk(cloud: PointCloud, chosen: Mask, tell: Progress) -> Mask:
    from apsnet_core.editing.select import Shrink

    return Shrink().changed(cloud, chosen, tell)


_SPREADS = {"grow": _grown, "shrink": _shrunk, "connected": hanging_together}
