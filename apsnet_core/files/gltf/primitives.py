"""The primitives of a glTF mesh: their vertices with colours and normals, and their triangles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float64, Int64
from apsnet_core.files import draco
from apsnet_core.files.columns import Column, counted
from apsnet_core.files.gltf.appearance import colours_of
from apsnet_core.files.gltf.document import Document
from apsnet_core.files.strips import triangles_of_fan, triangles_of_strips
from apsnet_core.types import Unchecked, Values

_POINTS, _TRIANGLES, _STRIP, _FAN = 0, 4, 5, 6


@dataclass(frozen=True)
class Piece:
    """``xyz`` and ``normals`` (v, 3), ``rgb`` (v, 3) uint8, and ``faces`` (k, 3), None for points."""

    xyz: Float64
    faces: Int64 | None
    rgb: Column | None
    normals: Float64 | None


def pieces_of(document: Document, mesh: int, node: Values, joints: Float64 | None) -> list[Piece]:
    """The primitives of a mesh in its own frame, after morphing by its weights and skinning by its joints."""
    described = document.part("meshes", mesh)
    weights = node["weights"] if "weights" in node else described.get("weights", [])
    found: list[Piece] = []
    for primitive in described.get("primitives", []):
        mode = primitive.get("mode", _TRIANGLES)
        if mode not in (_POINTS, _TRIANGLES, _STRIP, _FAN):
            document.note("lines left out")
            continue
        attributes, indices = _attributes(document, primitive)
        if "POSITION" not in attributes:
            continue
        xyz = attributes["POSITION"]
        if xyz.shape[1] != 3:
            raise document.error(f"its mesh {mesh} has positions of {xyz.shape[1]} numbers; three are needed")
        for name, values in attributes.items():
            if len(values) != len(xyz):
                raise document.error(f"its mesh {mesh} has {len(xyz)} positions and {len(values)} of {name}")
        for weight, target in zip(weights, primitive.get("targets", []), strict=False):
            if weight and "POSITION" in target:
                xyz = xyz + float(weight) * _fitting(document, target["POSITION"], xyz)
        normals = attributes.get("NORMAL")
        if joints is not None and "JOINTS_0" in attributes and "WEIGHTS_0" in attributes:
            xyz, normals = _bent(document, xyz, normals, attributes, joints), None
        if indices is not None and len(indices) and int(indices.max()) >= len(xyz):
            raise document.error(f"its mesh {mesh} has a corner that does not exist")
        faces = rows = None
        if mode != _POINTS:
            faces = _faces(document, mode, np.arange(len(xyz)) if indices is None else indices)
        elif indices is not None:
            rows = np.unique(indices)
        rgb = colours_of(document, primitive, attributes)
        piece = Piece(xyz, faces, rgb, normals)
        found.append(piece if rows is None else _only(piece, rows))
    return found


def _only(piece: Piece, rows: Int64) -> Piece:
    rgb, normals = (None if values is None else values[rows] for values in (piece.rgb, piece.normals))
    return Piece(piece.xyz[rows], None, rgb, normals)


def _attributes(document: Document, primitive: Values) -> tuple[dict[str, Float64], Int64 | None]:
    """The vertex arrays by name, with integers normalised if the file says so, and the corners or None."""
    names = primitive.get("attributes", {})
    packed = primitive.get("extensions", {}).get("KHR_draco_mesh_compression")
    if packed is None:
        indices = primitive.get("indices")
        corners = None if indices is None else document.accessor(indices)[:, 0].astype(np.int64)
        return {name: document.numbers(index) for name, index in names.items() if _wanted(name)}, corners
    data, _ = document.view(packed.get("bufferView"))
    mesh = draco.decode(bytes(data), document.path)
    arrays = {
        name: _normalised(document, names.get(name), mesh.attribute(unique))
        for name, unique in packed.get("attributes", {}).items()
        if _wanted(name)
    }
    arrays |= {name: document.numbers(k) for name, k in names.items() if _wanted(name) and name not in arrays}
    return arrays, mesh.faces.reshape(-1)


def _wanted(name: str) -> bool:
    return name in ("POSITION", "NORMAL", "COLOR_0", "JOINTS_0", "WEIGHTS_0") or name.startswith("TEXCOORD_")


def _normalised(document: Document, accessor: Unchecked, values: Column) -> Float64:
    whole = values.dtype.kind in "iu" and document.part("accessors", accessor).get("normalized")
    return values / float(np.iinfo(values.dtype).max) if whole else values.astype(np.float64)


def _fitting(document: Document, index: Unchecked, xyz: Float64) -> Float64:
    change = document.numbers(index)
    if change.shape != xyz.shape:
        raise document.error(f"a morph target of it has {len(change)} positions for {len(xyz)} vertices")
    return change


def _faces(document: Document, mode: int, corners: Int64) -> Int64:
    if mode == _STRIP:
        return triangles_of_strips(np.array([len(corners)]), corners)
    if mode == _FAN:
        return triangles_of_fan(corners)
    if len(corners) % 3:
        document.note(f"{counted(len(corners) % 3, 'corner')} of an unfinished triangle left out")
    return corners[: len(corners) // 3 * 3].reshape(-1, 3)


def _bent(
    document: Document, xyz: Float64, normals: Float64 | None, attributes: dict[str, Float64], joints: Float64
) -> Float64:
    """The positions after linear blend skinning, in the pose of the joints in the file."""
    which, weights = attributes["JOINTS_0"].astype(np.int64), attributes["WEIGHTS_0"]
    if which.shape != weights.shape or (which.size and not 0 <= which.min() <= which.max() < len(joints)):
        raise document.error("a vertex of it is bound to a joint that does not exist")
    moved = np.zeros_like(xyz)
    for joint, weight in zip(which.T, weights.T, strict=True):
        place = np.einsum("nij,nj->ni", joints[joint][:, :3, :3], xyz) + joints[joint][:, :3, 3]
        moved += weight[:, None] * place
    return moved
