"""Draco compression in glTF and in .drc files, decoded by DracoPy from the extra ``draco``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Int64, PointCloud, TriangleMesh
from apsnet_core.extras import install
from apsnet_core.files.columns import Column, cloud_from_arrays
from apsnet_core.files.errors import ReadError, short
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons
from apsnet_core.types import Unchecked, Values

_POSITION, _NORMAL, _COLOUR = 0, 1, 2


@dataclass(frozen=True)
class Decoded:
    """Decoded data: ``faces`` (k, 3), empty for a cloud, and ``attributes`` as DracoPy lists them."""

    faces: Int64
    attributes: list[Values]
    path: Path

    def attribute(self, unique: Unchecked) -> Column:
        """The values (v, k) of the attribute with this unique id. Raises ReadError if there is none."""
        for attribute in self.attributes:
            if attribute["unique_id"] == unique:
                return np.asarray(attribute["data"])
        raise ReadError(self.path, f"its Draco data have no attribute {unique!r}")

    def of_kind(self, kind: int) -> Column | None:
        """The values of the first attribute of a kind, or None if there is none."""
        found = (a["data"] for a in self.attributes if a["attribute_type"] == kind)
        return next((np.asarray(values) for values in found), None)


def decode(data: bytes, path: Path) -> Decoded:
    """Decode Draco data. Raises ReadError, which names the extra to install if DracoPy is missing."""
    try:
        import DracoPy
    except ImportError:
        raise ReadError(
            path,
            "it is compressed by Draco (KHR_draco_mesh_compression), which needs an additional package: "
            f"{install('draco')}",
        ) from None
    try:
        mesh = DracoPy.decode(data)
    except Exception as error:
        raise ReadError(path, f"its Draco data cannot be decoded ({short(error)})") from error
    faces = np.asarray(getattr(mesh, "faces", np.empty((0, 3))), dtype=np.int64).reshape(-1, 3)
    return Decoded(faces, mesh.attributes, path)


def read(path: Path) -> PointCloud | TriangleMesh:
    """A mesh, or a cloud if the file has no faces, with its colours and normals."""
    data = path.read_bytes()
    if data[:5] != b"DRACO":
        raise ReadError(path, "it does not begin with the word DRACO, as a Draco file does")
    found = decode(data, path)
    xyz, normals, rgb = (found.of_kind(kind) for kind in (_POSITION, _NORMAL, _COLOUR))
    if xyz is None or xyz.ndim != 2 or xyz.shape[1] != 3:
        raise ReadError(path, "it has no positions of three numbers, which a mesh or cloud needs")
    rgb = None if rgb is None or rgb.ndim < 2 or rgb.shape[1] < 3 else rgb[:, :3]
    normals = normals if normals is not None and normals.shape == xyz.shape else None
    if not len(found.faces):
        return cloud_from_arrays(xyz, path, rgb=rgb, normals=normals)
    counts = np.full(len(found.faces), 3)
    return mesh_from_polygons(xyz, found.faces.reshape(-1), counts, path, rgb=rgb, normals=normals)


FORMAT = Format("drc", "Draco", (".drc",), ("Meshes", "Point clouds"), read, contained=True)
