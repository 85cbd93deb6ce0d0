"""A mesh with smaller triangles and the same surface, so that values at its vertices can show detail."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.arrays import np
from apsnet_core.cloud import Int64, TriangleMesh
from apsnet_core.types import Array

_NEXT = [1, 2, 0]


def refined(mesh: TriangleMesh, edge: float, most: int) -> TriangleMesh:
    """``mesh`` with its edges halved, the longest first, until none is longer than ``edge``.

    Edges that triangles share stay shared: no gap opens. The vertices of ``mesh`` come first; new ones lie in
    the middle of an edge, and so do their colours and normals. It ends early rather than have more than
    ``most`` triangles. ``mesh`` itself where nothing is to be done. ValueError if ``edge`` is not positive.

    >>> mesh = TriangleMesh.from_array(np.eye(3), np.array([[0, 1, 2]]))
    >>> refined(mesh, 1.0, 100)
    TriangleMesh(6 vertices, 4 triangles, an array)
    """
    if not edge > 0:
        raise ValueError(f"edges cannot be at most {edge} long: it must be more than 0")
    while len(mesh.faces) < most:
        finer = _halved(mesh, edge, most)
        if finer is None:
            break
        mesh = finer
    return mesh


def _halved(mesh: TriangleMesh, edge: float, most: int) -> TriangleMesh | None:
    """Edges longer than ``edge``, and than half of the longest, halved; None if there are none."""
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
    """Triangles of ``faces`` (k, 3) whose sides get the vertices ``marks`` (k, 3), -1 for none.

    Side i goes from corner i to the next. All turn as they did.
    """
    marked = (marks >= 0).sum(axis=1)
    # Turned so that a single marked side is the first, and a single unmarked one the last.
    shift = np.where(marked == 1, (marks >= 0).argmax(axis=1), ((marks < 0).argmax(axis=1) + 1) % 3)
    order = (shift[:, None] + np.arange(3)) % 3
    faces, marks = np.take_along_axis(faces, order, 1), np.take_along_axis(marks, order, 1)

    def pieces(number: int, *corners: tuple[int, int, int]) -> Array:
        """Triangles from the corners 0 to 2 and the middles 3 to 5 of those with ``number`` marks."""
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
