"""Coordinate systems of LAS files: WKT is kept, GeoTIFF keys become text that can be converted back."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np

from apsnet_core.types import Foreign

_USER = "LASF_Projection"
_WKT, _KEYS, _DOUBLES, _WORDS = 2112, 34735, 34736, 34737
_PROJECTED, _GEOGRAPHIC, _MODEL = 3072, 2048, 1024


def crs_of(vlrs: Iterable[Foreign]) -> str | None:
    """The coordinate system in LAS records: WKT, or ``GeoTIFF EPSG:n {...}`` with all keys as JSON.

    None if the records contain no coordinate system.
    """
    raw = {vlr.record_id: vlr.record_data_bytes() for vlr in vlrs if vlr.user_id == _USER}
    if _WKT in raw:
        return raw[_WKT].rstrip(b"\0").decode("utf-8", "replace") or None
    if _KEYS not in raw:
        return None
    keys = np.frombuffer(raw[_KEYS][: len(raw[_KEYS]) // 2 * 2], "<u2").tolist()
    values = {keys[k]: keys[k + 3] for k in range(4, len(keys) - 3, 4) if keys[k + 1] == 0}
    code = values.get(_PROJECTED, values.get(_GEOGRAPHIC))
    parts: dict[str, Foreign] = {"keys": keys}
    if raw.get(_DOUBLES):
        parts["doubles"] = np.frombuffer(raw[_DOUBLES][: len(raw[_DOUBLES]) // 8 * 8], "<f8").tolist()
    if raw.get(_WORDS):
        parts["words"] = raw[_WORDS].decode("latin-1")
    name = f"EPSG:{code}" if code is not None and code != 32767 else "user-defined"
    return f"GeoTIFF {name} {json.dumps(parts)}"


def vlrs_of(crs: str | None) -> list[Foreign]:
    """LAS records for a result of `crs_of`, for WKT, or for a plain ``EPSG:n``."""
    import laspy

    if crs is None:
        return []
    if crs.startswith("GeoTIFF "):
        parts = json.loads(crs[crs.index("{") :])
        vlrs = [laspy.VLR(_USER, _KEYS, "", np.array(parts["keys"], "<u2").tobytes())]
        if "doubles" in parts:
            vlrs.append(laspy.VLR(_USER, _DOUBLES, "", np.array(parts["doubles"], "<f8").tobytes()))
        if "words" in parts:
            vlrs.append(laspy.VLR(_USER, _WORDS, "", parts["words"].encode("latin-1")))
        return vlrs
    if crs.upper().startswith("EPSG:") and crs[5:].isdigit():
        code = int(crs[5:])
        geographic = 4000 <= code < 5000
        entries = [
            _MODEL,
            0,
            1,
            2 if geographic else 1,
            _GEOGRAPHIC if geographic else _PROJECTED,
            0,
            1,
            code,
        ]
        return [laspy.VLR(_USER, _KEYS, "", np.array([1, 1, 0, 2, *entries], "<u2").tobytes())]
    return [laspy.VLR(_USER, _WKT, "", crs.encode() + b"\0")]
