"""A tool that works on the unchanged points of the current cloud."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud
from apsnet_gui.state.document import Document
from apsnet_gui.views.hand import Tool


class CloudTool(Tool):
    """A tool that can be held only while a visible cloud, not changed by a what-if, is current."""

    def take(self) -> None:
        document = self.hand.session.document
        if not _is_cloud(document):
            return
        if why := _hindrance(document):
            self.hand.session.notice.emit("warning", why)
        else:
            super().take()

    def stays(self, before: Document, after: Document) -> bool:
        return _is_cloud(after) and not _hindrance(after)


def _is_cloud(document: Document) -> bool:
    active = document.active
    return active is not None and isinstance(active.shape, PointCloud)


def _hindrance(document: Document) -> str:
    """A sentence why tools cannot work on the current cloud; empty if they can."""
    active = document.active
    if document.what_if.change:
        return "This works on the cloud as it is: undo the changes of What if first."
    if active is not None and not active.visible and not document.lineup.shown:
        return f"{active.name} is current, and hidden: show it by its eye in Clouds, or choose another cloud."
    return ""
