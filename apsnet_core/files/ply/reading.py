"""Read a PLY file as a cloud or a mesh."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_core.cloud import Int64, PointCloud, TriangleMesh
from apsnet_core.files.columns import Column, Columns, cloud_from_columns, counted, take_vectors
from apsnet_core.files.errors import ReadError
from apsnet_core.files.mesh import mesh_from_columns
from apsnet_core.files.ply.binary import Binary
from apsnet_core.files.ply.header import Header, parse
from apsnet_core.files.ply.rows import Ragged, Table
from apsnet_core.files.ply.text import Text
from apsnet_core.files.strips import triangles_of_strips
from apsnet_core.files.textures import beside, texels
from apsnet_core.files.words import BYTE_MARK

_CORNERS = ("vertex_indices", "vertex_index")
_PLACES = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"))  # texture coordinates of vertices
_HARMONIC = 0.28209479177387814  # the spherical harmonic of degree 0, the factor of a Gaussian splat's f_dc
_USED = ("vertex", "face", "tristrips")


def read(path: Path) -> PointCloud | TriangleMesh:
    """A cloud, or a mesh if there are faces or triangle strips (polygons are triangulated)."""
    data = path.read_bytes().removeprefix(BYTE_MARK)
    header = parse(data, path)
    counts = {element.name: element.count for element in header.elements}
    if "vertex" not in counts:
        raise ReadError(
            path, "its header names no element 'vertex', which is where a PLY file keeps its points"
        )
    if not counts["vertex"]:
        raise ReadError(path, "there is no point in it; a file with at least one point would be accepted")
    rows = (Text if header.kind == "ascii" else Binary)(data, header, path)
    tables = {element.name: rows.read(element) for element in header.elements}
    notes = rows.rest() + tuple(
        f"{counted(count, 'row')} of {name!r} left out"
        for name, count in counts.items()
        if count and name not in _USED
    )
    columns, lists = _scalars(tables["vertex"])
    if lists:
        notes += (f"lists of the points left out: {', '.join(lists)}",)
    if not counts.get("face") and not counts.get("tristrips"):
        return cloud_from_columns(_splats_coloured(columns), path, crs=header.crs, notes=notes)
    return _mesh(columns, tables, header, path, notes)


def _scalars(table: Table) -> tuple[Columns, list[str]]:
    """The columns with equally many values in every row, and the names of the other (list) columns."""
    columns = {
        name: values for name, values in table.items() if isinstance(values, np.ndarray) and values.size
    }
    return columns, [name for name in table if name not in columns]


def _mesh(
    columns: Columns, tables: dict[str, Table], header: Header, path: Path, notes: tuple[str, ...]
) -> TriangleMesh:
    faces = tables.get("face", {})
    counts, corners = _corners(faces, path) if faces else (np.empty(0, np.int64), np.empty(0, np.int64))
    scalars, lists = _scalars({name: values for name, values in faces.items() if name not in _CORNERS})
    face_rgb = take_vectors(scalars, "red", "green", "blue")
    corner_rgb = None if face_rgb is None else np.repeat(face_rgb, counts, axis=0)
    if header.textures:
        painted, remarks = _painted(header.textures, faces, columns, counts, corners, path)
        corner_rgb = corner_rgb if painted is None else painted
        scalars.pop("texcoord", None)
        lists = [name for name in lists if name != "texcoord"]
        notes += remarks
    if tables.get("tristrips"):
        strips = triangles_of_strips(*_corners(tables["tristrips"], path))
        counts = np.concatenate([counts, np.full(len(strips), 3)])
        corners = np.concatenate([corners, strips.reshape(-1)])
        corner_rgb = None
    if scalars or lists:
        notes += (f"properties of the faces left out: {', '.join([*scalars, *lists])}",)
    return mesh_from_columns(columns, corners, counts, path, corner_rgb=corner_rgb, notes=notes)


def _painted(
    textures: tuple[str, ...], faces: Table, columns: Columns, counts: Int64, corners: Int64, path: Path
) -> tuple[Column | None, tuple[str, ...]]:
    """The colours (c, 3) of the corners from a texture, by texture coordinates of the corners or vertices.

    None, with a note, if there is no single texture file or there are no texture coordinates.
    """
    name = textures[0][:60]
    if len(textures) > 1:
        return None, (f"{counted(len(textures), 'texture')} left out: one for the whole mesh is accepted",)
    uv: Column | None = None
    if "texcoord" in faces:
        values = faces["texcoord"]
        sizes = values[0] if isinstance(values, tuple) else np.full(len(values), values.shape[1])
        flat = values[1] if isinstance(values, tuple) else values.reshape(-1)
        uv = flat.reshape(-1, 2) if np.array_equal(sizes, 2 * counts) else None
    else:
        pair = next((pair for pair in _PLACES if set(pair) <= columns.keys()), None)
        if pair is not None and corners.size and 0 <= corners.min() <= corners.max() < len(columns[pair[0]]):
            uv = np.column_stack([columns.pop(axis)[corners] for axis in pair])
    picture = beside(path, textures[0])
    if uv is None or picture is None:
        why = "it is not there" if picture is None else "the faces have no places on it"
        return None, (f"texture {name} left out: {why}",)
    try:
        return texels(picture, uv.astype(np.float64) * [1, -1]), ()
    except ValueError as error:
        return None, (f"texture {name} left out: {str(error)[:80]}",)


def _corners(table: Table, path: Path) -> tuple[Int64, Int64]:
    name = next((n for n in _CORNERS if n in table), None)
    values: Column | Ragged | None = table[name] if name else None
    if isinstance(values, np.ndarray) and values.ndim == 2:
        values = (np.full(len(values), values.shape[1]), values.reshape(-1))
    if not isinstance(values, tuple):
        raise ReadError(path, "its faces have no list 'vertex_indices', which says what their corners are")
    counts, corners = values
    if corners.dtype.kind == "f" and not np.array_equal(corners, np.floor(corners)):
        raise ReadError(
            path, f"its faces' {name!r} are not whole numbers, but they must be the numbers of vertices"
        )
    return counts, corners.astype(np.int64)


def _splats_coloured(columns: Columns) -> Columns:
    """The columns with the view-independent colour of Gaussian splats, if present and there is no other."""
    direct = [f"f_dc_{channel}" for channel in range(3)]
    if "red" in columns or not set(direct) <= columns.keys():
        return columns
    colours = np.column_stack([columns[name] for name in direct]).astype(np.float64) * _HARMONIC + 0.5
    eight = np.rint(np.clip(np.nan_to_num(colours), 0, 1) * 255).astype(np.uint8)
    return columns | dict(zip(("red", "green", "blue"), eight.T, strict=True))
