"""Undamaged files of every format, which the fuzzer damages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.core.files.corpus import CUBE, SIDES, wholes
from tests.core.files.scenes import glb, triangle_scene

_XYZ = "property float x\nproperty float y\nproperty float z\n"
_RGB = "property uchar red\nproperty uchar green\nproperty uchar blue\n"
_CORNERS = "property list uchar int vertex_indices\n"


def subjects(folder: Path) -> dict[str, bytes]:
    """The contents of files by name, several for a format with variants; ``folder`` is for scratch files."""
    found = {name.replace("whole", suffix): data for suffix, (name, data) in _named(wholes(folder))}
    return found | dict(_meshes()) | dict(_points())


def _named(files: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for name, data in files:
        yield "written", (name, data)


def _meshes() -> Iterator[tuple[str, bytes]]:
    corners = "\n".join(" ".join(f"{v:g}" for v in row) for row in CUBE)
    quads = [" ".join(map(str, side)) for side in SIDES]
    mixed = [f"4 {quad}" for quad in quads[:5]] + ["3 1 5 7", "3 1 7 3"]
    coloured = "\n".join(f"{row} {k * 30} 0 255" for k, row in enumerate(corners.split("\n")))
    head = f"ply\nformat {{}} 1.0\nelement vertex 8\n{_XYZ}{{}}element face 7\n{_CORNERS}end_header\n"
    yield "words.ply", (head.format("ascii", _RGB) + coloured + "\n" + "\n".join(mixed) + "\n").encode()
    for kind, order in (("little", "<"), ("big", ">")):
        body = CUBE.astype(f"{order}f4").tobytes()
        for line in mixed:
            count, *rest = map(int, line.split())
            body += bytes([count]) + np.array(rest, f"{order}i4").tobytes()
        yield f"{kind}.ply", head.format(f"binary_{kind}_endian", "").encode() + body
    strips = "element tristrips 1\nproperty list int int vertex_indices\n"
    text = f"ply\nformat ascii 1.0\nelement vertex 8\n{_XYZ}{strips}end_header\n{corners}\n"
    yield "strips.ply", (text + "9 0 1 2 3 -1 4 5 6 7\n").encode()
    vertices = "\n".join(f"v {line}" for line in corners.split("\n"))
    texture = "\nvt 0 0\nvt 1 0\nvn 0 0 1\n"
    faces = [" ".join(f"{k + 1}/{k % 2 + 1}/1" for k in side) for side in SIDES]
    yield "slashes.obj", (vertices + texture + "\n".join(f"f {face}" for face in faces) + "\n").encode()
    yield "back.obj", (vertices + "\nf -8 -7 -6\nf 1 2//1 3/1\nusemtl a\nf 1 2 4 3\n").encode()
    yield "colours.off", f"COFF\n8 7 0\n{coloured}\n".encode() + "\n".join(mixed).encode()
    facet = "facet normal 0 0 1\nouter loop\nvertex {}\nvertex {}\nvertex {}\nendloop\nendfacet\n"
    rows = corners.split("\n")
    facets = "".join(facet.format(*rows[k : k + 3]) for k in (0, 2, 4))
    yield "words.stl", f"solid a\n{facets}endsolid".encode()
    for name, change in (("strip", {"mode": 5}), ("points", {"mode": 0})):
        document, payload = triangle_scene()
        document["meshes"][0]["primitives"][0] |= change  # type: ignore[index]
        yield f"{name}.glb", glb(document, payload)
    document, payload = triangle_scene()
    document["accessors"][0]["sparse"] = {  # type: ignore[index]
        "count": 1,
        "indices": {"bufferView": 1, "componentType": 5123},
        "values": {"bufferView": 0},
    }
    document["nodes"] = [{"children": [1], "scale": [2, 1, 1]}, {"mesh": 0, "rotation": [0, 0, 1, 0]}]
    yield "sparse.glb", glb(document, payload)
    yield "no buffer.gltf", json.dumps(document | {"buffers": [{"byteLength": 42, "uri": "data:,"}]}).encode()


def _points() -> Iterator[tuple[str, bytes]]:
    lines = "\n".join(f"{k} {k * 0.5:g} {-k} {k % 7} {k}" for k in range(20))
    head = "VERSION .7\nFIELDS x y z ring rgb\nSIZE 4 4 4 2 4\nTYPE F F F U F\nCOUNT 1 1 1 1 1\n"
    head += "WIDTH {}\nHEIGHT {}\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 20\nDATA {}\n"
    yield "words.pcd", (head.format(20, 1, "ascii") + lines).encode()
    yield "organised.pcd", (head.format(5, 4, "ascii") + lines).encode()
    yield "table.csv", ("x,y,z,w,label\n" + lines.replace(" ", ",")).encode()
    yield "tabs.txt", ("# x y z\n" + lines.replace(" ", "\t")).encode()
    yield "three.xyz", "\n".join(line.rsplit(" ", 2)[0] for line in lines.split("\n")).encode()
