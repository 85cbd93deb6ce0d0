"""The unit of coordinates, as their coordinate system gives it."""

from __future__ import annotations

import json
import re

_NAMES = {1.0: "m", 0.3048: "ft", 1200 / 3937: "ft", 0.01: "cm", 0.001: "mm", 1000.0: "km"}  # key: metres
_CODES = {9001: "m", 9002: "ft", 9003: "ft"}  # GeoTIFF codes of metre, foot and US survey foot
_GEOTIFF = 3076, 4099, 3072  # GeoTIFF keys of the unit, the vertical unit and the projected system
_METRIC = (  # EPSG codes of transverse Mercator zones: WGS 84, ETRS89 and NAD83
    *((32601, 32660), (32701, 32760)),
    *((25828, 25838), (26901, 26923)),
)
_NESTED = re.compile(
    r"\b(?:SPHEROID|ELLIPSOID|PARAMETER|PRIMEM|DATUM|BASEGEOGCRS|BASEGEODCRS|GEOGCS|GEODCRS|GEOGCRS)"
    r"\s*\[(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*\]",
    re.IGNORECASE,
)
_UNIT = re.compile(r'\b(?:LENGTH)?UNIT\s*\[\s*"[^"]*"\s*,\s*([0-9.eE+-]+)', re.IGNORECASE)


def unit_of_crs(crs: str | None) -> str:
    """The unit of x, y and z: m, ft, cm, mm or km; empty if it is unknown or if heights have another unit.

    ``crs`` is WKT, ``EPSG:n``, or the text that `apsnet_core.files.crs` makes from GeoTIFF keys. The result
    is also empty for coordinates in degrees.

    >>> unit_of_crs('PROJCS["a",GEOGCS["b",UNIT["degree",0.0174]],UNIT["US survey foot",0.3048006096012192]]')
    'ft'
    """
    if not crs:
        return ""
    if crs.startswith("GeoTIFF "):
        return _of_keys(json.loads(crs[crs.index("{") :]).get("keys", []))
    if re.fullmatch(r"EPSG:\d+", crs, re.IGNORECASE):
        return _of_code(int(crs[5:]))
    if not re.search(r"\b(PROJCS|PROJCRS|PROJECTEDCRS|LOCAL_CS|ENGCRS)\b", crs, re.IGNORECASE):
        return ""
    bare, found = crs, None
    while bare != found:  # groups are nested, and each pass removes the innermost ones
        found, bare = bare, _NESTED.sub("", bare)
    units = {_named(float(each)) for each in _UNIT.findall(bare)}
    return units.pop() if len(units) == 1 else ""


def told_in(unit: str, length: str) -> str:
    """Replace "units" in ``unit`` by the length unit ``length``, if that is known.

    >>> told_in("units²", "m"), told_in("sq. units", "ft"), told_in("units", "")
    ('m²', 'sq. ft', 'units')
    """
    return unit.replace("units", length) if length else unit


def _of_keys(keys: list[int]) -> str:
    values = {keys[k]: keys[k + 3] for k in range(4, len(keys) - 3, 4) if keys[k + 1] == 0}
    unit, heights, projected = (values.get(key) for key in _GEOTIFF)
    found = _CODES.get(unit, "") if unit is not None else _of_code(projected or 0)
    return found if heights is None or _CODES.get(heights, "") == found else ""


def _of_code(code: int) -> str:
    return "m" if any(low <= code <= high for low, high in _METRIC) else ""


def _named(metres: float) -> str:
    return next((name for size, name in _NAMES.items() if abs(metres / size - 1) < 1e-6), "")
