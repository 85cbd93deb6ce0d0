"""Vertices and polygons, as mesh files list them, to a TriangleMesh that can be trusted."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64, Int64, TriangleMesh
from apsnet_core.files.columns import place
from apsnet_core.files.errors import ReadError
from apsnet_core.files.triangulate import triangulate


def mesh_from_polygons(vertices: Float64, corners: Int64, counts: Int64, path: Path) -> TriangleMesh:
    """A mesh from ``vertices`` (v, 3), absolute, and polygons of ``counts[i]`` ``corners`` each, from 0.

    Vertices that are not finite are dropped with the faces that use them, and counted. Raises ReadError for
    a corner that names no vertex and where nothing with an area could be left.
    """
    corners, counts = corners.astype(np.int64), counts.astype(np.int64)
    wrong = np.flatnonzero((corners < 0) | (corners >= len(vertices)))
    if len(wrong):
        face = int(np.searchsorted(np.cumsum(counts), wrong[0], side="right"))
        raise ReadError(
            path,
            f"face {face + 1} names a vertex that does not exist (number {corners[wrong[0]] + 1}, "
            f"there are {len(vertices)}); a corner of a face must be a vertex",
        )
    relative, offset, keep = place(vertices, path)
    dropped = 0
    if keep is not None:
        owner = np.repeat(np.arange(len(counts)), counts)
        whole = np.ones(len(counts), dtype=bool)
        whole[owner[~keep[corners]]] = False
        corners, counts = (np.cumsum(keep) - 1)[corners[whole[owner]]], counts[whole]
        vertices, dropped = vertices[keep], int(len(keep) - keep.sum())
    try:
        faces = triangulate(vertices - offset, corners, counts)
    except ValueError as error:
        raise ReadError(path, str(error)) from error
    if not len(faces):
        raise ReadError(
            path, "none of its faces has three usable corners; at least one triangle or polygon is needed"
        )
    return TriangleMesh(relative, faces, offset, source=str(path), dropped=dropped)
