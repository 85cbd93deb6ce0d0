"""Assign roles to the columns of a table: from the user, the header, the format, or the values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from apsnet_core.cloud import ColumnRole
from apsnet_core.files.column_names import playing
from apsnet_core.files.columns import Column, Columns
from apsnet_core.files.errors import ReadError

_NORMALS = ("nx", "ny", "nz")
_COLOURS = ("red", "green", "blue")
_PRESCRIBED = {"xyzn": ("x", "y", "z", *_NORMALS), "xyzrgb": ("x", "y", "z", *_COLOURS)}
_AMONG_LABELS = 40  # each channel of 8-bit colours usually exceeds this; labels and counts rarely do
_DARK = 16  # three channels that stay below this are labels rather than nearly black colours


def name_columns(
    columns: Sequence[Column],
    kind: str,
    path: Path,
    *,
    names: Sequence[str] | None = None,
    told: Sequence[str] | None = None,
) -> tuple[Columns, tuple[ColumnRole, ...]]:
    """The columns (n,) by role or field name, and for each column its role with the source of this knowledge.

    ``told`` are the names that the user gives, ``names`` those in the file's header. Without either, the
    format ``kind`` ("xyzn", "xyzrgb", "pts") decides, or else the values. Raises ReadError if the names in
    ``told`` do not fit the columns.
    """
    width = len(columns)
    if told is not None:
        roles = _told(told, width, path)
        known = [ColumnRole(k + 1, _named(names, k), role, "told") for k, role in enumerate(roles)]
    elif names is not None:
        known = _from_header(names)
    elif kind in _PRESCRIBED or (kind == "pts" and width in (3, 4, 6, 7)):
        prescribed = _PRESCRIBED.get(kind) or _scan(width)
        known = [
            ColumnRole(k + 1, "", prescribed[k] if k < len(prescribed) else f"column_{k + 1}", "format")
            for k in range(width)
        ]
    else:
        known = [
            ColumnRole(k + 1, "", role, "format" if kind == "xyz" and k < 3 else "guess")
            for k, role in enumerate(_guessed(columns))
        ]
    table: Columns = {}
    for k, column in enumerate(known):
        if column.role != "-":
            name = column.role if column.role and column.role not in table else f"column_{k + 1}"
            table[name] = columns[k]
    return _fractions(table), tuple(known)


def _told(told: Sequence[str], width: int, path: Path) -> list[str]:
    words = [word.strip() or "-" for word in told]
    if len(words) != width:
        raise ReadError(
            path,
            f"--columns names {len(words)} columns and the file has {width}; name each, - leaves one out",
        )
    roles = _roles(words)
    if not {"x", "y", "z"} <= set(roles):
        raise ReadError(path, f"--columns {','.join(told)} names no x, y and z to place the points")
    twice = next((role for role in roles if role != "-" and roles.count(role) > 1), None)
    if twice:
        raise ReadError(path, f"--columns names {twice} twice; each column needs a name of its own")
    return roles


def _from_header(names: Sequence[str]) -> list[ColumnRole]:
    """The roles of columns by the names in a header; see `_roles`."""
    return [
        ColumnRole(k + 1, name, role or f"column_{k + 1}", "header")
        for k, (name, role) in enumerate(zip(names, _roles(names), strict=True))
    ]


def _roles(names: Sequence[str]) -> list[str]:
    """The roles of columns with these names.

    Further fields keep their names. So do colours or normals that are incomplete, and a second column with
    the same role, for example a height beside x, y and z.
    """
    players = playing(names)
    whole = {role for three in ("xyz", _NORMALS, _COLOURS) if {*three} <= players.keys() for role in three}
    roles = list(names)
    for role in whole:
        roles[players[role]] = role
    return roles


def _named(names: Sequence[str] | None, k: int) -> str:
    return names[k] if names is not None and k < len(names) else ""


def _scan(width: int) -> tuple[str, ...]:
    """The columns of a Leica scan: x y z, then intensity if present, then colours if present."""
    intensity = ("intensity",) if width in (4, 7) else ()
    return ("x", "y", "z", *intensity, *(_COLOURS if width >= 6 else ()))


def _guessed(columns: Sequence[Column]) -> list[str]:
    roles = ["x", "y", "z"]
    while len(roles) < len(columns):
        at = len(roles)
        three = columns[at : at + 3]
        later = columns[at + 1 : at + 4]
        if "nx" not in roles and _are_normals(three):
            roles += _NORMALS
        elif "red" not in roles and _are_colours(three) and not (at == 3 and _reach_colours(later)):
            roles += _COLOURS
        elif "red" not in roles and "intensity" not in roles and _are_colours(later):
            roles.append("intensity")
        else:
            roles.append(f"column_{at + 1}")
    return roles


def _are_normals(three: Sequence[Column]) -> bool:
    if len(three) < 3:
        return False
    length = np.sqrt(sum(values.astype(np.float64) ** 2 for values in three))
    return bool(np.mean(np.abs(length - 1) < 0.01) > 0.99)


def _are_colours(three: Sequence[Column]) -> bool:
    """Whether three columns can be colours and are probably not labels.

    Colours are fractions in 0..1, or numbers up to 255 or 65535 that exceed the usual values of labels.
    """
    if len(three) < 3 or not all(np.isfinite(values).all() and values.min() >= 0 for values in three):
        return False
    tops = [float(values.max()) for values in three]
    whole = all(bool((values == np.floor(values)).all()) for values in three)
    if max(tops) <= 1:
        return not whole
    if max(tops) < 256:
        return min(tops) > _AMONG_LABELS or (max(tops) >= _DARK and not any(map(_numbers_things, three)))
    return max(tops) <= 65535 and min(tops) > 255 * _AMONG_LABELS and whole


def _reach_colours(three: Sequence[Column]) -> bool:
    """Whether three columns are colours, and the last is no column of labels after two of the colours."""
    return _are_colours(three) and three[2].max() > _AMONG_LABELS


def _numbers_things(values: Column) -> bool:
    """Whether most whole numbers from 0 to the largest value occur, as in a column of class numbers."""
    return bool(values.max() > 0) and 2 * len(np.unique(values)) > values.max() + 1


def _fractions(table: Columns) -> Columns:
    """Convert colours that are only 0 and 1 to fractions, so that 1 0 0 is red and not nearly black."""
    if all(name in table for name in _COLOURS) and max(table[name].max() for name in _COLOURS) <= 1:
        return table | {name: table[name].astype(np.float64) for name in _COLOURS}
    return table
