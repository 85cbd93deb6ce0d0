"""Read a glTF file as one mesh, or as a cloud if it has only points."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64, Int64, PointCloud, TriangleMesh
from apsnet_core.files.columns import Column, cloud_from_arrays, counted
from apsnet_core.files.gltf.document import Document
from apsnet_core.files.gltf.nodes import placed_meshes
from apsnet_core.files.gltf.primitives import Piece, pieces_of
from apsnet_core.files.mesh import mesh_from_polygons

_MOST_VERTICES = 100_000_000  # a limit, because a small file may place one mesh a million times
_PLAIN = 204  # the grey of parts without a colour, if other parts have one


def read(path: Path) -> PointCloud | TriangleMesh:
    """One mesh of all triangles in the scene, or a cloud if it has only points; in metres, with y up."""
    document = Document(path)
    surface, loose = _Gathered(), _Gathered()
    for placed in placed_meshes(document):
        for piece in pieces_of(document, placed.mesh, placed.node, placed.joints):
            into = loose if piece.faces is None else surface
            places = np.eye(4)[None] if placed.joints is not None else placed.places
            if into.count + len(piece.xyz) * len(places) > _MOST_VERTICES:
                raise document.error(
                    f"its scene has more than {_MOST_VERTICES:,} vertices, placed again and again"
                )
            for place in places:
                into.add(piece, place)
    if document.json.get("animations"):
        document.note(f"{counted(len(document.json['animations']), 'animation')} left out")
    if surface.faces:
        if loose.count:
            document.note(f"{counted(loose.count, 'point')} beside its triangles left out")
        faces = np.concatenate(surface.faces)
        return mesh_from_polygons(
            np.concatenate(surface.xyz),
            faces.reshape(-1),
            np.full(len(faces), 3),
            path,
            rgb=surface.colours(),
            normals=surface.straight(),
            notes=tuple(document.notes),
        )
    if loose.count:
        return cloud_from_arrays(
            np.concatenate(loose.xyz),
            path,
            rgb=loose.colours(),
            normals=loose.straight(),
            notes=tuple(document.notes),
        )
    raise document.error("there is no mesh in its scene; at least one mesh or set of points is needed")


@dataclass
class _Gathered:
    """The transformed pieces of the scene, one after another."""

    xyz: list[Float64] = field(default_factory=list)
    faces: list[Int64] = field(default_factory=list)
    rgb: list[Column | None] = field(default_factory=list)
    normals: list[Float64 | None] = field(default_factory=list)
    count: int = 0

    def add(self, piece: Piece, place: Float64) -> None:
        turn = place[:3, :3]
        mirrored = np.linalg.det(turn) < 0
        self.xyz.append(piece.xyz @ turn.T + place[:3, 3])
        if piece.faces is not None:
            # A reflection reverses the orientation of triangles.
            self.faces.append((piece.faces[:, ::-1] if mirrored else piece.faces) + self.count)
        self.rgb.append(piece.rgb)
        self.normals.append(None if piece.normals is None else _turned(piece.normals, turn))
        self.count += len(piece.xyz)

    def colours(self) -> Column | None:
        if all(rgb is None for rgb in self.rgb):
            return None
        plain = [np.full((len(xyz), 3), _PLAIN, np.uint8) for xyz in self.xyz]
        return np.concatenate([own if rgb is None else rgb for own, rgb in zip(plain, self.rgb, strict=True)])

    def straight(self) -> Column | None:
        known = [normals for normals in self.normals if normals is not None]
        return np.concatenate(known) if known and len(known) == len(self.normals) else None


def _turned(normals: Float64, turn: Float64) -> Float64:
    """Normals of a linearly transformed surface: multiplied by the inverse transpose and normalised."""
    moved = normals @ np.linalg.pinv(turn)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    straight: Float64 = np.divide(moved, length, out=np.zeros_like(moved), where=length > 0)
    return straight
