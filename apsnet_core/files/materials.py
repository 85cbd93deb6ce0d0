"""The materials of OBJ files (.mtl): each has a colour or a texture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsnet_core.files.columns import Column
from apsnet_core.files.textures import beside, texels
from apsnet_core.files.words import first_word, numbers, unified, without_comments
from apsnet_core.types import Mask

_LARGEST = 1 << 24  # bytes of a file of materials
_MOVES = {"-s": 1.0, "-o": 0.0}  # options that scale and shift a texture, with the values that change nothing
_WORDS = ("-imfchan", "-type")  # options whose value is a word; all others have numbers, or on and off
_WORD = re.compile(r"\s*\S+(?=\s)")
_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?(?=\s)"
_VALUES = re.compile(rf"\s*(?:(?:on|off)(?=\s)|{_NUMBER}(?:\s+{_NUMBER}){{0,2}})", re.IGNORECASE)
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
            word, rest = first_word(line)
            if word == b"newmtl":
                material = materials.setdefault(rest, Material())
            elif word == b"Kd":
                values = numbers(rest.encode())
                if values is not None and len(values) == 3 and np.isfinite(values).all():
                    material.rgb = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
            elif word == b"map_Kd":
                material.texture, moved = _texture(rest)
                material.picture = beside(file, material.texture)
                if moved:
                    notes.append(f"texture {material.texture[:60]} is not scaled or shifted ({moved})")
    return materials, tuple(notes)


def _texture(text: str) -> tuple[str, str]:
    """The file name of a ``map_Kd`` line, which may contain blanks, and the options that move the picture."""
    moved = ""
    while text.startswith("-"):
        option, *rest = text.split(maxsplit=1)
        if not rest:
            break  # the name of the file begins with a minus
        [text] = rest
        values = _VALUES.match(text) if option not in _WORDS else _WORD.match(text)
        given = values.group() if values else ""
        text = text[len(given) :].lstrip()
        if option in _MOVES and any(float(value) != _MOVES[option] for value in given.split()):
            moved = f"{option} {given}".strip()
    return text, moved


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
