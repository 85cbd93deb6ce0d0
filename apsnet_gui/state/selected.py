"""Which points of the open clouds are chosen. It is not part of the document: what is done with them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from apsnet_core.types import Mask

if TYPE_CHECKING:
    from apsnet_core.editing.objects import Clusters  # with what makes them, which the start does without

REMEMBERED = 8  # clouds whose selection comes back when a cut is undone


@dataclass(frozen=True, eq=False)
class Mark:
    """Points of the shape ``entry`` that stand out in the views, or fade: ``mask`` (n,) of all its points."""

    entry: str
    mask: Mask
    faded: bool = False


class Selected(QObject):
    """The chosen points of each cloud, by its id. ``tool`` is the name of the tool that selects, or empty.

    What is hidden is not among them: it comes back with the points, as by an undo.

    A preview stands in the place of the selection while it is there: what a tool would leave out.
    ``objects_by`` is how the objects of a scan are told apart.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.tool = ""
        self.objects_by: Clusters = "dbscan"
        self._whole: dict[str, Mask] = {}  # what was chosen, also of points that are hidden by now
        self._chosen: dict[str, Mark] = {}
        self._preview: Mark | None = None

    def of(self, entry: str | None) -> Mask | None:
        """The chosen points of a cloud, None where there are none."""
        mark = self._chosen.get(entry or "")
        return mark.mask if mark is not None else None

    def choose(self, entry: str, mask: Mask | None) -> None:
        """Choose these points of a cloud; none or None forget what was chosen of it."""
        self._whole.pop(entry, None)
        if mask is not None and mask.any():
            self._whole[entry] = mask
        while len(self._whole) > REMEMBERED:
            oldest = next(iter(self._whole))
            del self._whole[oldest]
            self._chosen.pop(oldest, None)
        self.see(entry, self.whole(entry))

    def whole(self, entry: str) -> Mask | None:
        """What was chosen of a cloud, with what is hidden by now; None where nothing was."""
        return self._whole.get(entry)

    def see(self, entry: str, mask: Mask | None) -> None:
        """Of what was chosen of a cloud, these points are not hidden."""
        before = self._chosen.pop(entry, None)
        if mask is not None and mask.any():
            self._chosen[entry] = Mark(entry, mask)
        elif before is None:
            return
        self.changed.emit()

    def hold(self, tool: str) -> None:
        """Tell which tool selects now."""
        if tool != self.tool:
            self.tool = tool
            self.changed.emit()

    def tell_objects(self, by: Clusters) -> None:
        """Tell how objects are told apart from now on."""
        if by != self.objects_by:
            self.objects_by = by
            self.changed.emit()

    def preview(self, mark: Mark | None) -> None:
        """Show ``mark`` in the place of the selection, or the selection again."""
        if mark is not self._preview:
            self._preview = mark
            self.changed.emit()

    def mark(self, entry: str | None) -> Mark | None:
        """What to show of a cloud."""
        if self._preview is not None:
            return self._preview if self._preview.entry == entry else None
        return self._chosen.get(entry or "")
