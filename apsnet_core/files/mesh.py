"""Convert the vertices and polygons of mesh files to a valid TriangleMesh."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64, Int64, PointCloud, TriangleMesh
from apsnet_core.files.columns import (
    Column,
    Columns,
    coloured,
    columns_of,
    place,
    take_vectors,
)
from apsnet_core.files.errors import ReadError
from apsnet_core.files.triangulate import triangulate
from apsnet_core.placing import counted, finite_normals

Mask = npt.NDArray[np.bool_]


def mesh_from_polygons(
    vertices: Column,
    corners: Int64,
    counts: Int64,
    path: Path,
    *,
    rgb: Column | None = None,
    normals: Column | None = None,
    corner_rgb: Column | None = None,
    notes: tuple[str, ...] = (),
) -> TriangleMesh:
    """A mesh from absolute ``vertices`` (v, 3) and polygons, where polygon i has ``counts[i]`` corners.

    ``corners`` are vertex indices from 0, polygon after polygon. ``rgb`` and ``normals`` are (v, 3).
    ``corner_rgb`` (one colour per corner) is used if ``rgb`` is None; vertices whose corners differ in
    colour are then duplicated. Values that cannot be colours are left out, with a note. Non-finite vertices
    and the faces that use them are dropped and counted, and so are faces with fewer than three corners.
    Raises ReadError if a corner names no vertex or if no triangle is left.
    """
    corners, counts = corners.astype(np.int64), counts.astype(np.int64)
    _check_corners(corners, counts, len(vertices), path)
    relative, offset, keep = place(vertices, path)
    dropped = 0
    if keep is not None:
        faces_before = len(counts)
        vertices, dropped = vertices[keep], int(len(keep) - keep.sum())
        rgb, normals = (None if values is None else values[keep] for values in (rgb, normals))
        corners, counts, used = _faces_of(keep, corners, counts)
        corner_rgb = None if corner_rgb is None else corner_rgb[used]
        if lost := faces_before - len(counts):
            notes += (f"{counted(lost, 'face')} left out: a corner is not finite",)
    few = int((counts < 3).sum())
    if few and few < len(counts):
        notes += (f"{counted(few, 'face')} left out: fewer than three corners",)
    (rgb, of_vertices), (corner_rgb, of_corners) = coloured(rgb), coloured(corner_rgb)
    if rgb is not None:
        corner_rgb = None
    faces, corner_rgb = _triangles(vertices.astype(np.float64) - offset, corners, counts, corner_rgb, path)
    straight, remarks = (None, ()) if normals is None else finite_normals(normals)
    mesh = TriangleMesh(
        relative,
        faces,
        offset,
        source=str(path),
        dropped=dropped,
        rgb=rgb,
        normals=straight,
        notes=notes + of_vertices + of_corners + remarks,
    )
    return mesh if corner_rgb is None else _coloured(mesh, corner_rgb)


def _check_corners(corners: Int64, counts: Int64, vertices: int, path: Path) -> None:
    """Raise ReadError for the first corner that is not an index below ``vertices``."""
    wrong = np.flatnonzero((corners < 0) | (corners >= vertices))
    if len(wrong):
        face = int(np.searchsorted(np.cumsum(counts), wrong[0], side="right"))
        raise ReadError(
            path,
            f"face {face + 1} names a vertex that does not exist (number {corners[wrong[0]] + 1}, "
            f"there are {vertices}); a corner of a face must be a vertex",
        )


def _faces_of(keep: Mask, corners: Int64, counts: Int64) -> tuple[Int64, Int64, Mask]:
    """The corners and counts of the polygons that use only vertices in the mask ``keep``.

    The corners are renumbered to the rows of the kept vertices. The third result is the mask of the corners
    that are used.
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    whole = np.ones(len(counts), dtype=bool)
    whole[owner[~keep[corners]]] = False
    used = whole[owner]
    return (np.cumsum(keep) - 1)[corners[used]], counts[whole], used


def _triangles(
    outline: Float64, corners: Int64, counts: Int64, corner_rgb: Column | None, path: Path
) -> tuple[Int64, Column | None]:
    """Polygons cut into triangles (k, 3), and the colours of their corners (3k, 3).

    Raises ReadError if there is no triangle.
    """
    try:
        if corner_rgb is None:
            faces = triangulate(outline, corners, counts)
        else:
            cut = triangulate(outline[corners], np.arange(len(corners)), counts)
            faces, corner_rgb = corners[cut], corner_rgb[cut.reshape(-1)]
    except ValueError as error:
        raise ReadError(path, str(error)) from error
    if not len(faces):
        raise ReadError(
            path, "none of its faces has three usable corners; at least one triangle or polygon is needed"
        )
    return faces, corner_rgb


def mesh_from_columns(
    columns: Columns,
    corners: Int64,
    counts: Int64,
    path: Path,
    *,
    corner_rgb: Column | None = None,
    notes: tuple[str, ...] = (),
) -> TriangleMesh:
    """A mesh from vertex fields by name: x, y and z, and colours and normals if present.

    Other fields are left out, with a note. Raises ReadError without x, y and z.
    """
    rest = dict(columns)
    xyz = take_vectors(rest, *"xyz")
    if xyz is None:
        raise ReadError(path, "its vertices have no x, y and z")
    rgb, normals = take_vectors(rest, "red", "green", "blue"), take_vectors(rest, "nx", "ny", "nz")
    if rest:
        notes += (f"fields of the vertices left out, which a mesh cannot keep: {', '.join(rest)}",)
    return mesh_from_polygons(
        xyz,
        corners,
        counts,
        path,
        rgb=rgb,
        normals=normals,
        corner_rgb=corner_rgb,
        notes=notes,
    )


def vertex_columns(mesh: TriangleMesh) -> Columns:
    """The absolute vertex positions, normals and colours by column name."""
    return columns_of(PointCloud(mesh.vertices, mesh.offset, mesh.rgb, mesh.normals))


def _coloured(mesh: TriangleMesh, corner_rgb: Column) -> TriangleMesh:
    """``mesh`` with the colours ``corner_rgb`` (3k, 3) at its corners.

    A vertex whose corners have several colours is duplicated, once for each colour.
    """
    wide = corner_rgb.astype(np.int64)
    code = wide[:, 0] << 32 | wide[:, 1] << 16 | wide[:, 2]
    _, code = np.unique(code, return_inverse=True)
    whole = mesh.faces.reshape(-1) * (int(code.max()) + 1) + code
    _, first, faces = np.unique(whole, return_index=True, return_inverse=True)
    rows = mesh.faces.reshape(-1)[first]
    added = len(rows) - len(np.unique(rows))
    notes = (f"{counted(added, 'vertex', 'vertices')} doubled where colours meet",) if added else ()
    return TriangleMesh(
        mesh.vertices[rows],
        faces.reshape(-1, 3).astype(np.int64),
        mesh.offset,
        mesh.source,
        mesh.dropped,
        rgb=corner_rgb[first],
        normals=None if mesh.normals is None else mesh.normals[rows],
        notes=mesh.notes + notes,
    )
