"""Builders of glTF files: a scene of one triangle, as a GLB file or with an embedded buffer."""

from __future__ import annotations

import json
import struct

import numpy as np


def glb(document: dict[str, object], payload: bytes) -> bytes:
    """Return a GLB file of a JSON document and one buffer."""
    words = json.dumps(document).encode()
    words += b" " * (-len(words) % 4)
    payload += b"\0" * (-len(payload) % 4)
    chunks = struct.pack("<II", len(words), 0x4E4F534A) + words
    chunks += struct.pack("<II", len(payload), 0x004E4942) + payload
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def triangle_scene(corner: int = 2, count: int = 3, **accessor: object) -> tuple[dict[str, object], bytes]:
    """The JSON and the buffer of one triangle, moved by (10, 0, 0)."""
    payload = np.eye(3, dtype=np.float32).tobytes() + np.array([0, 1, corner], np.uint16).tobytes()
    document: dict[str, object] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": [10, 0, 0]}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", **accessor},
            {"bufferView": 1, "componentType": 5123, "count": count, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
        ],
        "buffers": [{"byteLength": len(payload)}],
    }
    return document, payload


def embedded(document: dict[str, object], payload: bytes) -> dict[str, object]:
    import base64

    uri = "data:application/octet-stream;base64," + base64.b64encode(payload).decode()
    return document | {"buffers": [{"byteLength": len(payload), "uri": uri}]}
