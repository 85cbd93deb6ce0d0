"""Conversion of points in memory, of any library, to a cloud or a mesh of this package."""

from __future__ import annotations

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.conversions import parts_of
from apsnet_core.types import Unchecked

SHAPES = "an array (n, 3), a PointCloud, a TriangleMesh, or an object of Open3D, trimesh, torch or pandas"
"""The accepted kinds of shapes, as error texts list them."""


def shape_in_memory(x: Unchecked) -> PointCloud | TriangleMesh:
    """Convert ``x`` to a cloud or a mesh, with all fields of its points.

    TypeError if ``x`` is none of `SHAPES`; ValueError if it holds no points, or several clouds.

    >>> shape_in_memory([[0, 0, 0], [0, 0, 2.5]])
    PointCloud(2 points, 0 x 0 x 2.5, an array)
    """
    if isinstance(x, PointCloud | TriangleMesh):
        return x
    parts = parts_of(x)
    if parts is None:
        raise TypeError(f"an object of type {type(x).__name__} is not a shape")
    if parts.faces is not None:
        return TriangleMesh.from_array(parts.xyz, parts.faces, rgb=parts.rgb, normals=parts.normals)
    if parts.xyz.ndim == 3:
        raise ValueError(f"one cloud is needed, not a batch of {len(parts.xyz)}")
    return PointCloud.from_array(parts.xyz, rgb=parts.rgb, normals=parts.normals, attributes=parts.attributes)
