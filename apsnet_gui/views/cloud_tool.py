"""A tool that works on the points of the current cloud, as the file has them."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud
from apsnet_gui.state.document import Document
from apsnet_gui.views.hand import Tool


class CloudTool(Tool):
    """Is taken only where a cloud is current that no what-if changes, and stays while that is so."""

    def take(self) -> None:
        document = self.hand.session.document
        if _is_cloud(document) and document.what_if.change:
            self.hand.session.notice.emit(
                "warning", "This works on the cloud as it is: undo the changes of What if first."
            )
        elif _is_cloud(document):
            super().take()

    def stays(self, before: Document, after: Document) -> bool:
        return _is_cloud(after) and not after.what_if.change


def _is_cloud(document: Document) -> bool:
    active = document.active
    return active is not None and isinstance(active.shape, PointCloud)
