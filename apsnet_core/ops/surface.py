"""Uniform sampling of points from the surface of a mesh."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64, PointCloud, TriangleMesh
from apsnet_core.types import Array


def sample_surface(mesh: TriangleMesh, n: int = 2048, seed: int = 0) -> PointCloud:
    """Draw ``n`` points uniformly by area from the mesh's triangles. The same seed gives the same points.

    Triangles without area are never drawn. Colours and normals are interpolated from the triangle's vertices.
    Raises ValueError if n < 1 or the mesh has no area.

    >>> mesh = TriangleMesh.from_array(np.eye(3), np.array([[0, 1, 2]]))
    >>> sample_surface(mesh, 100).xyz.sum(axis=1).round(5).min()
    np.float32(1.0)
    """
    if n < 1:
        raise ValueError(f"cannot draw {n} points: at least 1 is needed")
    corners = mesh.vertices.astype(np.float64)[mesh.faces]
    edges = corners[:, 1:] - corners[:, :1]
    area = 0.5 * np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=-1)
    area[~np.isfinite(area)] = 0.0
    total = np.cumsum(area)
    if not len(total) or not total[-1] > 0.0:
        raise ValueError("the mesh has no surface to draw points from: it needs a triangle with an area")
    rng = np.random.default_rng(seed)
    face = np.searchsorted(total, rng.random(n) * total[-1], side="right")
    # Uniform over the triangle: the square root spreads the points evenly from the first corner outwards.
    out = np.sqrt(rng.random((n, 1)))
    along = rng.random((n, 1))
    xyz = corners[face, 0] + out * ((1.0 - along) * edges[face, 0] + along * edges[face, 1])
    share = np.concatenate([1.0 - out, out * (1.0 - along), out * along], axis=1)
    rgb: Array | None = None
    if mesh.rgb is not None:
        rgb = np.rint(_blended(mesh.rgb[mesh.faces[face]], share)).astype(mesh.rgb.dtype)
    normals = None if mesh.normals is None else _blended(mesh.normals[mesh.faces[face]], share)
    if normals is not None:
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        normals = np.divide(normals, length, out=normals, where=length > 0).astype(np.float32)
    return PointCloud(
        xyz=xyz.astype(np.float32),
        offset=mesh.offset,
        rgb=rgb,
        normals=normals,
        dropped=mesh.dropped,
        source=mesh.source,
        notes=mesh.notes,
    )


def _blended(values: Array, share: Float64) -> Float64:
    """The mean (n, 3) of ``values`` (n, 3, 3) at each triangle's corners, weighted by ``share`` (n, 3)."""
    blended: Float64 = np.einsum("nck,nc->nk", values.astype(np.float64), share)
    return blended
