"""The rows of a binary PLY file; cells are bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core.files.columns import Column, counted
from apsnet_core.files.errors import ReadError
from apsnet_core.files.ply.header import Element, Header, Property
from apsnet_core.files.ply.rows import Body, Table
from apsnet_core.types import Array


class Binary(Body):
    """The rows of a binary PLY file of either byte order."""

    def __init__(self, data: bytes, header: Header, path: Path) -> None:
        super().__init__(path)
        self._data, self.at = data, header.start
        self.cells = np.frombuffer(data, np.uint8)
        self._order = "<" if header.kind == "binary_little_endian" else ">"

    def _uniform(self, element: Element) -> Table | None:
        lengths = self._first_lengths(element)
        if lengths is None:
            return None
        fields: list[tuple[Any, ...]] = []
        for n, p in enumerate(element.properties):
            if p.length:
                fields.append((f"length{n}", self._order + p.length))
                fields.append((f"value{n}", self._order + p.type, (lengths[p.name],)))
            else:
                fields.append((f"value{n}", self._order + p.type))
        row = np.dtype(fields)
        if row.itemsize * element.count > len(self._data) - self.at:
            return None
        rows = np.frombuffer(self._data, row, element.count, self.at)
        for n, p in enumerate(element.properties):
            if p.length and (rows[f"length{n}"] != lengths[p.name]).any():
                return None
        self.at += row.itemsize * element.count
        return {p.name: _native(rows[f"value{n}"]) for n, p in enumerate(element.properties)}

    def _width(self, p: Property) -> int:
        return p.size

    def _head(self, p: Property) -> int:
        return p.smallest

    def _reader(self, p: Property) -> Callable[[int], int]:
        if p.length == "u1":
            return self._data.__getitem__
        unpack = struct.Struct(self._order + np.dtype(p.length).char).unpack_from
        data = self._data
        return lambda at: int(unpack(data, at)[0])

    def _valued(self, cells: Array, p: Property) -> Column:
        return _native(cells.view(self._order + p.type))

    def short(self, element: Element) -> ReadError:
        """The ReadError for a file that ends inside ``element``."""
        return ReadError(
            self.path,
            f"it ends before its {element.count} rows of {element.name!r} do; it is cut short or damaged",
        )

    def rest(self) -> tuple[str, ...]:
        """A note on the bytes after the last row, if there are any."""
        left = self._data[self.at :]
        if not left.strip(b"\0 \t\r\n"):
            return ()
        return (f"{counted(len(left), 'byte')} after the last row that the header announces left out",)


def _native(values: Array) -> Column:
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))
