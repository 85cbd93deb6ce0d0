"""Decode the points of a LAS or LAZ file in chunks, on several cores, into arrays that are never copied."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import or_
from pathlib import Path

import numpy as np

from apsnet_core.files import limits
from apsnet_core.files.columns import Column, Columns, check_range
from apsnet_core.files.errors import ReadError
from apsnet_core.gathered import Gathered
from apsnet_core.placing import are_positions, choose_offset
from apsnet_core.types import Array, Float32, Float64, Foreign, Int64

COLOURS = ("red", "green", "blue")

_CHUNK = 1 << 17  # points; enough that threads rarely wait for the lock between numpy's steps
_CHUNK_PACKED = 400_000  # points of LAZ; enough to keep a few cores busy
_MOST_THREADS = 4  # each thread reserves address space, which counts against the reader's limit
_LARGE = 1 << 20  # the number of points from which more threads pay off
_TOGETHER = 64  # the number of records that are combined to a row of 64-bit words


class Points:
    """All points of a file opened by laspy, in the point format of its header.

    ``xyz`` (count, 3) is relative to ``offset`` (3,), which is chosen by the true bounding box ``low`` and
    ``high`` (3,), not by the header's box. ``columns``, (count,) or (count, c), are the further fields that
    have a value other than zero or that the file adds to the format. ``rgb`` (count, 3) uint16 is None if all
    points are black.
    """

    def __init__(self, path: Path, file: Foreign) -> None:
        self._path, self._file, self._header = path, file, file.header
        low, high = np.array(self._header.mins), np.array(self._header.maxs)
        self.offset = choose_offset(low, high) if are_positions(low, high) else np.zeros(3)
        while not self._read():  # the box in the header is not that of the points
            self.offset = choose_offset(self.low, self.high)

    def _read(self) -> bool:
        """Read all points once and return whether ``offset`` suits them."""
        decoder = _Decoder(self._header, self.offset)
        if self._header.are_points_compressed:
            self._unpack(decoder)
        else:
            decoder.read_records(self._path)
        self.count = decoder.count
        if self.count != self._header.point_count:
            raise ReadError(
                self._path,
                f"its header announces {self._header.point_count} points and {self.count} are there; it is "
                "cut short",
            )
        self.low, self.high = decoder.corners()
        check_range(self.low, self.high, self._path)
        if (choose_offset(self.low, self.high) != self.offset).any():
            return False
        self.xyz: Float32 = decoder.xyz.finished(self.count)
        self.rgb, self.brightest = None, decoder.brightest
        if decoder.rgb is not None and self.brightest:
            self.rgb = decoder.rgb.finished(self.count)
        self.columns = decoder.columns()
        return True

    def _unpack(self, decoder: _Decoder) -> None:
        limit, held = limits.memory(self._path), 0
        if self._file.points_read:
            self._file.seek(0)
        for points in self._file.chunk_iterator(_CHUNK_PACKED):
            held += points.array.nbytes
            if held > limit:
                raise MemoryError
            decoder.take(decoder.count, points.array)


class _Decoder:
    """Decodes point records into arrays; chunks of records may come in any order and from any thread."""

    def __init__(self, header: Foreign, offset: Float64) -> None:
        from laspy.point.dims import get_sub_fields_dict

        self._header, self._format = header, header.point_format
        self._scales, self._offsets = np.array(header.scales), np.array(header.offsets)
        self._shift = self._offsets - offset
        self._ends: list[Array] = []  # the lowest and highest grid coordinates (2, 3) of each chunk
        self._used: set[str] = set(self._format.extra_dimension_names)
        names = list(self._format.dimension_names)
        self.count = 0
        self.xyz = Gathered(np.dtype(np.float32), 3)
        self.rgb = Gathered(np.dtype(np.uint16), 3) if set(COLOURS) <= set(names) else None
        self._colour_bits: list[int] = []  # for each chunk, the bits that are set in any of its colours
        left = set(names) - {"X", "Y", "Z"} - (set(COLOURS) if self.rgb else set())
        empty = self._named(np.zeros(0, self._format.dtype()))
        self._fields = {name: _gathered(np.asarray(empty[name])) for name in names if name in left}
        # In scaled fields a stored zero may represent another number.
        self._scaled = {field.name for field in self._format.extra_dimensions if field.is_scaled}
        self._bits = get_sub_fields_dict(self._format.id)  # for fields of a few bits: their byte and mask

    def read_records(self, path: Path) -> None:
        """Read all records of an uncompressed file; each thread reads a chunk at a time."""
        count, dtype = self._header.point_count, self._format.dtype()

        def read(first: int) -> None:
            piece = np.empty(min(_CHUNK, count - first), dtype)
            with path.open("rb", buffering=0) as stream:
                stream.seek(self._header.offset_to_point_data + first * dtype.itemsize)
                whole = stream.readinto(piece.view(np.uint8).data) == piece.nbytes
            if whole:  # else the file is cut short, and the count of points will show it
                self.take(first, piece)

        firsts = range(0, count, _CHUNK)
        if count < _LARGE:
            for first in firsts:
                read(first)
            return
        with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS), "points") as some:
            for _ in some.map(read, firsts):
                pass

    def take(self, first: int, records: Array) -> None:
        """Decode ``records`` (k,) of the point format as the points from number ``first`` on."""
        grid = np.ndarray((len(records), 3), "<i4", records, 0, (records.itemsize, 4))
        xyz, place = np.empty(grid.shape, np.float32), np.empty(len(grid))
        ends = np.empty((2, 3), np.int64)
        with np.errstate(over="ignore"):  # the caller reports coordinates that are too large
            for axis in range(3):
                column = np.ascontiguousarray(grid[:, axis])
                ends[:, axis] = column.min(), column.max()
                np.multiply(column, self._scales[axis], out=place)
                place += self._shift[axis]
                xyz[:, axis] = place
        self.xyz.put(first, xyz)
        self._ends.append(ends)
        named, taken, bits = self._named(records), dict[str, Array](), _bits_of(records)
        # The arrays are zero from the beginning, so zeros need not be stored.
        if self.rgb is not None and (colour := reduce(or_, (int(bits[name]) for name in COLOURS))):
            self._colour_bits.append(colour)
            self.rgb.put(first, np.stack([records[name] for name in COLOURS], axis=1))
        for name, field in self._fields.items():
            stored = bits[self._bits[name][0] if name in self._bits else name]
            if name not in self._scaled and not np.any(stored):
                continue
            values = self._values(named, name, taken)
            if np.count_nonzero(values):
                self._used.add(name)
                field.put(first, values)
        self.count += len(records)

    def _values(self, named: Foreign, name: str, taken: dict[str, Array]) -> Array:
        """The values (k,) or (k, c) of a field; a byte of several fields is copied once, to ``taken``."""
        if name not in self._bits:
            return np.ascontiguousarray(named[name])
        from laspy.point.dims import SubFieldView

        byte, bits = self._bits[name]
        if byte not in taken:
            taken[byte] = np.ascontiguousarray(named.array[byte])
        return np.asarray(SubFieldView(taken[byte], bits.mask))

    def _named(self, records: Array) -> Foreign:
        """The records (k,) as a laspy record whose fields are accessible by name."""
        import laspy

        return laspy.ScaleAwarePointRecord(records, self._format, self._scales, self._offsets)

    @property
    def brightest(self) -> int:
        """The OR of all colour values: at least the largest one, with as many bits; 0 if all are black."""
        return reduce(or_, self._colour_bits, 0)

    def corners(self) -> tuple[Float64, Float64]:
        """The lowest and the highest coordinates (3,) of all points."""
        ends: Int64 = np.array(self._ends)
        low, high = ends[:, 0].min(axis=0) * self._scales, ends[:, 1].max(axis=0) * self._scales
        return np.minimum(low, high) + self._offsets, np.maximum(low, high) + self._offsets

    def columns(self) -> Columns:
        """The fields that are used by name, each (count,) or (count, c)."""
        columns: dict[str, Column] = {}
        for name in list(self._fields):
            field = self._fields.pop(name)
            if name in self._used:
                columns[name] = field.finished(self.count)
        return columns


def _gathered(empty: Array) -> Gathered:
    """A `Gathered` for a field with the type of ``empty``: (0,), or (0, k) for k values per point."""
    return Gathered(empty.dtype, *empty.shape[1:])


def _bits_of(records: Array) -> Array:
    """The bitwise OR of the ``records`` (k,), as a record ()."""
    rows = records.view(np.uint8).reshape(len(records), -1)
    most = len(rows) // _TOGETHER * _TOGETHER
    words = rows[:most].reshape(-1, _TOGETHER * rows.shape[1]).view(np.uint64)
    found = np.bitwise_or.reduce(words, axis=0, initial=0).view(np.uint8).reshape(_TOGETHER, -1)
    record: Array = np.bitwise_or.reduce(np.concatenate([found, rows[most:]]), axis=0).view(records.dtype)[0]
    return record
