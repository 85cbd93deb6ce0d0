"""Subdivision of a mesh into smaller triangles, so that values at its vertices can show detail."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.arrays import np
from apsnet_core.cloud import Int64, TriangleMesh
from apsnet_core.types import Array

_NEXT = [1, 2, 0]


def refined(mesh: TriangleMesh, edge: float, most: int) -> TriangleMesh:
    """Halve the edges of ``mesh``, the longest first, until none is longer than ``edge``.

    Shared edges stay shared, so no gaps open. The vertices of ``mesh`` come first; each new vertex is the
    midpoint of an edge, with interpolated colour and normal. Subdivision stops before it exceeds ``most``
    triangles. Returns ``mesh`` itself if no edge is too long. Raises ValueError if ``edge`` is not positive.

    >>> mesh = TriangleMesh.from_array(np.eye(3), np.array([[0, 1, 2]]))
    >>> refined(mesh, 1.0, 100)
    TriangleMesh(6 vertices, 4 triangles, an array)
    """
    if not edge > 0:
        raise ValueError(f"the longest edge must be longer than 0, not {edge}")
    while len(mesh.faces) < most:
        finer = _halved(mesh, edge, most)
        if finer is None:
            break
        mesh = finer
    return mesh


def _halved(mesh: TriangleMesh, edge: float, most: int) -> TriangleMesh | None:
    """Halve the edges that are longer than ``edge`` and than half of the longest edge.

    Returns None if there are none, or if there would be more than ``most`` triangles.
    """
    count = len(mesh.vertices)
    sides = np.sort(np.stack([mesh.faces, mesh.faces[:, _NEXT]], axis=2), axis=2)
    codes, side = np.unique(sides[..., 0] * count + sides[..., 1], return_inverse=True)
    ends = np.stack([codes // count, codes % count], axis=1)
    places = mesh.vertices.astype(np.float64)
    length = np.linalg.norm(places[ends[:, 0]] - places[ends[:, 1]], axis=1)
    long = length > max(edge, 0.5 * length.max(initial=0.0))
    if not long.any():
        return None
    middle = np.full(len(codes), -1)
    middle[long] = count + np.arange(long.sum())
    marks = middle[side.reshape(-1, 3)]
    if len(marks) + (marks >= 0).sum() > most:
        return None
    rgb, normals = mesh.rgb, mesh.normals
    first, second = ends[long].T
    if rgb is not None:
        mean = np.rint((rgb[first].astype(np.float64) + rgb[second]) / 2).astype(rgb.dtype)
        rgb = np.concatenate([rgb, mean])
    if normals is not None:
        turned = normals[first] + normals[second]
        size = np.linalg.norm(turned, axis=1, keepdims=True)
        normals = np.concatenate([normals, np.divide(turned, size, out=turned, where=size > 0)])
    new = ((places[first] + places[second]) / 2).astype(np.float32)
    vertices = np.concatenate([mesh.vertices, new])
    return replace(mesh, vertices=vertices, faces=_split(mesh.faces, marks), rgb=rgb, normals=normals)


def _split(faces: Int64, marks: Array) -> Int64:
    """Split the triangles ``faces`` (k, 3) at the new vertices ``marks`` (k, 3) of their sides, -1 for none.

    Side i goes from corner i to the next. The orientation of the triangles is preserved.
    """
    marked = (marks >= 0).sum(axis=1)
    # Rotate the corners so that a single marked side comes first, and a single unmarked one last.
    shift = np.where(marked == 1, (marks >= 0).argmax(axis=1), ((marks < 0).argmax(axis=1) + 1) % 3)
    order = (shift[:, None] + np.arange(3)) % 3
    faces, marks = np.take_along_axis(faces, order, 1), np.take_along_axis(marks, order, 1)

    def pieces(number: int, *corners: tuple[int, int, int]) -> Array:
        """The pieces of the triangles with ``number`` marks, from corners 0 to 2 and midpoints 3 to 5."""
        rows = marked == number
        named = np.concatenate([faces[rows], marks[rows]], axis=1)
        return named[:, np.array(corners)].reshape(-1, 3)

    return np.concatenate(
        [
            pieces(0, (0, 1, 2)),
            pieces(1, (0, 3, 2), (3, 1, 2)),
            pieces(2, (3, 1, 4), (0, 3, 4), (0, 4, 2)),
            pieces(3, (0, 3, 5), (3, 1, 4), (5, 4, 2), (3, 4, 5)),
        ]
    )
