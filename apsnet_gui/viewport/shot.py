"""A picture for a file: drawn separately from the pictures on the screen, with its text."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtGui import QFont, QImage, QPainter

from apsnet_gui.viewport import overlay
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.overlay import Caption
from apsnet_gui.viewport.render_view import RenderView
from apsnet_gui.viewport.scene import Scene

LARGEST = 16384  # pixels on a side


@dataclass(frozen=True, eq=False)
class Shot:
    """The ``camera``, the size in ``logical`` pixels, and the ``ratio`` of device pixels to logical ones."""

    camera: Camera
    logical: tuple[int, int]
    ratio: float
    font: QFont

    def take(
        self, view: RenderView, scene: Scene, caption: Caption, transparent: bool = False
    ) -> Future[QImage]:
        """Return a picture of ``scene``, the scene of ``view``; the future is resolved on the GUI thread.

        Raises ValueError if a side of the picture is longer than ``LARGEST`` pixels.
        """
        width, height = (max(round(side * self.ratio), 1) for side in self.logical)
        if max(width, height) > LARGEST:
            largest = max(width, height)
            raise ValueError(f"a picture may have {LARGEST} pixels on a side, not {largest}: lower the scale")
        drawn = view.snapshot(self.camera, (width, height), self.ratio, transparent)
        finished: Future[QImage] = Future()

        def finish(done: Future[QImage]) -> None:
            if (error := done.exception()) is not None:
                finished.set_exception(error)
                return
            image = done.result()
            with QPainter(image) as painter:
                painter.scale(self.ratio, self.ratio)
                painter.setFont(self.font)
                overlay.draw(painter, image.copy(), scene, self.camera, self.logical, caption)
            finished.set_result(image)

        drawn.add_done_callback(finish)
        return finished
