"""Finds the point under a pixel; all points are sorted into cells of the picture once for each camera."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass

from apsnet_core.arrays import np
from apsnet_core.freed_memory import give_back
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.cells import Cells, Size
from apsnet_gui.viewport.projection import point_across, project
from apsnet_gui.viewport.scene import Float64, MeshLayer, PointLayer, Scene, SphereLayer, positions

_REACH = 6.0  # the largest distance of the pointer from a point, in logical pixels
_SURFACE = 0.02  # thickness of the front surface, relative to the camera's distance


@dataclass(frozen=True)
class Pick:
    """A picked point: the key of its layer, its position in the scene and in the picture.

    ``index`` is the row of the point in its cloud, or of the triangle if the point is ``on_surface``.
    """

    key: str
    index: int
    xyz: tuple[float, float, float]
    pixel: tuple[float, float]
    on_surface: bool = False


class _Surface:
    """The triangles of a mesh in the picture, with the bounding box of each in pixels."""

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
        """The depth of the front triangle at a pixel, and the picked point on it."""
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
        if not self._orthographic:  # make the barycentric coordinates of the picture perspective-correct
            parts = parts / depth
            parts /= parts.sum(axis=1, keepdims=True)
        depth = (depth * parts).sum(axis=1)
        best = int(np.argmin(depth))
        px, py, pz = (parts[best] @ self._vertices[self._faces[near[best]]]).tolist()
        return float(depth[best]), Pick(self.key, int(self._rows[near[best]]), (px, py, pz), (x, y), True)


def _turn(a: Float64, b: Float64) -> Float64:
    """Twice the signed area (n,) of the triangles between vectors (n, 2)."""
    turn: Float64 = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return turn


class PickIndex:
    """The visible points and surfaces of a scene for one camera, in a picture of ``size`` logical pixels.

    Making the index takes time in proportion to the number of points (ten million: 0.2 s on two cores), so
    do it outside the GUI thread; ``at`` then looks at a few cells and at the boxes of the triangles.
    """

    def __init__(self, scene: Scene, camera: Camera, size: Size) -> None:
        self.scene, self.camera, self.size = scene, camera, size
        layers = [layer for layer in scene.layers if layer.visible]
        self._surfaces = [_Surface(layer, camera, size) for layer in layers if isinstance(layer, MeshLayer)]
        self._clouds = [
            Cells.of(layer.key, layer.xyz, camera, size) for layer in layers if isinstance(layer, PointLayer)
        ]
        self._balls = [
            (layer, *project(camera, layer.centers, size))
            for layer in layers
            if isinstance(layer, SphereLayer)
        ]
        own = (_across(layer, camera, size) for layer in layers if isinstance(layer, PointLayer))
        self._reach = max(_REACH, scene.point_size, *own)

    def is_of(self, scene: Scene, camera: Camera, size: Size) -> bool:
        """Whether this is the index of this picture."""
        return self.scene is scene and (self.camera, self.size) == (camera, size)

    def without_samples(self) -> PickIndex:
        """The index of only the clouds and surfaces; nothing is sorted again."""
        others = copy(self)
        others._balls = []
        return others

    def at(self, x: float, y: float) -> Pick | None:
        """The point at a pixel: the nearest to the pointer among those on the front surface within reach."""
        found = [self._in_cloud(cells, x, y) for cells in self._clouds]
        found += [self._in_balls(*balls, x, y) for balls in self._balls]
        found += [surface.at(x, y) for surface in self._surfaces]
        picks = [pick for pick in found if pick is not None]
        return min(picks, key=lambda pick: pick[0])[1] if picks else None

    def _in_cloud(self, cells: Cells, x: float, y: float) -> tuple[float, Pick] | None:
        near = cells.near(x, y, self._reach)
        if not len(near.rows):
            return None
        front = np.flatnonzero(near.depth <= near.depth.min() + _SURFACE * self.camera.distance)
        best = front[np.argmin(near.away[front])]
        return float(near.depth[best]), self._pick(cells.key, int(near.rows[best]), near.pixels[best])

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


def _across(layer: PointLayer, camera: Camera, size: Size) -> float:
    """The cloud's own point size in pixels at the depth of the camera's target, 0 if it has none."""
    if layer.world_size:
        return point_across(camera, layer.world_size, size[1])
    return layer.point_size or 0.0


_THREAD = ThreadPoolExecutor(1, "picking")
_SMALL = 100_000  # points and triangles up to which the GUI thread sorts them itself, in some milliseconds

Picture = tuple[Scene, Camera, Size]


def _made(*picture: *Picture) -> PickIndex:
    index = PickIndex(*picture)
    give_back()  # return the memory that sorting has freed to the system
    return index


def _is_small(scene: Scene) -> bool:
    layers = [layer for layer in scene.layers if layer.visible]
    return (
        sum(len(layer.faces if isinstance(layer, MeshLayer) else positions(layer)) for layer in layers)
        <= _SMALL
    )


class Picker:
    """Keeps the index of the present picture; a thread makes it if the picture has many points.

    ``made`` is called on that thread when an index is ready: the caller must then call `answer` on the GUI
    thread.
    """

    def __init__(self, made: Callable[[], None]) -> None:
        self._made = made
        self._index: PickIndex | None = None
        self._making: Future[PickIndex] | None = None
        self._asked: deque[tuple[Picture, Callable[[PickIndex], None]]] = deque()

    def ready(self, *picture: *Picture) -> PickIndex | None:
        """The index, or None while a thread makes it; call again a little later."""
        self.answer()
        self.leave(*picture)
        if self._index is None and self._making is None:
            self._make(picture)
        return self._index

    def ask(self, picture: Picture, tell: Callable[[PickIndex], None]) -> None:
        """Call ``tell`` with the index of a picture: now if it is ready, otherwise in a later `answer`.

        Requests are answered in their order, even if another picture is shown by then.
        """
        self._asked.append((picture, tell))
        self.answer()

    def answer(self) -> None:
        """Take the index from the thread if it is ready, and answer the waiting requests."""
        if self._making is not None and self._making.done():
            self._index, self._making = self._making.result(), None
        while self._asked and self._making is None:
            picture, tell = self._asked[0]
            self.leave(*picture)
            if self._index is None:
                self._make(picture)
            if self._index is not None:
                self._asked.popleft()
                tell(self._index)

    def leave(self, *picture: *Picture) -> None:
        """Drop the index if it belongs to another picture."""
        if self._index is not None and not self._index.is_of(*picture):
            self._index = None

    def _make(self, picture: Picture) -> None:
        if _is_small(picture[0]):
            self._index = PickIndex(*picture)
            return
        self._making = _THREAD.submit(_made, *picture)
        self._making.add_done_callback(lambda _: self._made())
