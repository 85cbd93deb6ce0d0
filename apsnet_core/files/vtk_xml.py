"""The XML files of VTK (.vtp, .vtu): numbers as text, in base64, or appended; compressed or not."""

from __future__ import annotations

import binascii
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.files.columns import Column
from apsnet_core.files.vtk_content import Content, Ragged
from apsnet_core.files.words import numbers

_TYPES = {
    f"{kind}{8 * size}": f"{kind[0].lower()}{size}" for kind in ("Int", "UInt") for size in (1, 2, 4, 8)
}
_TYPES |= {"Float32": "f4", "Float64": "f8"}
_SECTIONS = {"Verts": "VERTICES", "Lines": "LINES", "Strips": "TRIANGLE_STRIPS", "Polys": "POLYGONS"}
_SECTIONS |= {"Cells": "CELLS"}


def _unzipped(data: bytes, size: int) -> bytes:
    return zlib.decompressobj().decompress(data, size)


def _unpacked(data: bytes, size: int) -> bytes:
    return lzma.LZMADecompressor().decompress(data, size)


_COMPRESSORS: dict[str, Callable[[bytes, int], bytes]] = {
    "vtkZLibDataCompressor": _unzipped,
    "vtkLZMADataCompressor": _unpacked,
}


class Xml(Content):
    """The content of an XML file of VTK; its pieces are joined one after another."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        text, mark, tail = path.read_bytes().partition(b"<AppendedData")
        head, _, appended = tail.partition(b">")
        self._appended = appended.lstrip()[1:]  # starts after an underscore; raw bytes are not valid XML
        self._raw = b"base64" not in head
        if mark and not appended.rstrip().endswith(b"</VTKFile>"):
            raise self.error("it does not end with </VTKFile>; it is cut short")
        try:
            root = ElementTree.fromstring(text + (b"</VTKFile>" if mark else b""))
        except ElementTree.ParseError as error:
            raise self.error(f"it is not well-formed XML ({error}); it is cut short or damaged") from None
        kind = root.get("type", "")
        if root.tag != "VTKFile" or kind not in ("PolyData", "UnstructuredGrid"):
            raise self.error(
                f"it holds a {(kind or root.tag)[:40]}; PolyData and UnstructuredGrid of VTK are accepted"
            )
        self._order = ">" if root.get("byte_order") == "BigEndian" else "<"
        self._count = np.dtype(self._order + _TYPES.get(root.get("header_type", "UInt32"), "u4"))
        self._packer = root.get("compressor", "")
        pieces = [piece for piece in root.iter("Piece") if piece.find("Points/DataArray") is not None]
        found = [self._piece(piece) for piece in pieces]
        self._join(found)
        self.check()

    def _piece(self, piece: ElementTree.Element) -> Content:
        own = Content(self.path)
        places = piece.find("Points/DataArray")
        if places is None:
            raise self.error("a piece of it has no points")
        own.points = self._array(places)
        data = piece.find("PointData")
        normals = None if data is None else data.get("Normals")
        for array in piece.findall("PointData/DataArray"):
            name = str(array.get("Name"))
            normal = name == normals
            own.data[f"normals {name}" if normal else name] = self._array(array)
        for array in piece.findall("CellData/DataArray"):
            own.notes.append(f"field {str(array.get('Name'))[:40]} of the cells left out")
        for section, name in _SECTIONS.items():
            arrays = {array.get("Name"): array for array in piece.findall(f"{section}/DataArray")}
            if "connectivity" in arrays and "offsets" in arrays:
                cells = self._ragged(arrays["connectivity"], arrays["offsets"])
                if len(cells[0]):
                    own.cells[name] = cells
            if "types" in arrays:
                own.types = self._array(arrays["types"])[:, 0].astype(np.int64)
        if own.points.shape[1] != 3:
            raise self.error(f"its points have {own.points.shape[1]} numbers each; three are needed")
        return own

    def _join(self, pieces: list[Content]) -> None:
        """Join all pieces; the corners of each piece are shifted, because they count from its first point."""
        starts = np.cumsum([0, *(len(piece.points) for piece in pieces)])
        kept = [name for name in pieces[0].data if all(name in p.data for p in pieces)] if pieces else []
        self.points = np.concatenate([np.empty((0, 3), np.float32), *(piece.points for piece in pieces)])
        self.data = {name: np.concatenate([piece.data[name] for piece in pieces]) for name in kept}
        self.types = np.concatenate([self.types, *(piece.types for piece in pieces)])
        self.notes = list(dict.fromkeys(note for piece in pieces for note in piece.notes))
        for name in _SECTIONS.values():
            parts = [(p.cells[name], at) for p, at in zip(pieces, starts, strict=False) if name in p.cells]
            if parts:
                sizes = np.concatenate([sizes for (sizes, _), _ in parts])
                self.cells[name] = sizes, np.concatenate([values + at for (_, values), at in parts])

    def _ragged(self, connectivity: ElementTree.Element, offsets: ElementTree.Element) -> Ragged:
        values = self._array(connectivity)[:, 0].astype(np.int64)
        ends: Int64 = self._array(offsets)[:, 0].astype(np.int64)
        sizes = np.diff(ends, prepend=0)
        if (sizes < 0).any() or int(sizes.sum()) != len(values):
            raise self.error("the offsets of its cells do not fit their corners")
        return sizes, values

    def _array(self, array: ElementTree.Element) -> Column:
        """The numbers (n, k) of a DataArray."""
        name, width = str(array.get("Name"))[:40], array.get("NumberOfComponents", "1") or "1"
        type_ = _TYPES.get(str(array.get("type")))
        if type_ is None or not width.isdigit() or not 0 < int(width) < 1000:
            raise self.error(
                f"its array {name} has the type {str(array.get('type'))[:40]} with {width[:9]} components, "
                "which is not supported"
            )
        text = (array.text or "").encode()
        if array.get("format") == "ascii":
            found = numbers(text)
            if found is None:
                raise self.error(f"a word of its array {name} is not a number")
            flat = found.astype(type_)
        else:
            data = self._decoded(array, text, name)
            dtype = np.dtype(self._order + type_)
            flat = np.frombuffer(data, dtype, len(data) // dtype.itemsize).astype(type_)
        if len(flat) % int(width):
            raise self.error(f"its array {name} ends within a row of {width} numbers")
        return flat.reshape(-1, int(width))

    def _decoded(self, array: ElementTree.Element, text: bytes, name: str) -> bytes:
        if self._packer and self._packer not in _COMPRESSORS:
            raise self.error(f"it is packed by {self._packer[:40]}; accepted are {', '.join(_COMPRESSORS)}")
        unpack = _COMPRESSORS.get(self._packer)
        appended = array.get("format") == "appended"
        offset = array.get("offset", "0")
        source = self._appended[int(offset) if offset.isdigit() else 0 :] if appended else text.strip()
        raw = appended and self._raw
        try:
            size = self._count.itemsize
            first = np.frombuffer(_bytes(source, size, raw), self._count)
            if unpack is None:
                return _bytes(source, size + int(first[0]), raw)[size:]
            head = (3 + int(first[0])) * size
            counts = np.frombuffer(_bytes(source, head, raw), self._count).tolist() if first[0] else [0] * 3
            body = source[head if raw else -(-head // 3) * 4 :]
            data, at, blocks = _bytes(body, sum(counts[3:]), raw), 0, []
            for k, packed in enumerate(counts[3:], 1):
                whole = counts[2] if k == counts[0] and counts[2] else counts[1]
                blocks.append(unpack(data[at : at + packed], whole))
                at += packed
                if len(blocks[-1]) != whole:
                    raise ValueError
            return b"".join(blocks)
        except (ValueError, IndexError, binascii.Error, zlib.error, lzma.LZMAError):
            raise self.error(f"its array {name} cannot be unpacked; it is cut short or damaged") from None


def _bytes(source: bytes, count: int, raw: bool) -> bytes:
    """The first ``count`` bytes in ``source``, raw or in base64. Raises ValueError if it is shorter."""
    if count > len(source):
        raise ValueError
    data = source[:count] if raw else binascii.a2b_base64(source[: -(-count // 3) * 4])[:count]
    if len(data) < count:
        raise ValueError
    return data
