"""Lets a user click an object of a scan, to keep only this object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apsnet_gui.jobs.cuts import Cuts
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.views.cloud_tool import CloudTool
from apsnet_gui.views.hand import Hand
from apsnet_gui.views.one_click import OneClick

if TYPE_CHECKING:
    from apsnet_core.editing.steps import EditStep  # imports pydantic, which would delay the start


class ObjectPicking(OneClick, CloudTool):
    """A click chooses the object; floor, walls and all other objects are removed."""

    def __init__(self, hand: Hand, cuts: Cuts) -> None:
        super().__init__(hand)
        self._cuts = cuts
        self.clicked.connect(self._keep)

    def _keep(self, entry: OpenShape, at: tuple[float, float, float]) -> None:
        x, y, z = (entry.shape.offset + at).tolist()

        by = self.hand.session.selected.objects_by

        def step() -> EditStep:
            from apsnet_core.editing.steps import Object

            return Object(at=(x, y, z), clusters=by)

        self._cuts.apply(entry, "Pick an object", step)
