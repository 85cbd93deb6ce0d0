"""Independent readers for comparison, which use another library or a simple loop."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Seen:
    """``points`` (n, 3) in the order of the file, and the ``polygons`` of a mesh as lists of point rows."""

    points: npt.NDArray[Any]
    polygons: list[list[int]] | None = None


def seen(path: Path) -> Seen | None:
    """Read a file independently; None if there is no reader for the format or it refuses the file."""
    reader = _READERS.get(path.suffix)
    if reader is None:
        return None
    try:
        found = reader(path)
        return Seen(found.points.astype(np.float64), found.polygons)
    except Exception:  # any exception of the reader counts as a refusal
        return None


def _ply(path: Path) -> Seen:
    import plyfile

    data = plyfile.PlyData.read(path)
    vertex = data["vertex"]
    points = np.column_stack([vertex[axis] for axis in "xyz"])
    if "tristrips" in data:
        raise ValueError
    if "face" not in data or not len(data["face"]):
        return Seen(points)
    faces = data["face"]
    name = next(n for n in ("vertex_indices", "vertex_index") if n in faces.data.dtype.names)
    return Seen(points, [list(map(int, row)) for row in faces[name]])


def _pcd(path: Path) -> Seen:
    """Read value by value; use Open3D only for compressed data, because it misreads unusual headers."""
    parts = re.split(rb"(\n *DATA[ \t][^\n]*\n)", path.read_bytes(), maxsplit=1, flags=re.IGNORECASE)
    head, word, body = parts
    lines = [line.split("#")[0].split() for line in head.decode("latin-1").splitlines()]
    entries = {line[0].upper(): line[1:] for line in lines if line}
    kind = word.split()[1].decode().lower()
    if kind == "binary_compressed":
        import open3d as o3d

        cloud = o3d.t.io.read_point_cloud(path, remove_nan_points=False, remove_infinite_points=False)
        return Seen(cloud.point.positions.numpy())
    fields, sizes, count = entries["FIELDS"], list(map(int, entries["SIZE"])), int(entries["POINTS"][0])
    if entries.get("COUNT", ["1"] * len(fields)) != ["1"] * len(fields):
        raise ValueError
    at = [fields.index(axis) for axis in "xyz"]
    if kind == "ascii":
        rows = [line.split() for line in body.decode("latin-1").splitlines() if line.strip()][:count]
        types = [np.float32 if sizes[k] == 4 else np.float64 for k in at]
        return Seen(np.array([[t(_real(row[k])) for t, k in zip(types, at, strict=True)] for row in rows]))
    if [entries["TYPE"][k].upper() for k in at] != ["F"] * 3:
        raise ValueError
    step = sum(sizes)
    forms = {4: "<f", 8: "<d"}
    places = [(forms[sizes[k]], sum(sizes[:k])) for k in at]
    table = [[struct.unpack_from(f, body, row * step + p)[0] for f, p in places] for row in range(count)]
    return Seen(np.array(table))


def _obj(path: Path) -> Seen:
    points: list[list[float]] = []
    polygons: list[list[int]] = []
    for line in path.read_bytes().replace(b"\\\n", b"  ").splitlines():
        word, *rest = [part.decode("latin-1") for part in line.split(b"#")[0].split()] or [""]
        if word == "v":
            points.append([_real(part) for part in rest[:3]])
        elif word == "f":
            numbers = [int(_real(part.split("/")[0])) for part in rest]
            if 0 in numbers:
                raise ValueError  # indices start at 1, so 0 is not a vertex
            polygons.append([n - 1 if n > 0 else len(points) + n for n in numbers])
    return Seen(np.array(points), polygons or None)


def _off(path: Path) -> Seen:
    lines = [line.split("#")[0].split() for line in path.read_text("latin-1").splitlines()]
    lines = [line for line in lines if line]
    head = lines.pop(0)
    word = next(name for name in ("COFF", "OFF") if head[0].upper().startswith(name))
    rest = [head[0][len(word) :], *head[1:]] if head[0][len(word) :] else head[1:]
    vertices, faces = map(int, (rest or lines.pop(0))[:2])
    points = np.array([[_real(part) for part in line[:3]] for line in lines[:vertices]])
    polygons = [[int(_real(part)) for part in line] for line in lines[vertices : vertices + faces]]
    return Seen(points, [row[1 : 1 + row[0]] for row in polygons] or None)


def _stl(path: Path) -> Seen:
    data = path.read_bytes()
    count = int.from_bytes(data[80:84], "little")
    if len(data) >= 84 + 50 * count and data[:5] != b"solid":
        rows = np.frombuffer(data, np.dtype([("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")]), count, 84)
        points = rows["v"].reshape(-1, 3)
    else:
        words = data.decode("latin-1").split()
        at = [k for k, word in enumerate(words) if word.lower() == "vertex"]
        points = np.array([[_real(part) for part in words[k + 1 : k + 4]] for k in at])
    return Seen(points, np.arange(len(points)).reshape(-1, 3).tolist())


def _laser(path: Path) -> Seen:
    import laspy

    return Seen(laspy.read(path).xyz)


def _npy(path: Path) -> Seen:
    return Seen(_first_three(np.load(path, allow_pickle=False)))


def _npz(path: Path) -> Seen:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        arrays = {name[:-4]: np.load(io.BytesIO(archive.read(name)), allow_pickle=False) for name in names}
    return Seen(_first_three(arrays["xyz"]))


def _glb(path: Path) -> Seen:
    """Read only the simplest files: one buffer, nodes without children, floats, and triangles."""
    data = path.read_bytes()
    size = int.from_bytes(data[12:16], "little")
    document, payload = json.loads(data[20 : 20 + size]), data[28 + size :]
    if document["nodes"] != [{"mesh": 0, "translation": [10, 0, 0]}] or document["scenes"] != [
        {"nodes": [0]}
    ]:
        raise ValueError
    primitive = document["meshes"][0]["primitives"][0]
    if primitive != {"attributes": {"POSITION": 0}, "indices": 1} or len(document["meshes"]) > 1:
        raise ValueError
    arrays = []
    for accessor, type_, width in zip(document["accessors"], ("<f4", "<u2"), (3, 1), strict=True):
        view = document["bufferViews"][accessor["bufferView"]]
        if not accessor.keys() <= {"bufferView", "componentType", "count", "type"} or "byteStride" in view:
            raise ValueError
        if accessor["componentType"] != {"<f4": 5126, "<u2": 5123}[type_]:
            raise ValueError
        arrays.append(np.frombuffer(payload, type_, accessor["count"] * width, view.get("byteOffset", 0)))
    corners = arrays[1][: len(arrays[1]) // 3 * 3].reshape(-1, 3)
    return Seen(arrays[0].reshape(-1, 3) + np.array([10, 0, 0]), corners.tolist())


def _h5(path: Path) -> Seen:
    import h5py

    with h5py.File(path) as file:
        if list(file) != ["data", "intensity", "normals", "rgb"]:
            raise ValueError
        return Seen(_first_three(file["data"][...]))


def _lines(path: Path) -> Seen:
    """Read only files that contain nothing but three plain numbers in each line."""
    text = path.read_bytes().decode("ascii")
    if not re.fullmatch(r"[-+.0-9eE \n]*", text):
        raise ValueError
    rows = [[float(word) for word in line.split()] for line in text.split("\n") if line.strip()]
    if {len(row) for row in rows} != {3}:
        raise ValueError
    return Seen(np.array(rows))


def _kitti(path: Path) -> Seen:
    return Seen(np.fromfile(path, "<f4").reshape(-1, 4)[:, :3])


def _first_three(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.ndim != 2 or array.shape[1] < 3 or array.shape[0] <= 3 or array.dtype.kind not in "fiu":
        raise ValueError
    return array[:, :3]


def _real(word: str) -> float:
    if "_" in word or word.lower().lstrip("+-").startswith(("nan(", "1.#")):
        return float("nan")
    return float(word)


_READERS: dict[str, Callable[[Path], Seen]] = {
    **{".ply": _ply, ".pcd": _pcd, ".obj": _obj, ".off": _off, ".stl": _stl, ".las": _laser, ".laz": _laser},
    **{".npy": _npy, ".npz": _npz, ".glb": _glb, ".h5": _h5, ".xyz": _lines, ".bin": _kitti},
}


def formats() -> Iterator[str]:
    """The suffixes of the formats that have an independent reader."""
    yield from _READERS
