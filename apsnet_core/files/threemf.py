"""3MF: the objects of the build at their places, with the colours of their base materials."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import numpy as np

from apsnet_core.cloud import Float64, Int64, TriangleMesh
from apsnet_core.files.columns import Column
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.mesh import mesh_from_polygons

_UNDERSTOOD = {
    f"http://schemas.microsoft.com/3dmanufacturing/{name}/2015/02" for name in ("core", "material")
}
_LARGEST_RATIO = 100  # the largest ratio of unpacked to packed size; XML usually has ten
_MOST_VERTICES = 100_000_000
_PLAIN = (204, 204, 204)  # the grey of triangles without a colour, if other triangles have one
_UNITS = ("micron", "millimeter", "centimeter", "inch", "foot", "meter")


@dataclass
class _Object:
    vertices: list[tuple[float, float, float]] = field(default_factory=list)
    triangles: list[tuple[int, int, int]] = field(default_factory=list)
    colours: list[tuple[int, int, int] | None] = field(default_factory=list)
    parts: list[tuple[str, Float64]] = field(default_factory=list)  # (object, (4, 4) transform)


class _Model:
    """The content of the XML. Each element is cleared after it is read, to save memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.objects: dict[str, _Object] = {}
        self.build: list[tuple[str, Float64]] = []
        self._spaces: list[tuple[str, str]] = []
        self._palettes: dict[str, list[tuple[int, int, int]]] = {}

    def read(self, archive: zipfile.ZipFile) -> None:
        names = [name for name in archive.namelist() if name.lower().endswith(".model")]
        if not names:
            raise ReadError(self.path, "it has no part that ends with .model, as a 3MF file has")
        for name in names:
            info = archive.getinfo(name)
            if info.file_size > _LARGEST_RATIO * max(info.compress_size, 1 << 16):
                raise ReadError(
                    self.path, "its model unpacks to far more than XML does; it may be a decompression bomb"
                )
            with archive.open(info) as stream:
                self._parse(stream)

    def _parse(self, stream: IO[bytes]) -> None:
        current, palette = _Object(), ""
        default: tuple[str | None, str | None] = (None, None)
        for event, element in ElementTree.iterparse(stream, events=("start", "end", "start-ns")):
            if event == "start-ns":
                self._spaces.append(element)
                continue
            word = element.tag.rpartition("}")[2]
            if event == "start":
                get = element.get
                if word == "model":
                    self._requirements(element)
                elif word == "object":
                    current = self.objects.setdefault(str(get("id")), _Object())
                    default = get("pid"), get("pindex")
                elif word in ("basematerials", "colorgroup"):
                    palette = str(get("id"))
                    self._palettes[palette] = []
                elif word in ("base", "color"):
                    code = get("displaycolor") or get("color") or ""
                    self._palettes[palette].append(_colour(code))
                continue
            if word == "vertex":
                x, y, z = (float(str(element.get(axis))) for axis in "xyz")
                current.vertices.append((x, y, z))
            elif word == "triangle":
                a, b, c = (int(str(element.get(f"v{k}"))) for k in (1, 2, 3))
                current.triangles.append((a, b, c))
                which = element.get("pid", default[0]), element.get("p1", default[1])
                current.colours.append(self._known(*which))
            elif word == "component":
                current.parts.append((str(element.get("objectid")), self._place(element.get("transform"))))
            elif word == "item":
                self.build.append((str(element.get("objectid")), self._place(element.get("transform"))))
            element.clear()

    def _requirements(self, model: ElementTree.Element) -> None:
        unit = model.get("unit", "millimeter")
        if unit not in _UNITS:
            raise ReadError(self.path, f"its unit is {unit[:40]!r}; possible are {', '.join(_UNITS)}")
        for prefix in model.get("requiredextensions", "").split():
            known = [space for name, space in self._spaces if name == prefix]
            if not known or known[-1] not in _UNDERSTOOD:
                raise ReadError(
                    self.path,
                    f"it requires the extension {(known or [prefix])[-1][:80]}, which is not understood here",
                )

    def _known(self, palette: str | None, index: str | None) -> tuple[int, int, int] | None:
        colours = self._palettes.get(palette or "")
        if not colours or index is None or not index.isdigit() or int(index) >= len(colours):
            return None
        return colours[int(index)]

    def _place(self, words: str | None) -> Float64:
        place = np.eye(4)
        if words:
            values = [float(word) for word in words.split()]
            if len(values) != 12:
                raise ReadError(self.path, f"a transform of it has {len(values)} numbers; 12 are needed")
            place[:, :3] = np.array(values).reshape(4, 3)
        return place.T


def read(path: Path) -> TriangleMesh:
    """One mesh of all objects in the build, in the unit of the file."""
    model = _Model(path)
    try:
        with zipfile.ZipFile(path) as archive:
            model.read(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise ReadError(
            path, f"it is not a zip archive, but a 3MF file must be one ({str(error)[:60]})"
        ) from None
    except ElementTree.ParseError as error:
        raise ReadError(
            path, f"its model is not well-formed XML ({error}); it is cut short or damaged"
        ) from None
    except (TypeError, ValueError, KeyError):
        raise ReadError(path, "a vertex, triangle or transform in it is not made of numbers") from None
    vertices: list[Float64] = []
    faces: list[Int64] = []
    colours: list[tuple[int, int, int] | None] = []
    count = 0
    waiting = [(name, place, 0) for name, place in reversed(model.build)]
    while waiting:
        name, place, depth = waiting.pop()
        thing = model.objects.get(name)
        if thing is None or depth > 64:
            raise ReadError(
                path, f"it places the object {name[:40]}, which does not exist or contains itself"
            )
        if thing.triangles:
            placed = np.array(thing.vertices).reshape(-1, 3) @ place[:3, :3].T + place[:3, 3]
            corners = np.array(thing.triangles)
            if len(corners) and not 0 <= corners.min() <= corners.max() < len(placed):
                raise ReadError(path, f"its object {name[:40]} has a triangle whose corner does not exist")
            vertices.append(placed)
            faces.append(corners + count)
            colours += thing.colours
            count += len(placed)
            if count > _MOST_VERTICES:
                raise ReadError(path, f"it places more than {_MOST_VERTICES:,} vertices")
        waiting += [(part, place @ inner, depth + 1) for part, inner in reversed(thing.parts)]
        if len(waiting) > 1_000_000:
            raise ReadError(path, "it places more than a million objects")
    if not faces:
        raise ReadError(path, "its build names no object with triangles; at least one is needed")
    triangles = np.concatenate(faces)
    return mesh_from_polygons(
        np.concatenate(vertices),
        triangles.reshape(-1),
        np.full(len(triangles), 3),
        path,
        corner_rgb=_corners(colours),
    )


def _corners(colours: list[tuple[int, int, int] | None]) -> Column | None:
    if not any(colours):
        return None
    table = np.array([_PLAIN if colour is None else colour for colour in colours], dtype=np.uint8)
    return np.repeat(table, 3, axis=0)


def _colour(code: str) -> tuple[int, int, int]:
    """The colour (r, g, b) of #RRGGBB or #RRGGBBAA; the grey `_PLAIN` for any other text."""
    try:
        value = bytes.fromhex(code.lstrip("#"))
        return value[0], value[1], value[2]
    except (ValueError, IndexError):
        return _PLAIN


FORMAT = Format("3mf", "3D Manufacturing", (".3mf",), ("Meshes",), read, contained=True)
