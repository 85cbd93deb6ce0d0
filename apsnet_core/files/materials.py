"""The materials of OBJ files (.mtl): each has a colour or a texture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsnet_core.files.columns import Column
from apsnet_core.files.textures import beside, texels
from apsnet_core.files.words import numbers, unified, without_comments
from apsnet_core.types import Mask

_LARGEST = 1 << 24  # bytes of a file of materials
_PLAIN = 204  # the grey of parts without a colour, if other parts have one


@dataclass
class Material:
    """A material: ``rgb`` (3,) uint8, the name of its ``texture`` in the .mtl file, and the ``picture`` file.

    ``picture`` is None if the file does not exist.
    """

    rgb: npt.NDArray[np.uint8] | None = None
    texture: str | None = None
    picture: Path | None = None


def load(path: Path, libraries: list[str]) -> tuple[dict[str, Material], tuple[str, ...]]:
    """The materials in the files that the OBJ file ``path`` names, and notes on files that are missing."""
    materials: dict[str, Material] = {}
    notes: list[str] = []
    for library in dict.fromkeys(libraries):
        file = beside(path, library)
        if file is None or file.stat().st_size > _LARGEST:
            why = "not there" if file is None else "too large"
            notes.append(f"colours left out: the materials in {library[:60]} are {why}")
            continue
        material = Material()
        for line in without_comments(unified(file.read_bytes())).split(b"\n"):
            word, _, rest = line.strip().partition(b" ")
            if word == b"newmtl":
                material = materials.setdefault(rest.decode("utf-8", "replace").strip(), Material())
            elif word == b"Kd":
                values = numbers(rest)
                if values is not None and len(values) == 3 and np.isfinite(values).all():
                    material.rgb = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
            elif word == b"map_Kd":
                name = rest.decode("utf-8", "replace").strip()
                material.texture = name.split()[-1] if name.startswith("-") else name
                material.picture = beside(file, material.texture)
    return materials, tuple(notes)


class Colouring:
    """The colours of ``count`` corners, painted material by material."""

    def __init__(self, count: int, notes: tuple[str, ...]) -> None:
        self._rgb = np.full((count, 3), _PLAIN, dtype=np.uint8)
        self._painted = False
        self._notes = list(notes)

    def paint(self, mine: Mask, material: Material | None, uv: Column | None) -> None:
        """Colour the corners ``mine`` (c,) by a material; ``uv`` (c, 2) are texture coordinates."""
        if material is None or not mine.any():
            return
        if material.rgb is not None:
            self._rgb[mine], self._painted = material.rgb, True
        if material.texture is None or uv is None:
            return
        if material.picture is None:
            self._notes.append(f"texture {material.texture[:60]} is not there")
            return
        try:
            # The v axis of textures points up from the lower edge, the rows of a picture go down.
            self._rgb[mine], self._painted = texels(material.picture, uv[mine] * [1, -1]), True
        except ValueError as error:
            self._notes.append(f"texture {material.texture[:60]} left out: {str(error)[:80]}")

    def result(self) -> tuple[Column | None, tuple[str, ...]]:
        """The colours (c, 3) of all corners, or None if no material has a colour; and the notes."""
        return (self._rgb if self._painted else None), tuple(dict.fromkeys(self._notes))
