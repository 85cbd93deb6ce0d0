"""The rows of a PLY text file; cells are words, all of them numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from apsnet_core.files.columns import Column, counted
from apsnet_core.files.errors import ReadError
from apsnet_core.files.ply.header import Element, Header, Property
from apsnet_core.files.ply.rows import Body, Table
from apsnet_core.files.words import excerpt, no_number, numbers, typed, unified, words_per_line
from apsnet_core.types import Array


class Text(Body):
    """The rows of a PLY text file. Line ends are only used for error messages."""

    def __init__(self, data: bytes, header: Header, path: Path) -> None:
        super().__init__(path)
        self._header, self._text = header, unified(data[header.start :])
        cells = numbers(self._text)
        if cells is None:
            raise ReadError(path, no_number(self._text, header.lines + 1))
        self.cells = cells

    def _uniform(self, element: Element) -> Table | None:
        lengths = self._first_lengths(element)
        if lengths is None:
            return None
        width = sum(1 + lengths[p.name] if p.length else 1 for p in element.properties)
        if width * element.count > len(self.cells) - self.at:
            return None
        rows = self.cells[self.at : self.at + width * element.count].reshape(element.count, width)
        table: Table = {}
        column = 0
        for p in element.properties:
            if p.length:
                if (rows[:, column] != lengths[p.name]).any():
                    return None
                column += 1
                values = np.ascontiguousarray(rows[:, column : column + lengths[p.name]])
                table[p.name] = self._valued(values.reshape(-1), p).reshape(values.shape)
                column += lengths[p.name]
            else:
                table[p.name] = self._valued(rows[:, column], p)
                column += 1
        self.at += width * element.count
        return table

    def _width(self, p: Property) -> int:
        return 1

    def _head(self, p: Property) -> int:
        return 1

    def _reader(self, p: Property) -> Callable[[int], int]:
        cells = self.cells.data

        def length_at(at: int) -> int:
            number: float = cells[at]
            if not number.is_integer():
                raise ValueError
            return int(number)

        return length_at

    def _valued(self, cells: Array, p: Property) -> Column:
        return typed(cells, np.dtype(p.type), p.name, self.path)

    def short(self, element: Element) -> ReadError:
        """The ReadError for a file that ends inside ``element``."""
        return self._misfit() or ReadError(
            self.path,
            f"it ends before its {element.count} rows of {element.name!r} do; it is cut short or damaged",
        )

    def rest(self) -> tuple[str, ...]:
        """A note on the lines after the last row, if any. Raises ReadError if a row has a wrong length."""
        if self.at == len(self.cells):
            return ()
        misfit = self._misfit()
        if misfit is not None:
            raise misfit
        rows = sum(element.count for element in self._header.elements)
        lines = int(np.count_nonzero(words_per_line(self._text))) - rows
        return (f"{counted(lines, 'line')} after the last row that the header announces left out",)

    def _misfit(self) -> ReadError | None:
        """The ReadError for the first line that is not exactly one row of its element, or None."""
        lines = ((n, words) for n, line in enumerate(self._text.split(b"\n")) if (words := line.split()))
        for element in self._header.elements:
            for _, (number, words) in zip(range(element.count), lines, strict=False):
                needed = 0
                for p in element.properties:
                    length = words[needed] if p.length and needed < len(words) else b"0"
                    needed += 1 + (int(length) if length.isdigit() and len(length) < 10 else 0)
                if len(words) != needed:
                    return ReadError(
                        self.path,
                        f"line {number + 1 + self._header.lines} has {counted(len(words), 'number')} where a "
                        f"row of {element.name!r} has {needed} ({excerpt(b' '.join(words))})",
                    )
        return None
