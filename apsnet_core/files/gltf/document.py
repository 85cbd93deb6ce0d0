"""The JSON of a glTF file and the bytes it refers to; every part is checked before it is used."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from pathlib import Path
from typing import cast
from urllib.parse import unquote, unquote_to_bytes

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.files.columns import counted
from apsnet_core.files.errors import ReadError
from apsnet_core.files.gltf import meshopt
from apsnet_core.files.textures import beside
from apsnet_core.types import Array, DType, Unchecked, Values

_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_UNDERSTOOD = {
    "KHR_mesh_quantization",
    "KHR_draco_mesh_compression",
    "EXT_mesh_gpu_instancing",
    "KHR_texture_transform",
    "EXT_texture_webp",
    "KHR_lights_punctual",
    *meshopt.NAMES,
}
_JSON, _BIN = 0x4E4F534A, 0x004E4942


class Document:
    """An opened glTF file: `part` returns entries of the JSON's lists, `accessor` arrays, `view` bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        data = path.read_bytes()
        self.size = len(data)
        text, self._payload = self._chunks(data) if data[:4] == b"glTF" else (data, None)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise self.error("it is not the JSON that a glTF file is; it is cut short or damaged") from None
        if not isinstance(found, dict):
            raise self.error("its JSON is not an object, but that of a glTF file must be one")
        self.json: Values = found
        version = found.get("asset", {}).get("version") if isinstance(found.get("asset"), dict) else None
        if not str(version).startswith("2"):
            raise self.error(f"it is glTF {version or 'of no version'}; version 2 is accepted")
        for name in found.get("extensionsRequired", []):
            # Extensions of materials change only the look of a surface, not its shape.
            if name not in _UNDERSTOOD and not str(name).startswith("KHR_materials_"):
                raise self.error(f"it requires the extension {name}, which is not understood here")
        self._buffers: dict[int, bytes] = {}
        self._unpacked: dict[int, memoryview] = {}

    def error(self, why: str) -> ReadError:
        """The ReadError for this file with the reason ``why``."""
        return ReadError(self.path, why)

    def note(self, text: str) -> None:
        """Add a note on something that is left out, unless it is there already."""
        if text not in self.notes:
            self.notes.append(text)

    def part(self, kind: str, index: Unchecked) -> Values:
        """Entry ``index`` of the list ``kind`` in the JSON. Raises ReadError if it does not exist."""
        parts = self.json.get(kind)
        if not isinstance(parts, list) or not isinstance(index, int) or not 0 <= index < len(parts):
            raise self.error(f"it names entry {index!r} of its {kind}, which does not exist")
        part = parts[index]
        if not isinstance(part, dict):
            raise self.error(f"entry {index} of its {kind} cannot be understood")
        return part

    def view(self, index: Unchecked) -> tuple[memoryview, int]:
        """The bytes of a buffer view, and the stride in bytes between elements (0: tightly packed)."""
        view = self.part("bufferViews", index)
        index = cast(int, index)  # `part` refuses other types
        step = self.whole(view, "byteStride", 0)
        packed = meshopt.packed_in(view)
        if packed is None or self._is_there(view.get("buffer")):
            return self._stretch(view, index), step
        if index not in self._unpacked:
            extension, how = packed
            count, size = self.whole(how, "count"), self.whole(how, "byteStride")
            data = bytes(self._stretch(how, index))
            plain = meshopt.unpacked(data, count, size, how, extension, self.path)
            self._unpacked[index] = memoryview(plain)
        return self._unpacked[index], step

    def _is_there(self, buffer: object) -> bool:
        """Whether a buffer has bytes, and is not only a placeholder for data compressed elsewhere."""
        return "uri" in self.part("buffers", buffer) or (buffer == 0 and self._payload is not None)

    def _stretch(self, where: Values, index: int) -> memoryview:
        data = memoryview(self._buffer(where.get("buffer")))
        start, length = self.whole(where, "byteOffset", 0), self.whole(where, "byteLength")
        if start + length > len(data):
            raise self.error(f"its buffer view {index} ends beyond its buffer; it is cut short or damaged")
        return data[start : start + length]

    def accessor(self, index: Unchecked) -> Array:
        """The array (n, k) of an accessor in its stored type, with its sparse changes applied."""
        accessor = self.part("accessors", index)
        dtype, width, count = self._form(accessor)
        if "bufferView" in accessor:
            start = self.whole(accessor, "byteOffset", 0)
            values = self._elements(accessor["bufferView"], start, dtype, width, count)
        else:
            if count > 64 * self.size:
                raise self.error(f"its accessor {index} announces {count} elements that are not in the file")
            values = np.zeros((count, width), dtype)
        sparse = accessor.get("sparse")
        return values if sparse is None else self._changed(values, sparse)

    def numbers(self, index: Unchecked) -> Float64:
        """`accessor` as float64; normalised integers become 0..1 or -1..1."""
        values = self.accessor(index)
        if values.dtype.kind == "f" or not self.part("accessors", index).get("normalized"):
            return values.astype(np.float64)
        return np.maximum(values / float(np.iinfo(values.dtype).max), -1.0)

    def whole(self, part: Values, name: str, default: int | None = None) -> int:
        """A count or byte offset in the JSON: a whole number from 0. Raises ReadError for anything else."""
        value = part.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.error(f"its {name} is {value!r}; a whole number is needed")
        return value

    def reals(self, part: Values, name: str, count: int) -> Float64 | None:
        """``count`` finite numbers (count,) in the JSON, or None if they are not given."""
        if name not in part:
            return None
        try:
            values = np.array(part[name], dtype=np.float64)
        except (ValueError, TypeError):
            values = np.empty(0)
        if values.shape != (count,) or not np.isfinite(values).all():
            raise self.error(f"its {name} is {str(part[name])[:40]}; {count} numbers are needed")
        return values

    def _form(self, accessor: Values) -> tuple[DType, int, int]:
        type_, width = _TYPES.get(accessor.get("componentType", 0)), _WIDTHS.get(accessor.get("type", ""))
        if type_ is None or width is None:
            kind = f"{accessor.get('type')} of {accessor.get('componentType')}"
            raise self.error(f"an accessor of it has the type {kind[:60]}, which glTF does not know")
        return np.dtype(type_), width, self.whole(accessor, "count")

    def _elements(self, view: Unchecked, start: int, dtype: DType, width: int, count: int) -> Array:
        data, stride = self.view(view)
        size = dtype.itemsize * width
        stride = stride or size
        if count and (stride < size or start + (count - 1) * stride + size > len(data)):
            raise self.error(
                f"an accessor announces {count} elements, which its buffer view of {len(data)} bytes cannot "
                "hold; it is cut short or damaged"
            )
        if not count:
            return np.empty((0, width), dtype)
        return np.ndarray((count, width), dtype, data, start, (stride, dtype.itemsize)).copy()

    def _changed(self, values: Array, sparse: Values) -> Array:
        count = self.whole(sparse, "count")
        places, changes = sparse.get("indices", {}), sparse.get("values", {})
        type_ = np.dtype(_TYPES.get(places.get("componentType"), "<u4"))
        rows = self._elements(places.get("bufferView"), self.whole(places, "byteOffset", 0), type_, 1, count)
        start = self.whole(changes, "byteOffset", 0)
        new = self._elements(changes.get("bufferView"), start, values.dtype, values.shape[1], count)
        if count and int(rows.max()) >= len(values):
            raise self.error("a sparse accessor changes an element that does not exist")
        values[rows[:, 0]] = new
        return values

    def _buffer(self, index: Unchecked) -> bytes:
        buffer = self.part("buffers", index)
        index = cast(int, index)  # `part` refuses other types
        if index not in self._buffers:
            self._buffers[index] = self._loaded(buffer, index)
            needed = self.whole(buffer, "byteLength")
            if len(self._buffers[index]) < needed:
                raise self.error(
                    f"its buffer {index} announces {needed} bytes and has {len(self._buffers[index])}; it is "
                    "cut short or damaged"
                )
        return self._buffers[index]

    def _loaded(self, buffer: Values, index: int) -> bytes:
        uri = buffer.get("uri")
        if uri is None:
            if index == 0 and self._payload is not None:
                return self._payload
            raise self.error(f"its buffer {index} names no data")
        return self.resource(str(uri))

    def resource(self, uri: str) -> bytes:
        """The bytes of a URI in the JSON, which contains the data itself or names a file beside this one."""
        if uri.startswith("data:"):
            head, _, body = uri.partition(",")
            try:
                return (
                    base64.b64decode(unquote(body), validate=True)
                    if ";base64" in head
                    else unquote_to_bytes(body)
                )
            except (binascii.Error, ValueError):
                raise self.error("data in it are not valid base64; they are cut short or damaged") from None
        file = beside(self.path, unquote(uri)) or beside(self.path, uri)
        if file is None:
            raise self.error(f"it needs the file {unquote(uri)[:80]} beside it, which is not there")
        return file.read_bytes()

    def _chunks(self, data: bytes) -> tuple[bytes, bytes | None]:
        """The JSON chunk and the binary chunk, if there is one, of a GLB file."""
        version, length = struct.unpack_from("<II", data.ljust(12, b"\0"), 4)
        if version != 2:
            raise self.error(f"it is binary glTF of version {version}; version 2 is accepted")
        if length > len(data):
            raise self.error(f"it announces {length} bytes and has {len(data)}; it is cut short or damaged")
        if length < len(data):
            self.note(f"{counted(len(data) - length, 'byte')} after its end left out")
        found: dict[int, bytes] = {}
        at = 12
        while at + 8 <= length:
            size, kind = struct.unpack_from("<II", data, at)
            if at + 8 + size > length:
                raise self.error("a chunk of it ends beyond the file; it is cut short or damaged")
            found.setdefault(kind, data[at + 8 : at + 8 + size])
            at += 8 + size
        if _JSON not in found:
            raise self.error("it has no JSON chunk, as a GLB file has; it is cut short or damaged")
        return found[_JSON], found.get(_BIN)
