"""Convert named columns of numbers to a cloud and back. All formats with named fields share this module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from apsnet_core import placing
from apsnet_core.cloud import ColumnRole, Float32, Float64, PointCloud
from apsnet_core.conversions import colours as colours
from apsnet_core.files.column_names import playing
from apsnet_core.files.errors import ReadError
from apsnet_core.placing import counted as counted
from apsnet_core.placing import finite_normals as finite_normals
from apsnet_core.types import Array, Mask

Column = Array
Columns = dict[str, Column]

_SEPARATING = re.compile(r"[\s,;\"#]+")
_INDEXED = re.compile(r"(.+)\[(\d+)\]")


def cloud_from_columns(
    columns: Mapping[str, Column],
    path: Path,
    *,
    label: str | int | None = None,
    crs: str | None = None,
    notes: tuple[str, ...] = (),
    roles: tuple[ColumnRole, ...] = (),
) -> PointCloud:
    """A cloud from per-point fields by name; x, y and z are required, colours and normals are recognised.

    All other fields become attributes; ``name[0]``, ``name[1]`` ... become one (n, k) attribute. Raises
    ReadError if x, y or z is missing.
    """
    rest = {name.strip(): values for name, values in columns.items()}
    axes = _take(rest, "xyz")
    if axes is None:
        raise ReadError(
            path, f"it has the columns {listed(rest)}, but x, y and z are needed to place the points"
        )
    rgb = _take(rest, ("red", "green", "blue"))
    normals = _take(rest, ("nx", "ny", "nz"))
    attributes = joined(widened(rest))
    colour = None if rgb is None else colours(np.column_stack(rgb))
    if rgb is not None and colour is None:
        attributes |= dict(zip(("red", "green", "blue"), rgb, strict=True))
    return cloud_from_arrays(
        np.column_stack(axes),
        path,
        rgb=colour,
        normals=None if normals is None else np.column_stack(normals),
        attributes=attributes,
        label=label,
        crs=crs,
        notes=notes,
        roles=roles,
    )


def cloud_from_arrays(
    xyz: Column,
    path: Path,
    *,
    rgb: Array | None = None,
    normals: Column | None = None,
    attributes: Mapping[str, Column] | None = None,
    label: str | int | None = None,
    crs: str | None = None,
    notes: tuple[str, ...] = (),
    roles: tuple[ColumnRole, ...] = (),
) -> PointCloud:
    """A cloud from absolute positions (n, 3): non-finite points are dropped and the offset is chosen.

    ``rgb`` (n, 3) may be of any type; values that cannot be colours are left out, with a note.
    """
    rgb, remarks = coloured(rgb)
    with _named(path):
        return PointCloud.from_array(
            xyz,
            rgb=rgb,
            normals=normals,
            attributes=attributes or {},
            label=label,
            source=str(path),
            crs=crs,
            notes=notes + remarks,
            roles=roles,
        )


def place(xyz: Column, path: Path) -> tuple[Float32, Float64, Mask | None]:
    """Call `apsnet_core.placing.place`; its ValueError becomes a ReadError for the file."""
    with _named(path):
        return placing.place(xyz)


def check_range(low: Float64, high: Float64, path: Path) -> None:
    """Call `apsnet_core.placing.check_range`; its ValueError becomes a ReadError for the file."""
    with _named(path):
        placing.check_range(low, high)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn a ValueError about an array into a ReadError about its file."""
    try:
        yield
    except ValueError as error:
        raise ReadError(path, str(error)) from error


def coloured(values: Column | None) -> tuple[Column | None, tuple[str, ...]]:
    """The values converted by `colours`, or None without values; and a note if they cannot be colours."""
    found = None if values is None else colours(values)
    if values is None or found is not None:
        return found, ()
    return None, ("colours left out: they are not numbers from 0 to 1, 255, or 65535",)


def positions(cloud: PointCloud) -> Array:
    """Absolute positions (n, 3), as float32 if that is exact, else as float64."""
    return cloud.absolute if cloud.offset.any() else cloud.xyz


def columns_of(cloud: PointCloud) -> Columns:
    """All fields of a cloud by column name; the coordinates are absolute, see `positions` for their type."""
    columns: Columns = {}
    for names, values in [
        ("x y z", positions(cloud)),
        ("nx ny nz", cloud.normals),
        ("red green blue", cloud.rgb),
    ]:
        if values is not None:
            columns |= {name: values[:, axis] for axis, name in enumerate(names.split())}
    for name, values in split(cloud.attributes).items():
        columns[name if name not in columns else f"{name}_"] = values
    return columns


def split(attributes: Mapping[str, Column]) -> Columns:
    """Split (n, k) attributes into k columns ``name[0]`` ... ``name[k-1]``; others are unchanged."""
    columns: Columns = {}
    for name, values in attributes.items():
        if values.ndim == 1:
            columns[name] = values
        else:
            flat = values.reshape(len(values), -1)
            columns |= {f"{name}[{k}]": flat[:, k] for k in range(flat.shape[1])}
    return columns


def joined(columns: Mapping[str, Column]) -> Columns:
    """The inverse of `split`."""
    groups: dict[str, dict[int, Column]] = {}
    for name, values in columns.items():
        match = _INDEXED.fullmatch(name)
        if match and values.ndim == 1:
            groups.setdefault(match[1], {})[int(match[2])] = values
    whole = {
        base: parts
        for base, parts in groups.items()
        if base not in columns and sorted(parts) == list(range(len(parts)))
    }
    members = {f"{base}[{k}]" for base, parts in whole.items() for k in parts}
    attributes = {name: values for name, values in columns.items() if name not in members}
    return attributes | {
        base: np.column_stack([parts[k] for k in sorted(parts)]) for base, parts in whole.items()
    }


def narrowed(columns: Mapping[str, Column]) -> Columns:
    """Split 64-bit integers that a float64 cannot represent into two 32-bit columns.

    This is for formats that have no 64-bit integers.
    """
    narrow: Columns = {}
    for name, values in columns.items():
        wide = values.dtype in (np.int64, np.uint64) and len(values)
        if wide and (int(values.max()) > 2**53 or int(values.min()) < -(2**53)):
            high = np.int32 if values.dtype == np.int64 else np.uint32
            narrow[f"{name}.high"] = (values >> 32).astype(high)
            narrow[f"{name}.low"] = (values & 0xFFFFFFFF).astype(np.uint32)
        else:
            narrow[name] = values
    return narrow


def widened(columns: Mapping[str, Column]) -> Columns:
    """The inverse of `narrowed`."""
    wide: Columns = {}
    for name, values in columns.items():
        low = columns.get(f"{name.removesuffix('.high')}.low")
        if name.endswith(".high") and low is not None and low.dtype == np.uint32:
            kind = np.int64 if values.dtype == np.int32 else np.uint64
            wide[name.removesuffix(".high")] = (values.astype(kind) << 32) | low.astype(kind)
        elif not (name.endswith(".low") and f"{name.removesuffix('.low')}.high" in columns):
            wide[name] = values
    return wide


def in_words(columns: Mapping[str, Column]) -> Columns:
    """The columns renamed to fit into a header line: each name is one word, and all names differ."""
    named: Columns = {}
    for name, values in columns.items():
        word = _SEPARATING.sub("_", name.strip()) or "unnamed"
        while word in named:
            word += "_"
        named[word] = values
    return named


def take_vectors(columns: Columns, *names: str) -> Column | None:
    """Remove three columns (x y z, nx ny nz, red green blue) from ``columns`` and return them as (n, 3).

    None if one of them is missing.
    """
    parts = _take(columns, names)
    return None if parts is None else np.column_stack(parts)


def _take(columns: Columns, roles: Sequence[str]) -> list[Column] | None:
    """Remove the columns with these ``roles`` from ``columns`` and return them; None if one is missing."""
    names = list(columns)
    players = playing(names)
    if not {*roles} <= players.keys():
        return None
    return [columns.pop(names[players[role]]) for role in roles]


def listed(columns: Iterable[str]) -> str:
    """The first eight names of columns, separated by commas, for a sentence."""
    names = list(columns)
    return ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")
