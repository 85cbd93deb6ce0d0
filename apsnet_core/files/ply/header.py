"""The header of a PLY file: its elements, their properties, and the start of the body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from apsnet_core.files.errors import ReadError

_TYPES = {
    **{"char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4"},
    **{"float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2"},
    **{"int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8", "int64": "i8", "uint64": "u8"},
}
_LONGEST = 1 << 20
_KINDS = ("ascii", "binary_little_endian", "binary_big_endian")


@dataclass
class Property:
    """A property: its type as numpy names it, and for a list property the type of the length."""

    name: str
    type: str
    length: str | None = None

    @property
    def size(self) -> int:
        """The bytes of one value."""
        return np.dtype(self.type).itemsize

    @property
    def smallest(self) -> int:
        """The least bytes of this property in a binary row; a list takes the least when it is empty."""
        return np.dtype(self.length or self.type).itemsize


@dataclass
class Element:
    """An element of a PLY file: ``count`` rows of its ``properties``."""

    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    @property
    def has_lists(self) -> bool:
        """Whether a property is a list, so that rows differ in length."""
        return any(p.length for p in self.properties)


@dataclass(frozen=True)
class Header:
    """A parsed header: ``kind`` is the format line's word, ``start`` the position of the body's first byte.

    ``lines`` is the number of lines before the body.
    """

    kind: str
    elements: list[Element]
    start: int
    lines: int
    crs: str | None
    textures: tuple[str, ...]


def parse(data: bytes, path: Path) -> Header:
    """The header, after checking it against the size of the file. Raises ReadError."""
    if data[:3] != b"ply":
        raise ReadError(path, "it does not begin with the word ply, as a PLY file does")
    # Old Mac files end lines with a single CR. A binary body may begin with any byte, including LF.
    end = rb"\rend_header[ \t]*\r" if re.match(rb"ply[ \t]*\r(?!\n)", data) else rb"\nend_header[ \t\r]*\n"
    match = re.compile(end).search(data, 0, _LONGEST)
    if match is None:
        raise ReadError(path, "its header has no end (a line 'end_header'); the file may be cut short")
    lines = data[: match.start()].decode("utf-8", "replace").splitlines()
    kind, crs = "", None
    textures: list[str] = []
    elements: list[Element] = []
    for line in lines[1:]:
        words = line.split()
        try:
            match words:
                case ["format", word, _]:
                    kind = word
                case ["element", name, count]:
                    elements.append(Element(name, int(count)))
                case ["property", "list", length, type_, name] if _TYPES[length][0] != "f":
                    elements[-1].properties.append(Property(name, _TYPES[type_], _TYPES[length]))
                case ["property", type_, name]:
                    elements[-1].properties.append(Property(name, _TYPES[type_]))
                case ["comment", "crs", *_]:
                    crs = line.split("crs", 1)[1].strip()
                case ["comment", "TextureFile", *_]:
                    textures.append(line.split("TextureFile", 1)[1].strip())
                case [] | ["comment" | "obj_info", *_]:
                    pass
                case _:
                    raise ValueError
        except (ValueError, KeyError, IndexError):
            raise ReadError(path, f"its header has a line that cannot be understood: {line[:60]!r}") from None
    if kind not in _KINDS:
        raise ReadError(
            path,
            f"its format is {kind or 'not named'}; ascii and binary_(little or big)_endian are accepted",
        )
    _check(elements, kind == "ascii", len(data) - match.end(), path)
    return Header(kind, elements, match.end(), len(lines) + 1, crs, tuple(textures))


def _check(elements: list[Element], ascii: bool, left: int, path: Path) -> None:
    needed = -1 if ascii else 0
    for element in elements:
        # A row of text takes at least two bytes per value; a row without properties takes none.
        least = 2 * len(element.properties) if ascii else sum(p.smallest for p in element.properties)
        needed += element.count * least
        if element.count < 0 or needed > left or (element.count and not element.properties):
            raise ReadError(
                path,
                f"its header announces {element.count} of {element.name!r}, which the {left} bytes that "
                "follow cannot hold; it is cut short or its header is wrong",
            )
        names = [p.name for p in element.properties]
        if len(set(names)) != len(names):
            raise ReadError(path, f"its header gives {element.name!r} two properties of one name")
    names = [element.name for element in elements]
    if len(set(names)) != len(names):
        raise ReadError(path, "its header has two elements of one name")
