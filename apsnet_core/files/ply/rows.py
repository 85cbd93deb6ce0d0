"""The rows of a PLY file, read element by element: bytes in a binary file, words in a text file.

Rows whose lists all have one length (the faces of nearly every mesh) are read as one block. If the lengths
vary, one pass over the rows finds the position of each list, and then all values are gathered at once.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.files.columns import Column
from apsnet_core.files.errors import ReadError
from apsnet_core.files.ply.header import Element, Property
from apsnet_core.types import Array

Ragged = tuple[Int64, Column]  # the lengths of the lists, and all values one after another
Table = dict[str, Column | Ragged]


class Body(ABC):
    """The body of a PLY file; `read` returns the elements in the order of the header.

    ``cells`` are bytes or words; all positions and sizes count cells.
    """

    cells: Array
    at = 0

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, element: Element) -> Table:
        """The columns of the next element; lists of one length are (n, k), other lists are `Ragged`."""
        if not element.count:
            return {}
        table = self._uniform(element)
        if table is None:
            if not element.has_lists:
                raise self.short(element)
            table = self._walked(element)
        return table

    @abstractmethod
    def _uniform(self, element: Element) -> Table | None:
        """All rows read as one block, or None if they differ in length or there are too few."""

    @abstractmethod
    def _width(self, p: Property) -> int:
        """The cells of one value."""

    @abstractmethod
    def _head(self, p: Property) -> int:
        """The cells of the length of a list."""

    @abstractmethod
    def _reader(self, p: Property) -> Callable[[int], int]:
        """A function that returns the length of the list at a position; it raises an error without a list."""

    @abstractmethod
    def _valued(self, cells: Array, p: Property) -> Column:
        """The values stored in ``cells``, one after another."""

    @abstractmethod
    def short(self, element: Element) -> ReadError:
        """The ReadError for a file that ends inside ``element``."""

    @abstractmethod
    def rest(self) -> tuple[str, ...]:
        """A note with the number of bytes or lines after the last element, if there are any."""

    def _first_lengths(self, element: Element) -> dict[str, int] | None:
        lengths: dict[str, int] = {}
        at = self.at
        for p in element.properties:
            if p.length:
                try:
                    lengths[p.name] = self._reader(p)(at)
                except (IndexError, ValueError, OverflowError, struct.error):
                    return None
                if lengths[p.name] < 0:
                    return None
                at += self._head(p) + lengths[p.name] * self._width(p)
            else:
                at += self._width(p)
        return lengths if at <= len(self.cells) else None

    def _walked(self, element: Element) -> Table:
        """Read rows of varying length: step from list length to list length, which gives all positions."""
        lists = [p for p in element.properties if p.length]
        first = element.properties.index(lists[0])
        ahead = sum(self._width(p) for p in element.properties[:first])
        turned = element.properties[first:] + element.properties[:first]
        gaps: list[int] = []  # cells from the end of a list's values to the values of the next list
        for p in turned:
            if p.length:
                gaps.append(self._head(p))
            else:
                gaps[-1] += self._width(p)
        steps = [(self._reader(p), self._width(p), gap) for p, gap in zip(lists, gaps, strict=True)]
        found: list[int] = []
        keep, at = found.append, self.at + ahead
        try:
            if len(steps) == 1:  # nearly every mesh; this loop takes most of the time for a large one
                length_at, width, gap = steps[0]
                for _ in repeat(None, element.count):
                    length = length_at(at)
                    keep(length)
                    at += length * width + gap
            else:
                for length_at, width, gap in chain.from_iterable(repeat(steps, element.count)):
                    length = length_at(at)
                    keep(length)
                    at += length * width + gap
        except (IndexError, ValueError, OverflowError, struct.error):
            raise self.short(element) from None
        lengths = np.array(found, np.int64).reshape(element.count, len(lists))
        if at - ahead > len(self.cells) or lengths.min() < 0:
            raise self.short(element)
        return self._placed(element, lengths, at - ahead)

    def _placed(self, element: Element, lengths: Int64, end: int) -> Table:
        sizes: list[Int64] = []  # cells of each property in each row
        column = 0
        for p in element.properties:
            if p.length:
                sizes.append(self._head(p) + lengths[:, column] * self._width(p))
                column += 1
            else:
                sizes.append(np.full(element.count, self._width(p)))
        row = np.sum(sizes, axis=0)
        place = self.at + np.cumsum(row) - row
        table: Table = {}
        column = 0
        for p, size in zip(element.properties, sizes, strict=True):
            if p.length:
                cells = self._gathered(place + self._head(p), size - self._head(p), end)
                table[p.name] = lengths[:, column], self._valued(cells, p)
                column += 1
            else:
                table[p.name] = self._valued(self._gathered(place, size, end), p)
            place = place + size
        self.at = end
        return table

    def _gathered(self, places: Int64, sizes: Int64, end: int) -> Array:
        """The cells of the disjoint, ascending intervals that begin at ``places`` and have ``sizes``."""
        there = sizes > 0
        begins, ends = places[there] - self.at, (places + sizes)[there] - self.at
        edges = np.zeros(end - self.at + 1, np.int8)
        edges[begins] += 1
        edges[ends] -= 1
        covered = np.cumsum(edges[:-1], dtype=np.int8).astype(bool)
        gathered: Array = self.cells[self.at : end][covered]
        return gathered
