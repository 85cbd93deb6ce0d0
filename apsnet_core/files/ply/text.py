"""The rows of a PLY file that is written out: cells are words, all of them numbers."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float64
from apsnet_core.files.columns import Column, counted
from apsnet_core.files.errors import ReadError
from apsnet_core.files.ply.header import Element, Header, Property
from apsnet_core.files.ply.rows import Body, Table

_NO_NUMBER = re.compile(rb"[-+]?(?:nan\(\w*\)|1\.#(?:ind|[qs]nan)\w*)", re.IGNORECASE)  # as Windows writes
_ENDLESS = re.compile(rb"1\.#inf\w*", re.IGNORECASE)


class Text(Body):
    """Where the lines end matters only to say what is wrong."""

    def __init__(self, data: bytes, header: Header, path: Path) -> None:
        super().__init__(path)
        self._data, self._header = data, header
        text = data[header.start :]
        if b"(" in text or b"#" in text:
            text = _ENDLESS.sub(b"inf", _NO_NUMBER.sub(b"nan", text))
        self._text = text
        self.cells: Float64 = _numbers(text) if text.strip() else np.empty(0)
        if len(self.cells) == 0 and text.strip():
            raise self._no_number()

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

    def _valued(self, cells: npt.NDArray[Any], p: Property) -> Column:
        """A written-out column in the type the header gives it."""
        type_ = np.dtype(p.type)
        if type_.kind in "iu" and len(cells):
            limits = np.iinfo(type_)
            fits = (cells == np.floor(cells)) & (cells >= limits.min) & (cells <= limits.max)
            if not fits.all():
                wrong = float(cells[~fits][0])
                raise ReadError(
                    self.path,
                    f"its property {p.name!r} is declared {type_}, a whole number from {limits.min} to "
                    f"{limits.max}, but one of its values is {wrong:g}",
                )
        with np.errstate(over="ignore"):
            return cells.astype(type_)

    def short(self, element: Element) -> ReadError:
        return self._misfit() or ReadError(
            self.path,
            f"it ends before its {element.count} rows of {element.name!r} do; it is cut short or damaged",
        )

    def rest(self) -> tuple[str, ...]:
        if self.at == len(self.cells):
            return ()
        misfit = self._misfit()
        if misfit is not None:
            raise misfit
        rows = sum(element.count for element in self._header.elements)
        lines = sum(bool(line.strip()) for line in self._text.splitlines()) - rows
        return (f"{counted(lines, 'line')} after the last row that the header announces left out",)

    def _misfit(self) -> ReadError | None:
        """The first line that is not one row of its element."""
        lines = ((n, words) for n, line in enumerate(self._text.splitlines()) if (words := line.split()))
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
                        f"row of {element.name!r} has {needed} ({b' '.join(words)[:40].decode()!r})",
                    )
        return None

    def _no_number(self) -> ReadError:
        for number, line in enumerate(self._text.splitlines()):
            for word in line.split():
                try:
                    float(word.replace(b"_", b"?"))
                except ValueError:
                    hint = "; decimals are written with a point, not a comma" if b"," in word else ""
                    return ReadError(
                        self.path,
                        f"line {number + 1 + self._header.lines} has {word[:40].decode(errors='replace')!r} "
                        f"where a number is needed{hint}",
                    )
        return ReadError(self.path, "its body cannot be read as numbers")


def _numbers(text: bytes) -> Float64:
    """All words of a text as numbers, none where one of them is no number."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            return np.fromstring(text, dtype=np.float64, sep=" ")
        except (ValueError, DeprecationWarning):
            return np.empty(0)
