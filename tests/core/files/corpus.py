"""Malformed files of every format, made from whole ones: a reader's bad days, and its enemies."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import DracoPy
import numpy as np

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh

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


def glb(document: dict[str, object], payload: bytes) -> bytes:
    """A GLB file of a JSON document and one buffer."""
    words = json.dumps(document).encode()
    words += b" " * (-len(words) % 4)
    payload += b"\0" * (-len(payload) % 4)
    chunks = struct.pack("<II", len(words), 0x4E4F534A) + words
    chunks += struct.pack("<II", len(payload), 0x004E4942) + payload
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def triangle_scene(corner: int = 2, count: int = 3, **accessor: object) -> tuple[dict[str, object], bytes]:
    """glTF of one triangle, moved by (10, 0, 0)."""
    payload = np.eye(3, dtype=np.float32).tobytes() + np.array([0, 1, corner], np.uint16).tobytes()
    document: dict[str, object] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": [10, 0, 0]}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", **accessor},
            {"bufferView": 1, "componentType": 5123, "count": count, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
        ],
        "buffers": [{"byteLength": len(payload)}],
    }
    return document, payload


def ptx(xyz: np.ndarray, matrix: np.ndarray | None = None, rgb: np.ndarray | None = None) -> bytes:
    """A PTX file of one scan, a column of a grid."""
    turn = np.eye(4) if matrix is None else matrix
    lines = [str(len(xyz)), "1", *["0 0 0"] * 4, *(" ".join(map(str, row)) for row in turn.tolist())]
    for k, point in enumerate(xyz.tolist()):
        colour = [] if rgb is None else rgb[k].tolist()
        lines.append(" ".join(map(str, [*point, 0.5, *colour])))
    return ("\n".join(lines) + "\n").encode()


def e57(path: Path, *scans: np.ndarray, **pose: np.ndarray) -> bytes:
    """An E57 file of some scans (n, 3), all in one ``rotation`` and ``translation``, as pye57 writes it."""
    import pye57

    file = pye57.E57(str(path), mode="w")
    for xyz in scans:
        data = {f"cartesian{axis}": xyz[:, k].astype(float) for k, axis in enumerate("XYZ")}
        file.write_scan_raw(data, **pose)
    file.close()
    return path.read_bytes()


def write_all(folder: Path) -> None:
    """The corpus: ``folder/*``. Every file is to end in ReadError, or in a cloud as good as its numbers."""
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
    for name, data in _crafted():
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
    rows = np.column_stack([cloud.xyz, cloud.normals]).tolist()
    lines = [" ".join(map(str, row)) for row in rows]
    yield "whole.xyzn", "\n".join(lines).encode()
    yield "whole.xyzrgb", "\n".join(lines).encode()
    yield "whole.pts", "\n".join(["40", *(line.rsplit(" ", 3)[0] for line in lines)]).encode()
    yield "whole.drc", DracoPy.encode(mesh.vertices, mesh.faces)
    yield "whole.bin", np.column_stack([cloud.xyz, np.ones(40, np.float32)]).tobytes()
    yield "whole.ptx", ptx(cloud.xyz)
    yield "whole.e57", e57(folder / "whole.e57", cloud.xyz)
    yield "whole.3mf", threemf(mesh)
    corners, sides = (array.ravel().tolist() for array in (mesh.vertices, mesh.faces))
    table = "\n".join("3 {} {} {}".format(*sides[k : k + 3]) for k in range(0, len(sides), 3))
    head = "# vtk DataFile Version 3.0\na\nASCII\nDATASET POLYDATA\nPOINTS 8 float\n"
    yield "whole.vtk", f"{head}{' '.join(map(str, corners))}\nPOLYGONS 12 48\n{table}".encode()
    document, payload = triangle_scene()
    yield "whole.glb", glb(document, payload)
    yield "whole.gltf", json.dumps(_embedded(document, payload)).encode()


def threemf(mesh: TriangleMesh, build: str = '<item objectid="1"/>', more: str = "", head: str = "") -> bytes:
    """A 3MF file: ``mesh`` as the object 1, ``more`` resources, and what is built."""
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


def _embedded(document: dict[str, object], payload: bytes) -> dict[str, object]:
    import base64

    uri = "data:application/octet-stream;base64," + base64.b64encode(payload).decode()
    return document | {"buffers": [{"byteLength": len(payload), "uri": uri}]}


def _flipped(data: bytes) -> bytes:
    broken = bytearray(data)
    for at in np.random.default_rng(1).integers(0, len(data), max(1, len(data) // 50)):
        broken[at] ^= 0xFF
    return bytes(broken)


def _crafted() -> Iterator[tuple[str, bytes]]:
    """Lies that no accident makes, by format."""
    yield from _ply()
    yield from _pcd()
    yield from _text()
    yield from _meshes()
    yield from _arrays()
    yield from _las()
    yield from _hdf5()


def _ply() -> Iterator[tuple[str, bytes]]:
    def ply(kind: str, count: object, body: bytes, faces: str = "", names: str = "xyz") -> bytes:
        lines = ["ply", f"format {kind} 1.0", f"element vertex {count}"]
        lines += [f"property float {name}" for name in names]
        return "\n".join([*lines, *([faces] if faces else []), "end_header", ""]).encode() + body

    face = "element face {}\nproperty list uchar int vertex_indices"
    points = np.ones((3, 3), "<f4").tobytes()
    yield "huge.ply", ply("binary_little_endian", 4_000_000_000, points)
    yield "huge_ascii.ply", ply("ascii", 4_000_000_000, b"1 2 3\n")
    yield "negative.ply", ply("binary_little_endian", -3, points)
    yield "no_number.ply", ply("ascii", "many", b"1 2 3\n")
    yield "no_points.ply", ply("ascii", 0, b"")
    yield "no_z.ply", ply("ascii", 1, b"1 2\n", names="xy")
    yield "twice_x.ply", ply("ascii", 1, b"1 2 3 4\n", names="xyzx")
    yield "words.ply", ply("ascii", 2, b"1 2 3\nfour five six\n")
    yield "few_columns.ply", ply("ascii", 2, b"1 2 3\n4 5\n")
    yield "all_nan.ply", ply("ascii", 2, b"nan nan nan\ninf 0 0\n")
    yield "kind.ply", ply("binary_middle_endian", 3, points)
    yield "type.ply", ply("ascii", 1, b"1 2 3\n").replace(b"float x", b"quadruple x")
    yield "no_vertex.ply", ply("ascii", 1, b"1 2 3\n").replace(b"vertex", b"corner")
    yield "orphan.ply", b"ply\nformat ascii 1.0\nproperty float x\nelement vertex 1\nend_header\n1\n"
    for name, corners in [("beyond", (0, 1, 9)), ("below", (0, 1, -1)), ("far", (0, 1, 2**31 - 1))]:
        body = points + b"\x03" + np.array(corners, "<i4").tobytes()
        yield f"{name}.ply", ply("binary_little_endian", 3, body, face.format(1))
        words = " ".join(map(str, corners)).encode()
        yield f"{name}_ascii.ply", ply("ascii", 3, b"1 0 0\n0 1 0\n0 0 1\n3 " + words, face.format(1))
    yield "huge_list.ply", ply("binary_little_endian", 3, points + b"\xff\0\0", face.format(1))
    yield (
        "signed_list.ply",
        ply("binary_little_endian", 3, points + b"\xff\0\0\0\0", face.format(1).replace("uchar", "char")),
    )
    yield "many_faces.ply", ply("binary_little_endian", 3, points + b"\x03", face.format(2**40))
    yield "flat_faces.ply", ply("ascii", 3, b"1 0 0\n0 1 0\n0 0 1\n2 0 1\n", face.format(1))
    yield "strips.ply", ply("ascii", 3, b"1 0 0\n0 1 0\n0 0 1\n", "element tristrips 1\nproperty int n")
    yield "large.ply", ply("ascii", 2, b"1e30 0 0\n0 1 0\n")


def _pcd() -> Iterator[tuple[str, bytes]]:
    def pcd(points: object, body: bytes, data: str = "binary", **lines: str) -> bytes:
        header = {"VERSION": "0.7", "FIELDS": "x y z", "SIZE": "4 4 4", "TYPE": "F F F", "COUNT": "1 1 1"}
        header |= {"WIDTH": f"{points}", "HEIGHT": "1", "POINTS": f"{points}", "DATA": data} | lines
        return "".join(f"{name} {words}\n" for name, words in header.items()).encode() + body

    points = np.ones((4, 3), "<f4").tobytes()
    yield "huge.pcd", pcd(2**40, points)
    yield "negative.pcd", pcd(-4, points)
    yield "words.pcd", pcd("four", points)
    yield "none.pcd", pcd(0, b"")
    yield "disagree.pcd", pcd(4, points, WIDTH="3")
    yield "wide_count.pcd", pcd(4, points, COUNT="1 1 999999999999")
    yield "negative_count.pcd", pcd(4, points, COUNT="1 1 -1")
    yield "short_size.pcd", pcd(4, points, SIZE="4 4")
    yield "odd_size.pcd", pcd(4, points, SIZE="4 4 3")
    yield "odd_type.pcd", pcd(4, points, TYPE="F F X")
    yield "no_z.pcd", pcd(4, points, FIELDS="x y w")
    yield "no_data.pcd", pcd(4, points, data="zipped")
    yield "nan.pcd", pcd(1, b"nan nan nan\n", data="ascii")
    yield "lines.pcd", pcd(3, b"1 2 3\n4 5 6\n", data="ascii")
    yield "letters.pcd", pcd(1, b"1 two 3\n", data="ascii")
    for name, packed, size, body in [
        ("packed_short", 100, 48, b"abc"),
        ("packed_huge", 2**32 - 1, 2**32 - 1, b"abc"),
        ("packed_wrong", 8, 48, b"\xff" * 8),
        ("packed_size", 8, 47, bytes(8)),
        ("packed_little", 1, 48, b"\0"),
    ]:
        yield f"{name}.pcd", pcd(4, struct.pack("<II", packed, size) + body, data="binary_compressed")
    bomb = pcd(2**30, struct.pack("<II", 3, 3 * 2**32 % 2**32) + b"abc", data="binary_compressed")
    yield "packed_bomb.pcd", bomb


def _text() -> Iterator[tuple[str, bytes]]:
    yield "columns.xyz", b"1 2\n3 4\n"
    yield "ragged.xyz", b"1 2 3\n4 5\n"
    yield "words.xyz", b"1 2 3\na b c\n"
    yield "nan.xyz", b"nan nan nan\n"
    yield "comments.xyz", b"# nothing\n# at all\n"
    yield "long_line.xyz", b"1" * 3_000_000
    yield "digits.xyz", b"1 2 " + b"9" * 5000 + b"\n"
    yield "header.csv", b"x,y,z\n"
    yield "no_z.csv", b"x,y,intensity\n1,2,3\n"
    yield "more_names.csv", b"x,y,z,w\n1,2,3\n"
    yield "text_column.csv", b"x,y,z,name\n1,2,3,chair\n"
    yield "holes.csv", b"x,y,z\n1,,3\n"
    yield "two_headers.csv", b"x,y,z\na,b,c\n1,2,3\n"
    yield "utf16.csv", "x,y,z\n1,2,3\n".encode("utf-16")
    yield "count_high.pts", b"5\n1 2 3\n4 5 6\n"
    yield "count_low.pts", b"1\n1 2 3\n4 5 6\n"
    yield "count_only.pts", b"5\n"
    yield "large.txt", b"1e300 0 0\n1 1 1\n"
    yield "underscore.txt", b"1_0 2 3\n"


def _meshes() -> Iterator[tuple[str, bytes]]:
    triangle = b"v 0 0 0\nv 1 0 0\nv 0 1 0\n"
    yield "beyond.obj", triangle + b"f 1 2 4\n"
    yield "zero.obj", triangle + b"f 0 1 2\n"
    yield "before.obj", triangle + b"f -1 -2 -4\n"
    yield "huge.obj", triangle + b"f 1 2 99999999999999999999999\n"
    yield "short_vertex.obj", b"v 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
    yield "word_vertex.obj", b"v a b c\n"
    yield "word_face.obj", triangle + b"f a b c\n"
    yield "edge.obj", triangle + b"f 1 2\n"
    yield "no_vertices.obj", b"f 1 2 3\n"
    yield "nan.obj", b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
    yield "huge.off", b"OFF\n4000000000 1 0\n0 0 0\n"
    yield "negative.off", b"OFF\n-3 1 0\n0 0 0\n"
    yield "no_counts.off", b"OFF\n"
    yield "glued_word.off", b"OFFSET 3 4\n"
    yield "beyond.off", b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 3\n"
    yield "below.off", b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 -1\n"
    yield "corners.off", b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n9 0 1 2\n"
    yield "no_corners.off", b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n-1 0 1 2\n"
    yield "words.off", b"OFF\n3 1 0\n0 0 zero\n1 0 0\n0 1 0\n3 0 1 2\n"
    yield "binary.off", b"OFF BINARY\n" + bytes(40)
    yield "huge.stl", bytes(80) + struct.pack("<I", 2**32 - 1) + bytes(100)
    yield "none.stl", bytes(80) + struct.pack("<I", 0)
    yield "nan.stl", bytes(80) + struct.pack("<I", 1) + np.full(12, np.nan, "<f4").tobytes() + b"\0\0"
    yield (
        "words.stl",
        b"solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex a b c\nvertex 0 1 0\n"
        + (b"endloop\nendfacet\nendsolid a\n"),
    )
    yield (
        "edge.stl",
        b"solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\n"
        + (b"endloop\nendfacet\nendsolid a\n"),
    )
    yield "open.stl", b"solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n"
    yield "beyond.glb", glb(*triangle_scene(corner=7))
    yield "huge.glb", glb(*triangle_scene(count=2**40))
    yield "huge_points.gltf", json.dumps(_embedded(*_with(triangle_scene(), 2**50))).encode()
    yield "no_meshes.gltf", b'{"asset": {"version": "2.0"}}'
    yield "list.gltf", b"[1, 2, 3]"
    yield "deep.gltf", b"[" * 100_000
    document, payload = triangle_scene()
    document["nodes"] = [{"mesh": 0, "children": [0]}]
    yield "circle.glb", glb(document, payload)
    document, payload = triangle_scene()
    document["buffers"] = [{"byteLength": 42, "uri": "missing.bin"}]
    yield "missing.gltf", json.dumps(document).encode()


def _with(scene: tuple[dict[str, object], bytes], count: int) -> tuple[dict[str, object], bytes]:
    scene[0]["accessors"][0]["count"] = count  # type: ignore[index]
    return scene


def _npy(shape: object, descr: str = "<f4", order: bool = False, body: bytes = b"") -> bytes:
    words = f"{{'descr': {descr!r}, 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    words += b" " * (-(len(words) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words)) + words + body


def _arrays() -> Iterator[tuple[str, bytes]]:
    nine = np.ones(9, "<f4").tobytes()
    yield "huge.npy", _npy((2**40, 3), body=nine)
    yield "overflow.npy", _npy((2**62, 2**62), body=nine)
    yield "negative.npy", _npy((-3, -3), body=nine)
    yield "object.npy", _npy((3, 3), "|O", body=b"cos\nsystem\n(S'true'\ntR.")
    yield "flat.npy", _npy((9,), body=nine)
    yield "scalar.npy", _npy((), body=nine)
    yield "text.npy", _npy((3, 3), "<U1", body=nine)
    yield "complex.npy", _npy((1, 3), "<c8", body=nine)
    yield "code.npy", _npy("__import__('os').getcwd()", body=nine)
    yield "none.npy", _npy((0, 3))
    yield "wide.npy", _npy((1, 100), body=bytes(400))
    yield "stack.npy", _npy((3, 1, 3), body=nine)
    yield "nan.npy", _npy((1, 3), body=np.full(3, np.nan, "<f4").tobytes())
    yield "structure.npy", _npy((1,), [("x", "<f4"), ("y", "<f4")], body=nine)  # type: ignore[arg-type]
    yield "repeat.npy", _npy((2**33, 0, 3))
    for name, members in [
        ("nothing", {}),
        ("two", {"a.npy": _npy((3, 3), body=nine), "b.npy": _npy((3, 3), body=nine)}),
        ("object", {"xyz.npy": _npy((3, 3), "|O", body=b"cos\nsystem\n(S'true'\ntR.")}),
        ("huge", {"xyz.npy": _npy((2**40, 3), body=nine)}),
        ("text", {"xyz.txt": b"1 2 3"}),
        ("lengths", {"xyz.npy": _npy((3, 3), body=nine), "w.npy": _npy((2,), body=nine)}),
    ]:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in members.items():
                archive.writestr(member, data)
        yield f"{name}.npz", stream.getvalue()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xyz.npy", _npy((2**27, 3), body=nine))
    liar = bytearray(stream.getvalue())
    at = liar.rindex(b"PK\x01\x02")
    liar[at + 20 : at + 28] = struct.pack("<II", 2**32 - 2, 2**32 - 2)
    yield "liar.npz", bytes(liar)


def _las() -> Iterator[tuple[str, bytes]]:
    import tempfile

    for suffix in ("las", "laz"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"cloud.{suffix}")
            files.write(PointCloud(whole_cloud().xyz), path)
            data = path.read_bytes()

        def edited(at: int, kind: str, *values: float, data: bytes = data) -> bytes:
            words = struct.pack(kind, *values)
            return data[:at] + words + data[at + len(words) :]

        yield f"huge.{suffix}", edited(107, "<I", 2**32 - 1)
        yield f"more.{suffix}", edited(107, "<I", 41)
        yield f"none.{suffix}", edited(107, "<I", 0)
        yield f"scale_zero.{suffix}", edited(131, "<d", 0)
        yield f"scale_nan.{suffix}", edited(131, "<d", np.nan)
        yield f"scale_huge.{suffix}", edited(131, "<d", 1e300)
        yield f"offset_inf.{suffix}", edited(155, "<d", np.inf)
        yield f"data_far.{suffix}", edited(96, "<I", 2**32 - 1)
        yield f"data_near.{suffix}", edited(96, "<I", 0)
        yield f"records.{suffix}", edited(100, "<I", 2**32 - 1)
        yield f"format.{suffix}", edited(104, "<B", 77)
        yield f"length.{suffix}", edited(105, "<H", 1)
        yield f"version.{suffix}", edited(24, "<BB", 9, 9)
        yield f"header.{suffix}", edited(94, "<H", 65535)
        if suffix == "laz":
            start = struct.unpack_from("<I", data, 96)[0]
            yield "table_far.laz", edited(start, "<q", 2**62)
            yield "table_negative.laz", edited(start, "<q", -2)
            table = struct.unpack_from("<q", data, start)[0]
            yield "chunks_many.laz", edited(table, "<II", 0, 2**32 - 1)
            record = data.index(b"laszip encoded") + 16 + 36
            yield "chunk_zero.laz", edited(record + 12, "<I", 0)
            yield "chunk_huge.laz", edited(record + 12, "<I", 2**32 - 2)
            yield "items_many.laz", edited(record + 32, "<H", 65535)
            yield "item_size.laz", edited(record + 36, "<H", 65535)


def _hdf5() -> Iterator[tuple[str, bytes]]:
    import h5py

    def h5(**arrays: object) -> bytes:
        stream = io.BytesIO()
        with h5py.File(stream, "w") as file:
            for name, values in arrays.items():
                if values is None:
                    file.create_group(name)
                elif isinstance(values, tuple):
                    file.create_dataset(name, values, "f4", chunks=(100, 3))
                else:
                    file[name] = values
        return stream.getvalue()

    yield "nothing.h5", h5()
    yield "group.h5", h5(data=None)
    yield "flat.h5", h5(data=np.ones(9))
    yield "text.h5", h5(data=np.array([[b"a", b"b", b"c"]]))
    yield "two.h5", h5(a=np.ones((4, 3)), b=np.ones((5, 3)))
    yield "rows.h5", h5(data=np.ones((4, 5, 3)))
    yield "none.h5", h5(data=np.ones((0, 3)))
    yield "nan.h5", h5(data=np.full((4, 3), np.nan))
    yield "sparse.h5", h5(data=(2**40, 3))
    yield "unwritten.h5", h5(data=(1000, 3))
    yield "scalar.h5", h5(data=np.float32(3))
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["loop"] = h5py.SoftLink("/loop")
        file["away"] = h5py.ExternalLink("/etc/passwd", "/data")
        file.create_dataset("data", (4, 3), "f4", external=[("/etc/passwd", 0, 48)])
    yield "elsewhere.h5", stream.getvalue()
