"""The sections of a legacy VTK file; each is a line of words and the numbers that it announces."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.files.columns import Column
from apsnet_core.files.vtk_content import Content, Ragged
from apsnet_core.files.words import excerpt, numbers

_TYPES = {
    **{"char": "i1", "signed_char": "i1", "unsigned_char": "u1", "short": "i2", "unsigned_short": "u2"},
    **{"int": "i4", "unsigned_int": "u4", "long": "i8", "unsigned_long": "u8", "vtkidtype": "i8"},
    **{"vtktypeint64": "i8", "vtktypeint32": "i4", "float": "f4", "double": "f8"},
}
_HEAD = re.compile(rb"# vtk DataFile Version [^\n]*\n[^\n]*\n\s*(ASCII|BINARY)\s+", re.IGNORECASE)


class Sections(Content):
    """The content of a legacy VTK file, read section by section.

    Every announced count is checked against the rest of the file before it is used.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._bytes = path.read_bytes()
        head = _HEAD.match(self._bytes)
        if head is None:
            raise self.error("it does not begin as a legacy VTK file: its version, a title, ASCII or BINARY")
        self._ascii = head[1].upper() == b"ASCII"
        self._at = head.end()
        self._of_points, self._count = True, 0
        self._starts = self._word_starts() if self._ascii else np.empty(0, np.int64)
        self._read()
        self.check()

    def _read(self) -> None:
        while (words := self._line()) is not None:
            match words:
                case ["DATASET", kind]:
                    if kind not in ("POLYDATA", "UNSTRUCTURED_GRID"):
                        raise self.error(
                            f"it holds a {kind[:40]}; POLYDATA and UNSTRUCTURED_GRID are accepted"
                        )
                case ["POINTS", count, type_]:
                    self.points = self._values(3 * self._whole(count), type_).reshape(-1, 3)
                case [("VERTICES" | "LINES" | "POLYGONS" | "TRIANGLE_STRIPS" | "CELLS") as name, count, size]:
                    self.cells[name] = self._lists(self._whole(count), self._whole(size))
                case ["CELL_TYPES", count]:
                    self.types = self._values(self._whole(count), "int").astype(np.int64)
                case [("POINT_DATA" | "CELL_DATA") as name, count]:
                    self._of_points, self._count = name == "POINT_DATA", self._whole(count)
                case ["SCALARS", name, type_, *width]:
                    columns = self._whole(width[0]) if width else 1
                    self._skip_table_line()
                    self._keep(name, self._values(self._count * columns, type_), columns)
                case ["COLOR_SCALARS", _, width]:
                    type_ = "float" if self._ascii else "unsigned_char"
                    columns = self._whole(width)
                    self._keep("COLOR_SCALARS", self._values(self._count * columns, type_), columns)
                case ["LOOKUP_TABLE", _, size]:
                    self._values(4 * self._whole(size), "float" if self._ascii else "unsigned_char")
                case [("NORMALS" | "VECTORS") as word, name, type_]:
                    name = f"normals {name}" if word == "NORMALS" else name
                    self._keep(name, self._values(3 * self._count, type_), 3)
                case ["TENSORS", name, type_]:
                    self._keep(name, self._values(9 * self._count, type_), 9)
                case ["TEXTURE_COORDINATES", name, width, type_]:
                    self._keep(name, self._values(self._whole(width) * self._count, type_), int(width))
                case ["FIELD", _, count]:
                    self._fields(self._whole(count))
                case ["METADATA", *_]:
                    self._skip_to_blank_line()
                case _:
                    what = excerpt(" ".join(words).encode())
                    raise self.error(f"the section {what} in it cannot be understood")

    def _keep(self, name: str, values: Column, width: int) -> None:
        if self._of_points:
            self.data[name] = values.reshape(-1, width)
        else:
            self.notes.append(f"field {name[:40]} of the cells left out")

    def _fields(self, count: int) -> None:
        for _ in range(count):
            words = self._line() or []
            if words[:1] == ["METADATA"]:
                self._skip_to_blank_line()
                words = self._line() or []
            if len(words) != 4:
                raise self.error(
                    f"it has the line {excerpt(' '.join(words).encode())} where a field is needed"
                )
            name, width, rows = words[0], self._whole(words[1]), self._whole(words[2])
            values = self._values(width * rows, words[3])
            if rows == self._count and width:
                self._keep(name, values, width)

    def _lists(self, count: int, size: int) -> Ragged:
        """The cells of a section, from consecutive lists or, since version 5, from offsets and corners."""
        before = self._at
        if (self._line() or [""])[0] == "OFFSETS":
            self._at = before
            type_ = (self._line() or ["", "int"])[1]
            offsets = self._values(count, type_).astype(np.int64)
            type_ = (self._line() or ["", "int"])[-1]
            values = self._values(size, type_).astype(np.int64)
            sizes = np.diff(offsets)
            if not count or offsets[0] != 0 or offsets[-1] != size or (sizes < 0).any():
                raise self.error("the offsets of its cells do not fit their corners")
            return sizes, values
        self._at = before
        misfit = f"its {count} cells do not fit the {size} numbers that are announced for them"
        values = self._values(size, "int").astype(np.int64)
        places = values.tolist()
        begins, at = [], 0
        for _ in range(count):
            if at >= size or places[at] < 0:
                raise self.error(misfit)
            begins.append(at)
            at += 1 + places[at]
        if at != size:
            raise self.error(misfit)
        heads = np.zeros(size, dtype=bool)
        heads[begins] = True
        return values[heads], values[~heads]

    def _values(self, count: int, type_: str) -> Column:
        dtype = np.dtype(_TYPES.get(type_.lower(), "V0"))
        if not dtype.itemsize:
            raise self.error(f"it has numbers of the unknown type {type_[:40]!r}")
        if self._ascii:
            first = int(np.searchsorted(self._starts, self._at))
            if first + count > len(self._starts) - 1:
                raise self.error(f"it announces {count} numbers and ends before them; it is cut short")
            end = int(self._starts[first + count])
            values = numbers(self._bytes[self._at : end])
            if values is None or len(values) != count:
                raise self.error(f"a word among {count} numbers that it announces is not a number")
            self._at = end
            return values.astype(dtype)
        if count * dtype.itemsize > len(self._bytes) - self._at:
            raise self.error(f"it announces {count} numbers and ends before them; it is cut short")
        found = np.frombuffer(self._bytes, dtype.newbyteorder(">"), count, self._at).astype(dtype)
        self._at += found.nbytes
        return found

    def _line(self) -> list[str] | None:
        """The words of the next non-empty line, or None at the end of the file."""
        while self._at < len(self._bytes):
            end = self._bytes.find(b"\n", self._at)
            end = len(self._bytes) if end < 0 else end
            words = self._bytes[self._at : end].decode("latin-1").split()
            self._at = end + 1
            if words:
                return words
        return None

    def _skip_table_line(self) -> None:
        before = self._at
        if (self._line() or [""])[0] != "LOOKUP_TABLE":
            self._at = before

    def _skip_to_blank_line(self) -> None:
        end = self._bytes.find(b"\n\n", self._at)
        self._at = len(self._bytes) if end < 0 else end + 2

    def _word_starts(self) -> Int64:
        gap = np.frombuffer(self._bytes, np.uint8) <= 32
        begins = ~gap
        begins[1:] &= gap[:-1]
        return np.append(np.flatnonzero(begins), len(self._bytes))

    def _whole(self, word: str) -> int:
        if not word.isdigit() or len(word) > 15:
            raise self.error(f"it has {word[:40]!r} where a count is needed")
        return int(word)
