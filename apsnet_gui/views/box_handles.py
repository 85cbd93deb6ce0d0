"""A box over a picture: the positions of its edges and handles, and the box after a handle is dragged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.arrays import np
from apsnet_core.editing.crop import Box
from apsnet_core.types import Float64
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.projection import at_depth, project

EDGES = ((0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7))
FACES = tuple((axis, side) for axis in range(3) for side in (-1, 1))
TURN = len(FACES)  # the handle that turns the box, beside its upper edge
_REACH = 11.0  # the largest distance of the pointer from a handle, in pixels
_THIN = 1e-6  # the least length of a dragged side, relative to before: the box is never turned inside out
_OUT = 0.3  # the distance of the turning handle from the box, in halves of the longer side

Pixel = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Handles:
    """A ``box`` in absolute coordinates, as a camera sees it in a picture of ``size``.

    The coordinates of the scene are relative to ``offset``.
    """

    box: Box
    offset: Float64
    camera: Camera
    size: tuple[int, int]

    @property
    def places(self) -> Float64:
        """(7, 3), relative to the offset: the centres of the faces as in `FACES`, and the turning handle."""
        axes, half = self.box.axes, np.asarray(self.box.size) / 2
        middle = np.asarray(self.box.centre) - self.offset
        faces = [middle + side * half[axis] * axes[axis] for axis, side in FACES]
        turn = middle + half[2] * axes[2] + (half[0] + _OUT * half[:2].max()) * axes[0]
        return np.array([*faces, turn])

    def seen(self, points: Float64) -> tuple[Float64, Float64]:
        """The pixels (n, 2) of points (n, 3), and their depths (n,)."""
        return project(self.camera, points, self.size)

    def lines(self) -> list[tuple[Pixel, Pixel]]:
        """The edges in front of the eye, in pixels."""
        pixels, depth = self.seen(self.box.corners - self.offset)
        there = depth > 0 if not self.camera.orthographic else np.ones(8, np.bool_)
        found = []
        for a, b in EDGES:
            if there[a] and there[b]:
                (ax, ay), (bx, by) = pixels[a].tolist(), pixels[b].tolist()
                found.append(((ax, ay), (bx, by)))
        return found

    def at(self, pixel: Pixel) -> int | None:
        """The handle at a pixel: a number in `FACES`, `TURN`, or None."""
        pixels, depth = self.seen(self.places)
        away = np.hypot(*(pixels - pixel).T)
        if not self.camera.orthographic:
            away[depth <= 0] = np.inf
        nearest = int(away.argmin())
        return nearest if away[nearest] <= _REACH else None

    def dragged(self, handle: int, pixel: Pixel) -> Box:
        """The box after a drag of ``handle`` to a pixel, which moves a face or turns the box about up."""
        near = np.array(at_depth(self.camera, pixel, self.camera.distance, self.size))
        far = np.array(at_depth(self.camera, pixel, 2 * self.camera.distance, self.size))
        ray = (far - near) / np.linalg.norm(far - near)
        if handle == TURN:
            return self._turned(near, ray)
        axis, side = FACES[handle]
        along = self.box.axes[axis]
        slant = float(ray @ along)
        if abs(slant) > 0.999:  # the face would move towards the eye, where the pixel gives no distance
            return self.box
        middle = np.asarray(self.box.centre) - self.offset
        away = near - middle
        # the point on the line through the centre that is nearest to the ray
        reach = float((away @ along - slant * (away @ ray)) / (1 - slant**2))
        old = self.box.size[axis]
        edge = max(old / 2 + side * reach, _THIN * (old or 1.0))
        x, y, z = (middle + self.offset + side * (edge - old) / 2 * along).tolist()
        size = list(self.box.size)
        size[axis] = edge
        wide, deep, tall = size
        return replace(self.box, centre=(x, y, z), size=(wide, deep, tall))

    def _turned(self, near: Float64, ray: Float64) -> Box:
        up = self.box.axes[2]
        middle = np.asarray(self.box.centre) - self.offset + self.box.size[2] / 2 * up
        slant = float(ray @ up)
        if abs(slant) < 1e-3:
            return self.box
        hit = near + ray * float((middle - near) @ up / slant) - middle
        across = replace(self.box, turn=0.0).axes
        turn = float(np.degrees(np.arctan2(hit @ across[1], hit @ across[0])))
        return replace(self.box, turn=round(turn, 1))
