"""Prepares a mesh for drawing: triangles small enough for colours, and attention at its vertices."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, PointCloud, TriangleMesh
from apsnet_core.ops.refine import refined
from apsnet_core.remembered import remembered
from apsnet_core.types import Array

PATCHES = 1000  # the longest edge is the side of a square with 1 / PATCHES of the surface's area
MOST_TRIANGLES = 50_000
NEIGHBOURS = 3


@remembered(16)
def drawn_mesh(mesh: TriangleMesh) -> TriangleMesh:
    """``mesh`` with smaller triangles, because colours are interpolated between the corners of each triangle.

    Equal arguments give the same mesh, so that nothing is sent to the renderer twice.
    """
    a, b, c = mesh.vertices.astype(np.float64)[mesh.faces].transpose(1, 0, 2)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
    return refined(mesh, float(np.sqrt(area / PATCHES)), MOST_TRIANGLES) if area > 0 else mesh


def over_surface(values: Float32, cloud: PointCloud, mesh: TriangleMesh) -> Float32:
    """Interpolate values (n,) of the points of ``cloud``, sampled from the surface, to mesh vertices (v,).

    The value at a vertex is the mean of its nearest points, weighted by the inverse square of their distance.
    """
    rows, share = _nearest(cloud, mesh)
    spread: Float32 = (values[rows] * share).sum(axis=1, dtype=np.float32)
    return spread


@remembered(8)
def _nearest(cloud: PointCloud, mesh: TriangleMesh) -> tuple[Array, Float32]:
    """The nearest points of each vertex, rows (v, k), and their weights (v, k), which sum to 1."""
    from scipy.spatial import cKDTree

    k = min(NEIGHBOURS, len(cloud))
    at = mesh.vertices + (mesh.offset - cloud.offset)
    distance, rows = map(np.asarray, cKDTree(cloud.xyz).query(at, k=range(1, k + 1)))
    nearest = np.maximum(distance[:, :1], np.finfo(np.float32).tiny)
    share = (nearest / np.maximum(distance, nearest)) ** 2
    return rows, (share / share.sum(axis=1, keepdims=True)).astype(np.float32)
