"""Finds the point under a pixel: all points are projected once for each camera and sorted into cells."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from apsnet_gui.viewport.camera import Camera, project
from apsnet_gui.viewport.scene import Float64, MeshLayer, PointLayer, Scene, SphereLayer, positions

Size = tuple[int, int]
_CELL = 8  # logical pixels
_REACH = 6.0  # how far from a point the pointer may be, logical pixels
_SURFACE = 0.02  # of the scene's depth: points this close behind the front one count as the same surface


@dataclass(frozen=True)
class Pick:
    """The point under the pointer: its layer, its row in it, its position in the scene and in the picture."""

    key: str
    index: int
    xyz: tuple[float, float, float]
    pixel: tuple[float, float]


@dataclass(frozen=True, eq=False)
class _Cells:
    """The points of a layer that lie in the picture, sorted by the cell they fall in."""

    key: str
    rows: np.ndarray
    pixels: Float64
    depth: Float64
    starts: np.ndarray
    columns: int
    lines: int

    def near(self, x: float, y: float) -> np.ndarray:
        """Positions in ``rows`` of all points in the cells around a pixel."""
        column, line = int(x // _CELL), int(y // _CELL)
        left, right = max(column - 1, 0), min(column + 1, self.columns - 1)
        found = [
            np.arange(self.starts[row * self.columns + left], self.starts[row * self.columns + right + 1])
            for row in range(max(line - 1, 0), min(line + 1, self.lines - 1) + 1)
            if left <= right
        ]
        return np.concatenate(found) if found else np.empty(0, np.int64)


def _cells(key: str, xyz: np.ndarray, camera: Camera, size: Size) -> _Cells:
    pixels, depth = project(camera, xyz, size)
    width, height = size
    inside = (pixels[:, 0] >= 0) & (pixels[:, 0] < width) & (pixels[:, 1] >= 0) & (pixels[:, 1] < height)
    if not camera.orthographic:
        inside &= depth > 0
    rows = np.flatnonzero(inside)
    columns, lines = -(-width // _CELL), -(-height // _CELL)
    cell = (pixels[rows, 1] // _CELL).astype(np.int64) * columns + (pixels[rows, 0] // _CELL).astype(np.int64)
    order = np.argsort(cell, kind="stable")
    rows, cell = rows[order], cell[order]
    starts = np.searchsorted(cell, np.arange(columns * lines + 1))
    return _Cells(key, rows, pixels[rows], depth[rows], starts, columns, lines)


class PickIndex:
    """The visible points of a scene as one camera sees them in a picture of ``size`` logical pixels.

    Making it takes time in proportion to the points (100,000: about 15 ms; do it off the GUI thread);
    ``at`` then looks at a few cells. Points of meshes are not picked.
    """

    def __init__(self, scene: Scene, camera: Camera, size: Size) -> None:
        self.scene, self.camera, self.size = scene, camera, size
        layers = [layer for layer in scene.layers if layer.visible and not isinstance(layer, MeshLayer)]
        self._clouds = [
            _cells(layer.key, layer.xyz, camera, size) for layer in layers if isinstance(layer, PointLayer)
        ]
        self._balls = [
            (layer, *project(camera, layer.centers, size))
            for layer in layers
            if isinstance(layer, SphereLayer)
        ]
        self._reach = max(_REACH, scene.point_size)

    def at(self, x: float, y: float) -> Pick | None:
        """The point at a pixel: on the front surface within reach, the nearest to the pointer."""
        found = [self._in_cloud(cells, x, y) for cells in self._clouds]
        found += [self._in_balls(*balls, x, y) for balls in self._balls]
        picks = [pick for pick in found if pick is not None]
        return min(picks, key=lambda pick: pick[0])[1] if picks else None

    def _in_cloud(self, cells: _Cells, x: float, y: float) -> tuple[float, Pick] | None:
        near = cells.near(x, y)
        away = np.hypot(cells.pixels[near, 0] - x, cells.pixels[near, 1] - y)
        near, away = near[away <= self._reach], away[away <= self._reach]
        if not len(near):
            return None
        depth = cells.depth[near]
        front = depth <= depth.min() + _SURFACE * self.camera.distance
        best = near[front][np.argmin(away[front])]
        return float(cells.depth[best]), self._pick(cells.key, int(cells.rows[best]), cells.pixels[best])

    def _in_balls(
        self, layer: SphereLayer, pixels: Float64, depth: Float64, x: float, y: float
    ) -> tuple[float, Pick] | None:
        nearness = 1.0 if self.camera.orthographic else self.camera.distance / np.maximum(depth, 1e-12)
        radius = np.maximum(layer.radius * self.size[1] / 2 / self.camera.half_height * nearness, 4.0)
        hit = np.hypot(pixels[:, 0] - x, pixels[:, 1] - y) <= radius
        if not self.camera.orthographic:
            hit &= depth > 0
        hits = np.flatnonzero(hit)
        if not len(hits):
            return None
        best = hits[np.argmin(depth[hits])]
        reach = np.inf if layer.in_front else layer.radius
        return float(depth[best] - reach), self._pick(layer.key, int(best), pixels[best])

    def _pick(self, key: str, row: int, pixel: np.ndarray) -> Pick:
        layer = next(layer for layer in self.scene.layers if layer.key == key)
        px, py, pz = positions(layer)[row].tolist()
        return Pick(key, row, (px, py, pz), (float(pixel[0]), float(pixel[1])))


_THREAD = ThreadPoolExecutor(1, "picking")


class Picker:
    """Keeps the index of the present picture: a thread makes it for the pointer, a click at once."""

    def __init__(self) -> None:
        self._index: PickIndex | None = None
        self._making: Future[PickIndex] | None = None

    def ready(self, scene: Scene, camera: Camera, size: Size) -> PickIndex | None:
        """The index, or None while a thread makes it: ask again a little later."""
        if self._making is not None and self._making.done():
            self._index, self._making = self._making.result(), None
        if self._fits(scene, camera, size):
            return self._index
        if self._making is None:
            self._making = _THREAD.submit(PickIndex, scene, camera, size)
        return None

    def now(self, scene: Scene, camera: Camera, size: Size) -> PickIndex:
        """The index, made at once where it is not there."""
        if self._index is None or not self._fits(scene, camera, size):
            self._index = PickIndex(scene, camera, size)
        return self._index

    def _fits(self, scene: Scene, camera: Camera, size: Size) -> bool:
        index = self._index
        return index is not None and (index.scene is scene, index.camera, index.size) == (True, camera, size)
