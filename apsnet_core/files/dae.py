"""COLLADA (.dae): all geometries at their places in the scene, parsed by pycollada from the extra ``dae``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Int64, TriangleMesh
from apsnet_core.extras import install
from apsnet_core.files.columns import Column, counted
from apsnet_core.files.errors import ReadError, short
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons
from apsnet_core.types import Foreign

_PLAIN = 204  # the grey of parts without a colour, if other parts have one
_MOST_VERTICES = 100_000_000


@dataclass
class _Gathered:
    """The polygons of the whole scene, part by part."""

    vertices: list[Column] = field(default_factory=list)
    corners: list[Int64] = field(default_factory=list)
    counts: list[Int64] = field(default_factory=list)
    colours: list[Column | None] = field(default_factory=list)
    placed: int = 0
    lines: int = 0
    textured: bool = False

    def add(self, part: Foreign, vertices: Column) -> None:
        """Add a part of a geometry; its corners are rows of ``index`` with a column per kind of input."""
        inputs = part.original.sources
        rows = np.asarray(part.index).reshape(-1, np.shape(part.index)[-1])
        corners = rows[:, inputs["VERTEX"][0][0]]
        sizes = getattr(part.original, "vcounts", None)
        self.vertices.append(vertices)
        self.corners.append(corners.astype(np.int64) + self.placed)
        self.counts.append(np.full(len(corners) // 3, 3) if sizes is None else np.asarray(sizes, np.int64))
        self.colours.append(self._colours(part, inputs.get("COLOR"), rows))
        self.placed += len(vertices)

    def _colours(self, part: Foreign, painted: Foreign, rows: Int64) -> Column | None:
        """The colours of the corners (c, 3) from the vertices or the material, or None without colours."""
        if painted:
            offset, source = painted[0][0], painted[0][4]
            return np.asarray(source.data[rows[:, offset], :3], dtype=np.float64)
        diffuse = getattr(getattr(part.material, "effect", None), "diffuse", None)
        if isinstance(diffuse, tuple) and len(diffuse) >= 3:
            return np.full((len(rows), 3), diffuse[:3], dtype=np.float64)
        self.textured = self.textured or diffuse is not None
        return None

    def corner_rgb(self) -> Column | None:
        if all(colours is None for colours in self.colours):
            return None
        plain = [np.full((len(corners), 3), _PLAIN / 255) for corners in self.corners]
        pairs = zip(plain, self.colours, strict=True)
        whole = np.concatenate([own if colours is None else colours for own, colours in pairs])
        return np.round(whole.clip(0, 1) * 255).astype(np.uint8)


def read(path: Path) -> TriangleMesh:
    """One mesh of all polygons in the scene, in the unit and with the up axis of the file."""
    try:
        import collada
        from collada.common import DaeError
    except ImportError:
        raise ReadError(path, f"COLLADA needs an additional package: {install('dae')}") from None
    with path.open("rb") as stream:
        if stream.read(2) == b"PK":
            raise ReadError(path, "it is a zip archive; the .dae file in it is accepted")
    try:
        document = collada.Collada(str(path), ignore=[DaeError])
        gathered = _gathered(document, path)
    except DaeError as error:
        raise ReadError(path, f"it cannot be understood as COLLADA ({short(error)})") from error
    if not gathered.corners:
        raise ReadError(path, "there is no geometry of polygons in its scene; at least one is needed")
    notes: tuple[str, ...] = ()
    if document.errors:
        what = f"{counted(len(document.errors), 'part')} left out or incomplete"
        notes += (f"{what}, the first: {short(document.errors[0])}",)
    bent = sum(1 for _ in document.scene.objects("controller"))
    if bent:
        notes += (f"{counted(bent, 'skin')} or morph left out",)
    if gathered.lines:
        notes += (f"{counted(gathered.lines, 'line')} left out",)
    if gathered.textured:
        notes += ("colours of textures left out",)
    return mesh_from_polygons(
        np.concatenate(gathered.vertices),
        np.concatenate(gathered.corners),
        np.concatenate(gathered.counts),
        path,
        corner_rgb=gathered.corner_rgb(),
        notes=notes,
    )


def _gathered(document: Foreign, path: Path) -> _Gathered:
    gathered = _Gathered()
    if document.scene is None:
        return gathered
    for geometry in document.scene.objects("geometry"):
        for part in geometry.primitives():
            if part.vertex is None or not len(part.index):
                continue
            if "Line" in type(part).__name__:
                gathered.lines += len(part)
                continue
            if gathered.placed + len(part.vertex) > _MOST_VERTICES:
                raise ReadError(path, f"its scene has more than {_MOST_VERTICES:,} vertices")
            gathered.add(part, np.asarray(part.vertex, dtype=np.float64))
    return gathered


FORMAT = Format("dae", "COLLADA", (".dae",), ("Meshes",), read, contained=True)
