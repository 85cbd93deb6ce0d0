"""Finds what is under a pixel: all points are projected once for each camera and sorted into cells."""

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
    """What is under the pointer: its layer, its position in the scene and in the picture.

    ``index`` is the row of the point in its cloud; ``on_surface`` it is that of the triangle.
    """

    key: str
    index: int
    xyz: tuple[float, float, float]
    pixel: tuple[float, float]
    on_surface: bool = False


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


class _Surface:
    """The triangles of a mesh in the picture, with the box of pixels that each lies in."""

    def __init__(self, layer: MeshLayer, camera: Camera, size: Size) -> None:
        self.key, self._vertices = layer.key, layer.vertices
        self._orthographic = camera.orthographic
        pixels, self._depth = project(camera, layer.vertices, size)
        corners = pixels[layer.faces]
        low, high = corners.min(axis=1), corners.max(axis=1)
        seen = (high >= 0).all(axis=1) & (low < size).all(axis=1)
        if not camera.orthographic:
            seen &= (self._depth[layer.faces] > 0).all(axis=1)
        self._rows = np.flatnonzero(seen)
        self._faces, self._corners = layer.faces[seen], corners[seen]
        self._low, self._high = low[seen], high[seen]

    def at(self, x: float, y: float) -> tuple[float, Pick] | None:
        """The depth of the front triangle at a pixel, and the place on it."""
        at = np.array([x, y])
        near = np.flatnonzero(((self._low <= at) & (at <= self._high)).all(axis=1))
        a, b, c = self._corners[near].transpose(1, 0, 2)
        parts = np.stack([_turn(b - at, c - at), _turn(c - at, a - at), _turn(a - at, b - at)], axis=1)
        whole = parts.sum(axis=1, keepdims=True)
        inside = (parts * np.sign(whole) >= 0).all(axis=1) & (whole[:, 0] != 0)
        near, parts = near[inside], parts[inside] / whole[inside]
        if not len(near):
            return None
        depth = self._depth[self._faces[near]]
        if not self._orthographic:  # what is evenly spread over the picture is not so over the triangle
            parts = parts / depth
            parts /= parts.sum(axis=1, keepdims=True)
        depth = (depth * parts).sum(axis=1)
        best = int(np.argmin(depth))
        px, py, pz = (parts[best] @ self._vertices[self._faces[near[best]]]).tolist()
        return float(depth[best]), Pick(self.key, int(self._rows[near[best]]), (px, py, pz), (x, y), True)


def _turn(a: Float64, b: Float64) -> Float64:
    """Twice the area of the triangles between vectors (n, 2), negative where they turn the other way."""
    turn: Float64 = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return turn


class PickIndex:
    """The visible points and surfaces of a scene as one camera sees them, ``size`` logical pixels large.

    Making it takes time in proportion to them (100,000 points: about 15 ms; do it off the GUI thread);
    ``at`` then looks at a few cells, and at the boxes of the triangles.
    """

    def __init__(self, scene: Scene, camera: Camera, size: Size) -> None:
        self.scene, self.camera, self.size = scene, camera, size
        layers = [layer for layer in scene.layers if layer.visible]
        self._surfaces = [_Surface(layer, camera, size) for layer in layers if isinstance(layer, MeshLayer)]
        self._clouds = [
            _cells(layer.key, layer.xyz, camera, size) for layer in layers if isinstance(layer, PointLayer)
        ]
        self._balls = [
            (layer, *project(camera, layer.centers, size))
            for layer in layers
            if isinstance(layer, SphereLayer)
        ]
        own = (layer.point_size or 0.0 for layer in layers if isinstance(layer, PointLayer))
        self._reach = max(_REACH, scene.point_size, *own)

    def at(self, x: float, y: float) -> Pick | None:
        """What is at a pixel: of the points on the front surface within reach, the nearest to the pointer."""
        found = [self._in_cloud(cells, x, y) for cells in self._clouds]
        found += [self._in_balls(*balls, x, y) for balls in self._balls]
        found += [surface.at(x, y) for surface in self._surfaces]
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
        if isinstance(layer, PointLayer) and layer.rows is not None:
            row = int(layer.rows[row])
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
