"""The layers of a scene as Open3D geometry, in the renderer's process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import open3d as o3d

from apsnet_core.types import Foreign
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.fair_order import fair_order
from apsnet_gui.viewport.pace import TRIANGLE

CHUNK = 200_000  # points in one piece of geometry; a picture in passes adds whole pieces

Geometry = Any  # Open3D has no types
Array = npt.NDArray[Any]
Piece = tuple[Callable[[], Geometry], float]  # a function that returns a part of the geometry; its weight


def _colors(colors: Array) -> Foreign:
    return o3d.utility.Vector3dVector(colors / 255.0)


def _vectors(table: Array, rows: Array) -> Foreign:
    """Some rows of a table (n, 3) as an Open3D vector; indexing would take three times as long as `take`."""
    return o3d.utility.Vector3dVector(table.take(rows, axis=0).astype(np.float64))


class Points:
    """A cloud in pieces; each piece and each draft is a fair sample of the whole (see `fair_order`).

    Open3D needs three times as many bytes for a point as its arrays here, so a piece only exists while it
    is drawn.
    """

    def __init__(self, xyz: Array, colors: Array, normals: Array | None = None) -> None:
        self.xyz, self.colors, self.normals = xyz, colors, normals
        self.order = fair_order(len(xyz), CHUNK)
        self._pieces: WeakValueDictionary[int, Geometry] = WeakValueDictionary()
        self._drafts: dict[int, list[Geometry]] = {}
        self.weight = float(len(xyz))

    def pieces(self) -> list[Piece]:
        """The pieces of the geometry with their weights."""
        sizes = [min(CHUNK, len(self.order) - first) for first in range(0, len(self.order), CHUNK)]
        return [(partial(self._piece, number), float(size)) for number, size in enumerate(sizes)]

    def draft(self, halvings: int) -> list[Geometry]:
        """Every 2^``halvings``-th point."""
        if halvings == 0:
            return [make() for make, _ in self.pieces()]
        if halvings not in self._drafts:
            while len(self._drafts) > 1:  # keep two, because the pace alternates between neighbouring values
                del self._drafts[next(iter(self._drafts))]
            self._drafts[halvings] = self._prefix(max(len(self.order) >> halvings, 1))
        return self._drafts[halvings]

    def _piece(self, number: int) -> Geometry:
        """The piece with this number; it is made again if it no longer exists."""
        piece = self._pieces.get(number)
        if piece is None:
            piece = self._pieces[number] = self._cloud(self._rows(number))
        return piece

    def _rows(self, number: int) -> Array:
        return self.order[number * CHUNK : (number + 1) * CHUNK]

    def _cloud(self, rows: Array) -> Geometry:
        cloud = o3d.geometry.PointCloud(_vectors(self.xyz, rows))
        cloud.colors = _colors(self.colors.take(rows, axis=0))
        if self.normals is not None:
            cloud.normals = _vectors(self.normals, rows)
        return cloud

    def _prefix(self, count: int) -> list[Geometry]:
        whole, rest = divmod(count, CHUNK)
        pieces = [self._piece(number) for number in range(whole)]
        return [*pieces, self._cloud(self._rows(whole)[:rest])] if rest else pieces

    def recolor(self, colors: Array) -> list[Geometry]:
        """Give the points new colours; returns the pieces that must be uploaded again."""
        self.colors = colors
        there = dict(self._pieces)
        for number, piece in there.items():
            piece.colors = _colors(colors.take(self._rows(number), axis=0))
        self._drafts.clear()
        return list(there.values())


class LitPoints(Points):
    """Points with normals, which Open3D shades like a surface."""

    def __init__(self, xyz: Array, normals: Array, colors: Array) -> None:
        super().__init__(xyz, colors, normals)


class Triangles:
    """Triangles with normals and colours at their corners, visible from the front."""

    def __init__(self, vertices: Array, faces: Array, normals: Array, colors: Array) -> None:
        mesh = o3d.geometry.TriangleMesh(
            o3d.utility.Vector3dVector(vertices.astype(np.float64)),
            o3d.utility.Vector3iVector(faces.astype(np.int32)),
        )
        mesh.vertex_normals = o3d.utility.Vector3dVector(normals.astype(np.float64))
        # Open3D shades a mesh only if it has normals of triangles; smooth shading does not use their values.
        mesh.triangle_normals = o3d.utility.Vector3dVector(np.zeros((len(faces), 3)))
        mesh.vertex_colors = _colors(colors)
        self._mesh = mesh
        self._drafts: dict[int, list[Geometry]] = {}
        self.weight = TRIANGLE * len(faces)

    def pieces(self) -> list[Piece]:
        """The geometry with its weight."""
        return [(lambda: self._mesh, self.weight)]

    def draft(self, halvings: int) -> list[Geometry]:
        """The mesh if ``halvings`` is 0, otherwise some of its corners as points, which draw faster."""
        if halvings == 0:
            return [self._mesh]
        if halvings not in self._drafts:
            corners, colors = np.asarray(self._mesh.vertices), np.asarray(self._mesh.vertex_colors)
            count = max(int(self.weight) >> halvings, 1)
            rows = np.random.default_rng(0).permutation(len(corners))[:count]
            cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(corners[rows]))
            cloud.colors = o3d.utility.Vector3dVector(colors[rows])
            self._drafts[halvings] = [cloud]
        return self._drafts[halvings]

    def recolor(self, colors: Array) -> list[Geometry]:
        """Give the vertices new colours, (n, 3) uint8; returns the mesh, which must be uploaded again."""
        self._mesh.vertex_colors = _colors(colors)
        self._drafts.clear()
        return [self._mesh]


class Spheres(Triangles):
    """All spheres of a layer in one mesh, because a mesh for each would cost more than its triangles."""

    def __init__(self, centers: Array, colors: Array, radius: float, in_front: bool = False) -> None:
        self.in_front = in_front
        corners, faces = _ball(len(centers))
        self._corners = len(corners)
        self._centers, self._radius = centers.astype(np.float64), radius
        self._placed = self._centers[:, None] + radius * corners[None]
        shifted = (faces[None] + len(corners) * np.arange(len(centers))[:, None, None]).reshape(-1, 3)
        normals = np.tile(corners, (len(centers), 1))
        super().__init__(
            self._placed.reshape(-1, 3), shifted, normals, np.repeat(colors, len(corners), axis=0)
        )

    def come_forward(self, camera: Camera, shrink: float, lift: float) -> list[Geometry]:
        """Move each sphere towards the eye by more than its radius, and shrink it so that it looks the same.

        The surface around a sphere then does not cover it, but a surface farther in front does. Spheres
        ``in_front`` are moved in front of everything by ``shrink`` or ``lift``, see `Canvas.look`.
        """
        away = lift if self.in_front else 1.5 * self._radius
        if self.in_front and not camera.orthographic:
            vertices: Array = camera.eye + (self._placed - camera.eye) * shrink
        elif camera.orthographic:
            vertices = self._placed + away * camera.axes[2]
        else:
            depth = (camera.eye - self._centers) @ camera.axes[2]
            scale = np.where(depth > 4 * away, 1 - away / np.maximum(depth, 4 * away), 1.0)
            vertices = camera.eye + (self._placed - camera.eye) * scale[:, None, None]
        self._mesh.vertices = o3d.utility.Vector3dVector(vertices.reshape(-1, 3))
        return [self._mesh]

    def draft(self, halvings: int) -> list[Geometry]:
        """All spheres: samples are never left out."""
        return [self._mesh]  # samples are never left out

    def recolor(self, colors: Array) -> list[Geometry]:
        """Give the spheres new colours, (m, 3) uint8."""
        return super().recolor(np.repeat(colors, self._corners, axis=0))


def _ball(count: int) -> tuple[Array, Array]:
    """A unit sphere as corners (v, 3) and faces (k, 3); it is coarser the more spheres there are."""
    resolution = 16 if count <= 64 else 10 if count <= 512 else 6 if count <= 4096 else 3
    ball = o3d.geometry.TriangleMesh.create_sphere(1.0, resolution)
    return np.asarray(ball.vertices), np.asarray(ball.triangles)


class Mesh(Triangles):
    """A surface lit from both sides, sharp where its triangles meet at an angle and smooth elsewhere.

    Files do not agree on which side of a triangle is the front, so the mesh contains each triangle twice,
    once with its corners in reverse order.
    """

    def __init__(self, vertices: Array, faces: Array, colors: Array) -> None:
        faces = faces.astype(np.int64)
        smooth, flat, sharp = crease_normals(vertices.astype(np.float64), faces)
        # The mesh has each vertex once for all its smooth corners, and once more for each sharp corner.
        corner = faces.reshape(-1)
        named = np.where(sharp, len(vertices) + np.cumsum(sharp) - 1, corner).reshape(-1, 3)
        self._corner = np.tile(np.concatenate([np.arange(len(vertices)), corner[sharp]]), 2)
        normals = np.concatenate([smooth, np.repeat(flat, 3, axis=0)[sharp]])
        turned = named[:, ::-1] + len(normals)
        super().__init__(
            vertices[self._corner],
            np.concatenate([named, turned]),
            np.concatenate([normals, -normals]),
            self._spread(colors),
        )

    def _spread(self, colors: Array) -> Array:
        if colors.ndim == 1:
            return np.broadcast_to(colors, (len(self._corner), 3))
        return np.asarray(colors[self._corner])

    def recolor(self, colors: Array) -> list[Geometry]:
        """Give the vertices of the mesh new colours, (n, 3) uint8."""
        return super().recolor(self._spread(colors))


def crease_normals(vertices: Array, faces: Array, crease: float = 35.0) -> tuple[Array, Array, Array]:
    """Unit normals of the vertices (v, 3) and of the faces (k, 3), and a mask of the sharp corners (3 k,).

    The normal of a vertex is the mean of its faces' normals, weighted by area. A corner is sharp if this
    normal and that of its face differ by more than ``crease`` degrees; it should have the face's normal.
    """
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    area = np.cross(b - a, c - a)
    corner = faces.reshape(-1)
    wide = np.repeat(area, 3, axis=0)
    mean = np.stack([np.bincount(corner, wide[:, i], len(vertices)) for i in range(3)], axis=1)

    def unit(rows: Array) -> Array:
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        normals: Array = np.where(length > 0, rows / np.where(length > 0, length, 1), [0.0, 0.0, 1.0])
        return normals

    smooth, flat = unit(mean), unit(area)
    lean = np.einsum("ij,ij->i", np.repeat(flat, 3, axis=0), smooth[corner])
    return smooth, flat, lean < np.cos(np.radians(crease))
