"""VTK, legacy (.vtk) and XML (.vtp, .vtu): points, polygons, strips and flat cells, with their colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_core.cloud import Int64, PointCloud, TriangleMesh
from apsnet_core.files.columns import Column, cloud_from_arrays, counted
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons
from apsnet_core.files.strips import triangles_of_strips
from apsnet_core.files.vtk_content import Content
from apsnet_core.files.vtk_sections import Sections
from apsnet_core.files.vtk_xml import Xml

_FLAT = {5: "triangle", 6: "strip", 7: "polygon", 8: "pixel", 9: "quad"}
_ALONE = {1, 2}  # cells that are only points
_COLOURS = ("rgb", "rgba", "color", "colors", "colour", "colours", "color_scalars")


def read(path: Path) -> PointCloud | TriangleMesh:
    """A mesh, or a cloud if the file has no surface."""
    with path.open("rb") as stream:
        xml = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    found: Content = Xml(path) if xml else Sections(path)
    notes = tuple(found.notes)
    rgb = next((v for name, v in found.data.items() if _is_colour(name, v)), None)
    normals = next((v for name, v in found.data.items() if _is_normal(name, v)), None)
    three = None if rgb is None else rgb[:, :3]
    used = [values for values in (rgb, normals) if values is not None]
    fields = {
        name: values[:, 0] if values.shape[1] == 1 else values
        for name, values in found.data.items()
        if not any(values is other for other in used)
    }
    counts, corners, left_out = _surface(found)
    notes += left_out
    if len(counts):
        if fields:
            notes += (f"fields of the vertices left out, which a mesh cannot keep: {', '.join(fields)}",)
        return mesh_from_polygons(
            found.points, corners, counts, path, rgb=three, normals=normals, notes=notes
        )
    return cloud_from_arrays(found.points, path, rgb=three, normals=normals, attributes=fields, notes=notes)


def _is_colour(name: str, values: Column) -> bool:
    return name.lower() in _COLOURS and values.shape[1] in (3, 4)


def _is_normal(name: str, values: Column) -> bool:
    return name.lower().startswith("normals") and values.shape[1] == 3


def _surface(found: Content) -> tuple[Int64, Int64, tuple[str, ...]]:
    """The corner counts of the polygons, their corners, and notes on the cells that are left out.

    Triangle strips are split into triangles.
    """
    solid = 0
    counts: list[Int64] = []
    corners: list[Int64] = []

    def add(sizes: Int64, values: Int64) -> None:
        counts.append(sizes)
        corners.append(values)

    if "POLYGONS" in found.cells:
        add(*found.cells["POLYGONS"])
    if "TRIANGLE_STRIPS" in found.cells:
        triangles = triangles_of_strips(*found.cells["TRIANGLE_STRIPS"])
        add(np.full(len(triangles), 3), triangles.reshape(-1))
    if "CELLS" in found.cells:
        sizes, values = found.cells["CELLS"]
        if len(found.types) != len(sizes):
            raise found.error(f"it has {len(sizes)} cells and {len(found.types)} types of cells")
        for kind, name in _FLAT.items():
            mine = found.types == kind
            if not mine.any():
                continue
            own, rows = sizes[mine], values[np.repeat(mine, sizes)]
            if name == "strip":
                rows = triangles_of_strips(own, rows)
                own, rows = np.full(len(rows), 3), rows.reshape(-1)
            elif name == "pixel":
                rows = rows.reshape(-1, 4)[:, [0, 1, 3, 2]].reshape(-1)
            add(own, rows)
        solid = int((~np.isin(found.types, [*_FLAT, *_ALONE])).sum())
    lines = len(found.cells["LINES"][0]) if "LINES" in found.cells else 0
    notes: tuple[str, ...] = (f"{counted(solid, 'cell', 'cells')} left out: no flat faces",) if solid else ()
    notes += (f"{counted(lines, 'polyline')} left out",) if lines else ()
    empty = np.empty(0, np.int64)
    return np.concatenate([empty, *counts]), np.concatenate([empty, *corners]), notes


FORMAT = Format("vtk", "VTK", (".vtk", ".vtp", ".vtu"), ("Meshes", "Point clouds"), read, contained=True)
