"""Files crafted to mislead a reader: impossible counts, sizes and offsets, which no accident would make."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from tests.core.files.scenes import embedded, glb, triangle_scene


def crafted() -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of the files, format by format."""
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
    yield "huge_points.gltf", json.dumps(embedded(*_with(triangle_scene(), 2**50))).encode()
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
            xyz = np.random.default_rng(7).normal(size=(40, 3)).astype(np.float32)
            files.write(PointCloud(xyz), path)
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
