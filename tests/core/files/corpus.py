"""Malformed files of every format: damaged copies of whole files, and files crafted to do harm."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import DracoPy
import numpy as np

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from tests.core.files.collada_scene import HERE, POLYGONS, collada
from tests.core.files.crafted import crafted
from tests.core.files.scenes import embedded, glb, triangle_scene
from tests.narrow import present

CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.float32)
SIDES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def whole_cloud() -> PointCloud:
    rng = np.random.default_rng(7)
    return PointCloud(
        rng.normal(size=(40, 3)).astype(np.float32),
        rgb=rng.integers(0, 256, (40, 3)).astype(np.uint8),
        normals=rng.normal(size=(40, 3)).astype(np.float32),
        attributes={"intensity": rng.integers(0, 1000, 40).astype(np.uint16)},
    )


def whole_mesh() -> TriangleMesh:
    faces = [face for a, b, c, d in SIDES for face in ((a, b, c), (a, c, d))]
    return TriangleMesh(CUBE, np.array(faces))


def ptx(xyz: np.ndarray, matrix: np.ndarray | None = None, rgb: np.ndarray | None = None) -> bytes:
    """Return a PTX file of one scan, whose grid has a single column."""
    turn = np.eye(4) if matrix is None else matrix
    lines = [str(len(xyz)), "1", *["0 0 0"] * 4, *(" ".join(map(str, row)) for row in turn.tolist())]
    for k, point in enumerate(xyz.tolist()):
        colour = [] if rgb is None else rgb[k].tolist()
        lines.append(" ".join(map(str, [*point, 0.5, *colour])))
    return ("\n".join(lines) + "\n").encode()


def e57(path: Path, *scans: np.ndarray, **pose: np.ndarray) -> bytes:
    """Write with pye57 an E57 file of ``scans`` (n, 3) that share one ``pose``, and return its bytes."""
    import pye57

    file = pye57.E57(str(path), mode="w")
    for xyz in scans:
        data = {f"cartesian{axis}": xyz[:, k].astype(float) for k, axis in enumerate("XYZ")}
        file.write_scan_raw(data, **pose)
    file.close()
    return path.read_bytes()


def write_all(folder: Path) -> None:
    """Write the corpus to ``folder``. Each file must give a ReadError or a cloud of the numbers in it."""
    for name, data in wholes(folder):
        suffix = name.rpartition(".")[2]
        (folder / f"whole.{suffix}").write_bytes(data)
        (folder / f"empty.{suffix}").write_bytes(b"")
        for k in range(1, 8):
            (folder / f"cut{k}of8.{suffix}").write_bytes(data[: len(data) * k // 8])
        (folder / f"cut_last.{suffix}").write_bytes(data[:-1])
        garbage = np.random.default_rng(len(data)).integers(0, 256, 3000).astype(np.uint8).tobytes()
        (folder / f"garbage.{suffix}").write_bytes(garbage)
        (folder / f"garbage_tail.{suffix}").write_bytes(data[: len(data) // 2] + garbage)
        (folder / f"zeros.{suffix}").write_bytes(bytes(2000))
        (folder / f"flipped.{suffix}").write_bytes(_flipped(data))
        (folder / f"folder.{suffix}").mkdir()
        other = b"x,y\n1,2\n" if suffix not in ("csv", "txt") else b"\x89PNG\r\n\x1a\n" + garbage
        (folder / f"other_kind.{suffix}").write_bytes(other)
    for name, data in crafted():
        (folder / name).write_bytes(data)


def wholes(folder: Path) -> Iterator[tuple[str, bytes]]:
    cloud, mesh = whole_cloud(), whole_mesh()
    for suffix in files.writable():
        path = folder / f"whole{suffix}"
        files.write(cloud, path)
        yield path.name, path.read_bytes()
    for suffix in (".obj", ".off", ".stl"):
        path = folder / f"whole{suffix}"
        files.write(mesh, path)
        yield path.name, path.read_bytes()
    rows = np.column_stack([cloud.xyz, present(cloud.normals)]).tolist()
    lines = [" ".join(map(str, row)) for row in rows]
    yield "whole.xyzn", "\n".join(lines).encode()
    yield "whole.xyzrgb", "\n".join(lines).encode()
    yield "whole.pts", "\n".join(["40", *(line.rsplit(" ", 3)[0] for line in lines)]).encode()
    yield "whole.drc", DracoPy.encode(mesh.vertices, mesh.faces)
    yield "whole.bin", np.column_stack([cloud.xyz, np.ones(40, np.float32)]).tobytes()
    yield "whole.ptx", ptx(cloud.xyz)
    yield "whole.e57", e57(folder / "whole.e57", cloud.xyz)
    yield "whole.3mf", threemf(mesh)
    yield "whole.dae", collada(HERE, POLYGONS).encode()
    corners, sides = (array.ravel().tolist() for array in (mesh.vertices, mesh.faces))
    table = "\n".join("3 {} {} {}".format(*sides[k : k + 3]) for k in range(0, len(sides), 3))
    head = "# vtk DataFile Version 3.0\na\nASCII\nDATASET POLYDATA\nPOINTS 8 float\n"
    yield "whole.vtk", f"{head}{' '.join(map(str, corners))}\nPOLYGONS 12 48\n{table}".encode()
    written = Path(__file__).parent / "vtk_xml"
    yield "whole.vtp", (written / "inline_zlib.vtp").read_bytes().strip()
    yield "whole.vtu", (written / "cells.vtu").read_bytes().strip()
    document, payload = triangle_scene()
    yield "whole.glb", glb(document, payload)
    yield "whole.gltf", json.dumps(embedded(document, payload)).encode()


def threemf(mesh: TriangleMesh, build: str = '<item objectid="1"/>', more: str = "", head: str = "") -> bytes:
    """Return a 3MF file with ``mesh`` as object 1, ``more`` resources and the given ``build``."""
    core = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
    vertices = "".join('<vertex x="{}" y="{}" z="{}"/>'.format(*row) for row in mesh.vertices.tolist())
    triangles = "".join('<triangle v1="{}" v2="{}" v3="{}"/>'.format(*row) for row in mesh.faces.tolist())
    whole = f"<mesh><vertices>{vertices}</vertices><triangles>{triangles}</triangles></mesh>"
    model = f'<?xml version="1.0"?><model unit="millimeter" xmlns="{core}" {head}><resources>{more}'
    model += f'<object id="1" type="model">{whole}</object></resources><build>{build}</build></model>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("3D/3dmodel.model"), model)
    return stream.getvalue()


def _flipped(data: bytes) -> bytes:
    broken = bytearray(data)
    for at in np.random.default_rng(1).integers(0, len(data), max(1, len(data) // 50)):
        broken[at] ^= 0xFF
    return bytes(broken)
