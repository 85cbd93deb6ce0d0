"""The meanings of column names in the many spellings that programs use."""

from __future__ import annotations

import re
from collections.abc import Sequence

ROLES = ("x", "y", "z", "nx", "ny", "nz", "red", "green", "blue", "intensity")
"""The roles that a column can have. Any other name makes it a further field, and "-" leaves it out."""

_UNIT = re.compile(r"\s*[\[(][^\])]*[\])]\s*$")
_COMPONENT = re.compile(r"(.+?)[\s_:]*[:_\[]([012])\]?")
_POSITION = re.compile(r".*(points?|xyz|positions?|coord\w*|vert\w*|location)\W*\w*")
_PREFIXES = re.compile(r"(points?|pos|position|coord|p|vertex)[_. ]?([xyz])")
_SUFFIXES = re.compile(r"([xyz])[_. ]?(1|coord|coordinate|pos|position|value|m)?")
_SPELLED = {
    "x": ("easting", "east", "e_coord"),
    "y": ("northing", "north", "n_coord"),
    "z": ("height", "elevation", "altitude", "elev", "up"),
    "red": ("red", "r", "rf", "diffuse_red", "color_r", "colour_r", "r255"),
    "green": ("green", "g", "gf", "diffuse_green", "color_g", "colour_g", "g255"),
    "blue": ("blue", "b", "bf", "diffuse_blue", "color_b", "colour_b", "b255"),
    "nx": ("nx", "normal_x", "normalx", "normals_x", "n_x"),
    "ny": ("ny", "normal_y", "normaly", "normals_y", "n_y"),
    "nz": ("nz", "normal_z", "normalz", "normals_z", "n_z"),
}
_ROLE_OF = {spelled: role for role, names in _SPELLED.items() for spelled in names}


def role_of(name: str) -> str:
    """The role of a column with this name, or the name itself if it has none of the `ROLES`.

    >>> [role_of(name) for name in ("X [m]", "Points:1", "Elevation", "Rf", "normal_x", "Intensity", "id")]
    ['x', 'y', 'z', 'red', 'nx', 'intensity', 'id']
    """
    word = _UNIT.sub("", name.strip().strip("\"'").lower()).strip()
    if word in ROLES:
        return word
    if word in _ROLE_OF:
        return _ROLE_OF[word]
    if match := _PREFIXES.fullmatch(word):
        return match[2]
    if match := _SUFFIXES.fullmatch(word):
        return match[1]
    if match := _COMPONENT.fullmatch(word):
        base, axis = match[1], int(match[2])
        if base in ("rgb", "color", "colors", "colour", "colours"):
            return ("red", "green", "blue")[axis]
        if base in ("normal", "normals"):
            return ("nx", "ny", "nz")[axis]
        if _POSITION.fullmatch(base):
            return "xyz"[axis]
    return name


def playing(names: Sequence[str]) -> dict[str, int]:
    """The index of the column for each role: the column named exactly so, else the first with a synonym.

    >>> playing(["height", "x", "y", "z"])["z"]
    3
    """
    first: dict[str, int] = {}
    for k, name in enumerate(names):
        first.setdefault(role_of(name), k)
    return first | {name.lower(): k for k, name in reversed(list(enumerate(names)))}


def places_points(names: list[str]) -> bool:
    """Whether columns with these names include x, y and z, so that they give positions of points."""
    return {"x", "y", "z"} <= {role_of(name) for name in names}
