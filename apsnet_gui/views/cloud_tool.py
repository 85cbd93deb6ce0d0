"""A tool that works on the points of the current cloud, as the file has them."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud
from apsnet_gui.state.document import Document
from apsnet_gui.views.hand import Tool


class CloudTool(Tool):
    """Is taken only where a cloud is current and seen that no what-if changes; stays while that is so."""

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
    """Why the current cloud cannot be worked on as it is seen; empty where it can."""
    active = document.active
    if document.what_if.change:
        return "This works on the cloud as it is: undo the changes of What if first."
    if active is not None and not active.visible and not document.lineup.shown:
        return f"{active.name} is current, and hidden: show it by its eye in Clouds, or choose another cloud."
    return ""
