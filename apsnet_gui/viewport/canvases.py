"""Chooses the canvas on which a picture is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from apsnet_gui.viewport.canvas import Canvas, CanvasPool, Size
from apsnet_gui.viewport.drawing import Drawing
from apsnet_gui.viewport.geometry import Geometry

LIGHT = 50_000  # points up to which views share a window, and may be drawn at twice their size
_SHARED = 6  # the most shared windows, each of another size


class Canvases:
    """The canvases of all views: a heavy scene has its own for full pictures, others share one per size.

    Sharing is faster, because the first picture of a new window takes longer than uploading light geometry
    to a window that exists.
    """

    def __init__(self, pool: CanvasPool) -> None:
        self.pool = pool
        self._shared: dict[Size, Canvas] = {}

    def of(self, drawing: Drawing, size: Size, whole: bool) -> Canvas:
        """The canvas for a picture of a drawing, which is a ``whole`` picture or that of a moving view."""
        own = whole and drawing.weight > LIGHT
        if drawing.own is not None and (drawing.own.size != size if own else drawing.weight <= LIGHT):
            self.pool.give_back(drawing.own)
            drawing.own = None
        if own:
            drawing.own = drawing.own or self.pool.take(size)
            return drawing.own
        canvas = self._shared.pop(size, None) or self.pool.take(size)
        self._shared[size] = canvas  # the dictionary is ordered by the last use
        while len(self._shared) > _SHARED:
            self.pool.give_back(self._shared.pop(next(iter(self._shared))))
        return canvas

    def refresh(self, drawing: Drawing, changed: list[Geometry]) -> None:
        """Upload the changed geometry of a drawing again to all canvases that show it."""
        for canvas in self._showing(drawing):
            canvas.refresh(changed)
            canvas.fresh = True

    def forget(self, drawing: Drawing) -> None:
        """Remove a drawing from all canvases: give back its own one, and clear the shared ones."""
        if drawing.own is not None:
            self.pool.give_back(drawing.own)
        for canvas in self._shared.values():
            canvas.clear()

    def _showing(self, drawing: Drawing) -> Iterator[Canvas]:
        if drawing.own is not None:
            yield drawing.own
        yield from self._shared.values()
