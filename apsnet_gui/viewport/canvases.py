"""Which canvas a picture is drawn on."""

from __future__ import annotations

from collections.abc import Iterator

from apsnet_gui.viewport.canvas import Canvas, CanvasPool, Size
from apsnet_gui.viewport.drawing import Drawing
from apsnet_gui.viewport.geometry import Geometry

LIGHT = 50_000  # points up to which views share a window, and may be drawn at twice their size
_SHARED = 6  # sizes of shared windows


class Canvases:
    """A heavy scene has a canvas of its own for full pictures; all others share one for each size.

    A window takes longer to draw its first picture than light geometry takes to move from one view's to the
    next.
    """

    def __init__(self, pool: CanvasPool) -> None:
        self.pool = pool
        self._shared: dict[Size, Canvas] = {}

    def of(self, drawing: Drawing, size: Size, whole: bool) -> Canvas:
        """The canvas for a picture of a drawing, a ``whole`` one or that of a moving view."""
        own = whole and drawing.weight > LIGHT
        if drawing.own is not None and (drawing.own.size != size if own else drawing.weight <= LIGHT):
            self.pool.give_back(drawing.own)
            drawing.own = None
        if own:
            drawing.own = drawing.own or self.pool.take(size)
            return drawing.own
        canvas = self._shared.pop(size, None) or self.pool.take(size)
        self._shared[size] = canvas  # the last used is the last in order
        while len(self._shared) > _SHARED:
            self.pool.give_back(self._shared.pop(next(iter(self._shared))))
        return canvas

    def refresh(self, drawing: Drawing, changed: list[Geometry]) -> None:
        """Upload what has changed of a drawing again, wherever it is shown."""
        for canvas in self._showing(drawing):
            canvas.refresh(changed)
            canvas.fresh = True

    def forget(self, drawing: Drawing) -> None:
        """Nothing of the drawing is shown any more."""
        if drawing.own is not None:
            self.pool.give_back(drawing.own)
        for canvas in self._shared.values():
            canvas.clear()

    def _showing(self, drawing: Drawing) -> Iterator[Canvas]:
        if drawing.own is not None:
            yield drawing.own
        yield from self._shared.values()
