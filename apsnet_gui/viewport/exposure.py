"""One picture: a drawing on a canvas from a camera, with depth cues."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.canvas import Canvas, Image
from apsnet_gui.viewport.discs import Discs
from apsnet_gui.viewport.drawing import Drawing
from apsnet_gui.viewport.eye_dome import with_depth
from apsnet_gui.viewport.geometry import Geometry
from apsnet_gui.viewport.pace import TRIANGLE, Pace
from apsnet_gui.viewport.scene import Rgb


@dataclass(frozen=True, eq=False)
class Exposure:
    """A ``drawing`` on a ``canvas`` ``finer`` times as large as the picture, with background ``ground``.

    Point sizes are multiplied by ``larger`` to get pixels of the canvas.
    """

    drawing: Drawing
    canvas: Canvas
    camera: Camera
    ground: Rgb
    finer: int
    larger: float

    def look(self, point_size: float) -> None:
        """Set up the canvas for points of this size."""
        self.drawing.look(self.canvas, self.camera, self.ground, max(point_size * self.larger, 1.0))

    @property
    def is_telling(self) -> bool:
        """Whether the time of the next picture can be used for the pace: it must not include uploads."""
        return not (self.canvas.fresh if self.canvas is self.drawing.own else self.canvas.new)

    def shown(self, reads_depth: bool) -> Image:
        """The picture of the canvas, with the drawing's depth cues if depth can be read."""
        if not (self.drawing.depth and reads_depth):
            image = self.canvas.picture()
            return _halved(image) if self.finer == 2 else image
        return self._finished(*self.canvas.picture_and_depth())

    def round(self, discs: Discs, pace: Pace) -> Image:
        """The picture with clouds as ``discs`` and the rest drawn by Open3D, whose time updates ``pace``."""
        start, solids = time.perf_counter(), self.drawing.solids
        self.canvas.show(solids)
        telling = self.is_telling
        image, depth = self.canvas.picture_and_depth()
        if telling:
            self.tell(pace, solids, start)
        return self._finished(*discs.put(image, depth, self.canvas.back))

    def in_sizes(self, halvings: int) -> Image:
        """The picture of clouds with different point sizes: one pass for each, as Open3D has only one size.

        Each pixel shows the nearest of all passes. Every 2^``halvings``-th point is drawn.
        """
        image, depth = None, None
        for size in self.drawing.sizes:
            self.canvas.show(self.drawing.of_size(size, halvings))
            self.look(size)
            drawn, away = self.canvas.picture_and_depth()
            if image is None or depth is None:
                image, depth = drawn.copy(), away
                continue
            nearer = away < depth
            np.copyto(image, drawn, where=nearer[:, :, None])
            depth = np.minimum(depth, away)
        if image is None or depth is None:
            raise ValueError("there is no size to draw")
        return self._finished(image, depth)

    def tell(self, pace: Pace, shown: list[Geometry], start: float) -> None:
        """Update ``pace`` by the time since ``start``, when drawing the geometry ``shown`` began."""
        weight = sum(_weight(piece) for piece in shown)
        pace.learn(weight, self.canvas.size[0] * self.canvas.size[1], time.perf_counter() - start)

    def _finished(self, image: Image, depth: Image) -> Image:
        """The picture at its final size, with the drawing's depth cues."""
        if self.finer == 2:
            image, depth = _halved(image), _nearest(depth)
        return with_depth(image, depth, self.drawing.depth, self.camera, self.ground, self.canvas.front)


def _halved(image: Image) -> Image:
    """The picture at half its size; each pixel is the mean of four, which antialiases it."""
    rows = image[::2] + image[1::2]
    return np.asarray((rows[:, ::2] + rows[:, 1::2]) * np.float32(0.25))


def _nearest(depth: Image) -> Image:
    """The depth at half its size; each pixel is the nearest of four."""
    rows = np.minimum(depth[::2], depth[1::2])
    return np.minimum(rows[:, ::2], rows[:, 1::2])


def _weight(piece: Geometry) -> float:
    return TRIANGLE * len(piece.triangles) if hasattr(piece, "triangles") else float(len(piece.points))
