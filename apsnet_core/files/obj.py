"""Wavefront OBJ: vertices and polygons, with vertex colours, or else with colours of materials and textures.

Each kind of line is read as one block of numbers, because meshes of a hundred megabytes are common.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import Int64, PointCloud, TriangleMesh
from apsnet_core.files.columns import Column, cloud_from_arrays, counted
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.materials import Colouring, load
from apsnet_core.files.mesh import mesh_from_polygons, vertex_columns
from apsnet_core.files.obj_lines import Corners, Lines
from apsnet_core.files.words import excerpt, first_word, unified, without_comments

CUT_SHORT = ": the file may have been cut short"
FEW_LOOSE, MANY_LOOSE = 16, 0.05  # vertices without a face; in complete meshes they are 1 % at most


def read(path: Path) -> PointCloud | TriangleMesh:
    """A mesh, or a cloud if there are vertices and no faces; corners are ``v``, ``v/vt``, ``v//vn`` ..."""
    lines = Lines(without_comments(unified(path.read_bytes()).replace(b"\\\n", b"  ")), path)
    vertices, faces = lines.of("v"), lines.of("f")
    if not len(vertices):
        raise ReadError(path, "it has no vertices; an OBJ file has lines such as 'v 1.0 2.0 3.0'")
    xyz, rgb, notes = _vertices(lines, vertices)
    for word, what in (("l", "polyline"), ("p", "point element")):
        found = len(lines.of(word))
        notes += (f"{counted(found, what)} left out",) if found else ()
    others = lines.others()
    if others:
        many = counted(len(others), "line")
        notes += (f"{many} left out, the first of them beginning with {excerpt(others[0])}",)
    if not len(faces):
        return cloud_from_arrays(xyz, path, rgb=rgb, notes=(*notes, f"it has no faces{CUT_SHORT}"))
    faces, written, corners, remarks = _known_faces(faces, lines.corners(faces), vertices)
    counts = written.counts
    notes += remarks
    corner_rgb = None
    if rgb is None:
        corner_rgb, remarks = _material_colours(lines, faces, counts, written.textures, path)
        notes += remarks
    normals, remarks = _normals(lines, faces, written, corners, len(xyz))
    notes += remarks
    return mesh_from_polygons(
        xyz, corners, counts, path, rgb=rgb, normals=normals, corner_rgb=corner_rgb, notes=notes
    )


def _vertices(lines: Lines, vertices: Int64) -> tuple[Column, Column | None, tuple[str, ...]]:
    """The positions (v, 3), the colours (v, 3) or None if a vertex has none, and notes."""
    values, words = lines.numbers(vertices, "v")
    if words.min() < 3:
        raise lines.wrong()
    begins = np.cumsum(words) - words
    xyz = values[begins[:, None] + np.arange(3)]
    fourth = values[begins[words == 7] + 3]
    alpha = bool((fourth != 1).any())  # if so, the last of seven numbers is alpha, else the fourth a weight
    weights = values[begins[(words == 4) | (words == 7) & (not alpha)] + 3]
    notes: tuple[str, ...] = ("alpha of the vertices left out",) if alpha else ()
    if (weights != 1).any():
        some = counted(int((weights != 1).sum()), "vertex", "vertices")
        notes += (f"weights of {some} left out: positions are not divided by them",)
    coloured = words >= 6
    if coloured.all():
        first = begins + np.where((words == 7) & alpha, 3, words - 3)
        return xyz, values[first[:, None] + np.arange(3)], notes
    if coloured.any():
        some = counted(int(coloured.sum()), "vertex", "vertices")
        notes += (f"colours of {some} left out: the others have none",)
    return xyz, None, notes


def _known_faces(
    faces: Int64, written: Corners, vertices: Int64
) -> tuple[Int64, Corners, Int64, tuple[str, ...]]:
    """The faces whose corners all exist: their lines, their `Corners`, their corners from 0, and notes.

    If no such face is left, all faces are returned, and `mesh_from_polygons` names the missing vertex.
    """
    corners = _from_zero(written.vertices, np.searchsorted(vertices, faces), written.counts)
    owner = np.repeat(np.arange(len(faces)), written.counts)
    known = np.ones(len(faces), bool)
    known[owner[(corners < 0) | (corners >= len(vertices))]] = False
    notes: tuple[str, ...] = ()
    if not known.all() and known.any():
        lost = counted(int((~known).sum()), "face")
        notes += (f"{lost} left out: they name vertices that are not there{CUT_SHORT}",)
        used = known[owner]
        faces, corners = faces[known], corners[used]
        textures, normals = (
            None if each is None else each[used] for each in (written.textures, written.normals)
        )
        written = Corners(written.vertices[used], written.counts[known], textures, normals)
    loose = len(vertices) - len(np.unique(corners))
    if loose > max(FEW_LOOSE, MANY_LOOSE * len(vertices)):
        notes += (f"{counted(loose, 'vertex', 'vertices')} belong to no face{CUT_SHORT}",)
    return faces, written, corners, notes


def _from_zero(written: Int64, before: Int64, counts: Int64) -> Int64:
    """Indices from 0 of the ``written`` numbers, which count from 1.

    Negative numbers count back from the last of the ``before[i]`` entries before the line of face i. The
    number 0 is invalid and becomes -1.
    """
    if written.min(initial=1) > 0:
        return written - 1
    back = np.repeat(before, counts) + written
    return np.where(written > 0, written - 1, np.where(written < 0, back, -1))


def _normals(
    lines: Lines, faces: Int64, written: Corners, corners: Int64, vertices: int
) -> tuple[Column | None, tuple[str, ...]]:
    """The normals (v, 3) of the vertices; None, with a note, if a vertex has several, as at a sharp edge."""
    given = lines.of("vn")
    if written.normals is None or not len(given):
        return None, ()
    values, words = lines.numbers(given, "vn")
    if not (words == 3).all() or corners.min() < 0 or corners.max() >= vertices:
        return None, ()
    at = _from_zero(written.normals, np.searchsorted(given, faces), written.counts)
    table = values.reshape(-1, 3)
    if (at < 0).any() or (at >= len(table)).any():
        return None, ("normals left out: not every corner has one",)
    normals = np.zeros((vertices, 3))
    normals[corners] = table[at]
    several = len(np.unique(corners[(normals[corners] != table[at]).any(axis=1)]))
    if several:
        some = counted(several, "vertex", "vertices")
        return None, (f"normals left out: {some} with several",)
    return normals, ()


def _material_colours(
    lines: Lines, faces: Int64, counts: Int64, textured: Int64 | None, path: Path
) -> tuple[Column | None, tuple[str, ...]]:
    """The colours (c, 3) of the corners by their materials, or None without colours; and notes."""
    changes, libraries = lines.of("usemtl"), lines.of("mtllib")
    if not len(changes) or not len(libraries):
        return None, ()
    materials, notes = load(path, [first_word(lines.line(k))[1] for k in libraries.tolist()])
    if not materials:
        return None, notes
    places = lines.of("vt")
    uv: Column | None = None
    if textured is not None and len(places):
        values, words = lines.numbers(places, "vt")
        if words.min() >= 2:
            table = values[(np.cumsum(words) - words)[:, None] + np.arange(2)]
            at = _from_zero(textured, np.searchsorted(places, faces), counts)
            known = (at >= 0) & (at < len(table))
            uv = np.where(known[:, None], table[np.where(known, at, 0)], np.nan)
    named = [first_word(lines.line(k))[1] for k in changes.tolist()]
    used = np.repeat(np.searchsorted(changes, faces) - 1, counts)
    colouring = Colouring(len(used), notes)
    for name in dict.fromkeys(named):
        mine = np.isin(used, [k for k, other in enumerate(named) if other == name])
        colouring.paint(mine, materials.get(name), uv)
    return colouring.result()


def write(mesh: TriangleMesh, stream: BinaryIO) -> None:
    """Write colours as 0 to 1 after the positions, as most programs expect them, and normals as ``vn``."""
    columns = vertex_columns(mesh)
    parts = [columns[axis] for axis in "xyz"]
    if mesh.rgb is not None:
        top = np.iinfo(mesh.rgb.dtype).max
        parts += [columns[name] / top for name in ("red", "green", "blue")]
    for row in zip(*parts, strict=True):
        stream.write(f"v {' '.join(map(str, row))}\n".encode())
    for row in zip(*mesh.normals.T, strict=True) if mesh.normals is not None else ():
        stream.write(f"vn {' '.join(map(str, row))}\n".encode())
    form = "f {} {} {}\n" if mesh.normals is None else "f {0}//{0} {1}//{1} {2}//{2}\n"
    for face in (mesh.faces + 1).tolist():
        stream.write(form.format(*face).encode())


FORMAT = Format("obj", "Wavefront OBJ", (".obj",), ("Meshes",), read, write_mesh=write)
