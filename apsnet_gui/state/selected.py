"""The selected points of the open clouds. They are not part of the document; edits made with them are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from apsnet_core.types import Mask

if TYPE_CHECKING:
    from apsnet_core.editing.objects import Clusters  # imports the clustering, which the start avoids

REMEMBERED = 8  # most clouds whose selection is kept, so that it comes back when a cut is undone


@dataclass(frozen=True, eq=False)
class Mark:
    """Points of the shape ``entry`` that views highlight, or fade; ``mask`` (n,) covers all its points."""

    entry: str
    mask: Mask
    faded: bool = False


class Selected(QObject):
    """The selected points of each cloud, by its id. ``tool`` is the name of the tool that selects, or empty.

    Hidden points are not selected; they return to the selection when they are shown again, for example by an
    undo. A preview, the points that a tool would remove, replaces the selection while it is set.
    ``objects_by`` is the way in which the objects of a scan are separated.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.tool = ""
        self.objects_by: Clusters = "dbscan"
        self._whole: dict[str, Mask] = {}  # the selections including points that are now hidden
        self._chosen: dict[str, Mark] = {}
        self._preview: Mark | None = None

    def of(self, entry: str | None) -> Mask | None:
        """The mask of the selected points of a cloud, None if there are none."""
        mark = self._chosen.get(entry or "")
        return mark.mask if mark is not None else None

    def choose(self, entry: str, mask: Mask | None) -> None:
        """Select these points of a cloud; an empty mask or None clears its selection."""
        self._whole.pop(entry, None)
        if mask is not None and mask.any():
            self._whole[entry] = mask
        while len(self._whole) > REMEMBERED:
            oldest = next(iter(self._whole))
            del self._whole[oldest]
            self._chosen.pop(oldest, None)
        self.see(entry, self.whole(entry))

    def whole(self, entry: str) -> Mask | None:
        """The selected points of a cloud, including those that are now hidden; None if there are none."""
        return self._whole.get(entry)

    def see(self, entry: str, mask: Mask | None) -> None:
        """Set which of the selected points of a cloud are not hidden."""
        before = self._chosen.pop(entry, None)
        if mask is not None and mask.any():
            self._chosen[entry] = Mark(entry, mask)
        elif before is None:
            return
        self.changed.emit()

    def hold(self, tool: str) -> None:
        """Set the name of the tool that selects."""
        if tool != self.tool:
            self.tool = tool
            self.changed.emit()

    def tell_objects(self, by: Clusters) -> None:
        """Set how objects are separated from now on."""
        if by != self.objects_by:
            self.objects_by = by
            self.changed.emit()

    def preview(self, mark: Mark | None) -> None:
        """Show ``mark`` instead of the selection; None shows the selection again."""
        if mark is not self._preview:
            self._preview = mark
            self.changed.emit()

    def mark(self, entry: str | None) -> Mark | None:
        """The mark to show on a cloud: the preview if there is one, else the selection."""
        if self._preview is not None:
            return self._preview if self._preview.entry == entry else None
        return self._chosen.get(entry or "")
