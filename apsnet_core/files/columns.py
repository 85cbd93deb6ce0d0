"""Named columns of numbers to a cloud and back: the common ground of all formats that name their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float32, Float64, PointCloud
from apsnet_core.files.errors import ReadError

Column = npt.NDArray[Any]
Columns = dict[str, Column]

_ALIASES = {
    "red": ("red", "r", "diffuse_red"),
    "green": ("green", "g", "diffuse_green"),
    "blue": ("blue", "b", "diffuse_blue"),
    "nx": ("nx", "normal_x", "normalx"),
    "ny": ("ny", "normal_y", "normaly"),
    "nz": ("nz", "normal_z", "normalz"),
}
_LARGEST = 1e18  # squared distances beyond it overflow float32
_SEPARATING = re.compile(r"[\s,;\"#]+")
_INDEXED = re.compile(r"(.+)\[(\d+)\]")


def cloud_from_columns(
    columns: Mapping[str, Column],
    path: Path,
    *,
    label: str | int | None = None,
    crs: str | None = None,
    notes: tuple[str, ...] = (),
) -> PointCloud:
    """A cloud from per-point fields by name; x, y and z are required, colours and normals recognised.

    Whatever else there is becomes an attribute; ``name[0]``, ``name[1]`` ... become one (n, k) attribute.
    """
    rest = {name.strip(): values for name, values in columns.items()}
    axes = _take(rest, {axis: (axis,) for axis in "xyz"})
    if axes is None:
        raise ReadError(
            path, f"it has the columns {_listed(rest)}, but x, y and z are needed to place the points"
        )
    rgb = _take(rest, {name: _ALIASES[name] for name in ("red", "green", "blue")})
    normals = _take(rest, {name: _ALIASES[name] for name in ("nx", "ny", "nz")})
    attributes = joined(rest)
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
    )


def cloud_from_arrays(
    xyz: Column,
    path: Path,
    *,
    rgb: npt.NDArray[Any] | None = None,
    normals: Column | None = None,
    attributes: Mapping[str, Column] | None = None,
    label: str | int | None = None,
    crs: str | None = None,
    notes: tuple[str, ...] = (),
) -> PointCloud:
    """A cloud from absolute positions (n, 3): drops what is not finite, chooses the offset."""
    relative, offset, keep = place(xyz, path)

    def kept(values: Column) -> Column:
        return values if keep is None else values[keep]

    if normals is not None:
        normals, remarks = finite_normals(kept(normals))
        notes += remarks
    return PointCloud(
        xyz=relative,
        offset=offset,
        rgb=None if rgb is None else kept(rgb),
        normals=normals,
        attributes={name: kept(values) for name, values in (attributes or {}).items()},
        label=label,
        dropped=0 if keep is None else int(len(keep) - keep.sum()),
        source=str(path),
        crs=crs,
        notes=notes,
    )


def finite_normals(normals: Column) -> tuple[Float32, tuple[str, ...]]:
    """Normals (n, 3) as float32, zero where the file's are not finite, and a note that counts those."""
    with np.errstate(over="ignore"):
        found = normals.astype(np.float32)
    broken = ~np.isfinite(found).all(axis=1)
    if not broken.any():
        return found, ()
    found[broken] = 0
    return found, (f"{counted(int(broken.sum()), 'normal')} not finite: (0, 0, 0) instead",)


def counted(count: int, what: str, many: str | None = None) -> str:
    """ "1 point", "2,000 points"; ``many`` where an s does not do."""
    return f"{count:,} {what if count == 1 else many or what + 's'}"


def place(xyz: Column, path: Path) -> tuple[Float32, Float64, npt.NDArray[np.bool_] | None]:
    """Absolute positions (n, 3) to float32 relative to an offset, and which rows were kept (None: all)."""
    if not len(xyz):
        raise ReadError(path, "there is no point in it; a file with at least one point would be accepted")
    if xyz.dtype.kind not in "fiu":
        raise ReadError(path, f"its coordinates are of type {xyz.dtype}; numbers are needed")
    keep: npt.NDArray[np.bool_] | None = None
    if not np.isfinite(xyz).all():
        keep = np.asarray(np.isfinite(xyz).all(axis=1))
        xyz = xyz[keep]
        if not len(xyz):
            raise ReadError(
                path, "none of its points is finite; at least one point without NaN or inf is needed"
            )
    low, high = xyz.min(axis=0).astype(np.float64), xyz.max(axis=0).astype(np.float64)
    check_range(low, high, path)
    offset = choose_offset(low, high)
    if not offset.any():
        return np.ascontiguousarray(xyz, dtype=np.float32), offset, keep
    relative = (xyz - offset).astype(np.float32)
    if xyz.dtype.itemsize <= 4 and xyz.dtype.kind == "f" and not np.array_equal(relative + offset, xyz):
        # The file's own float32 is exact as it stands; moved, it would not be.
        return np.ascontiguousarray(xyz, dtype=np.float32), np.zeros(3), keep
    return relative, offset, keep


def check_range(low: Float64, high: Float64, path: Path) -> None:
    """Raises ReadError where coordinates are too large to be positions."""
    reach = max(float(np.abs(low).max()), float(np.abs(high).max()))
    if reach > _LARGEST:
        raise ReadError(
            path,
            f"it has coordinates as large as {reach:.1e}, which looks like damage; up to 1e18 is accepted",
        )


def choose_offset(low: Float64, high: Float64) -> Float64:
    """The offset for a box from ``low`` to ``high`` (3,): zero where float32 resolves it well as it stands.

    float32 keeps 24 bits. Where the box lies further from the origin than 16 times its size, more than four
    of them say nothing about the shape; beyond 4096 units millimetres are at stake. The offset is then the
    centre on a binary grid about as coarse as the box, so that subtracting it is exact wherever it can be.
    """
    size = float((high - low).max())
    reach = max(float(np.abs(low).max()), float(np.abs(high).max()))
    if reach <= 4096 and (reach <= 16 * size or size == 0):
        return np.zeros(3)
    step = 2.0 ** np.floor(np.log2(size)) if size > 0 else 1.0
    offset: Float64 = np.round((low + high) / 2 / step) * step
    return offset + 0.0  # no negative zeros


def colours(values: Column) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None:
    """(n, 3) colours as uint8 or uint16; floats in 0..1 are scaled; None where they are no colours."""
    if values.dtype in (np.uint8, np.uint16):
        return values
    if not len(values) or not np.isfinite(values).all() or values.min() < 0:
        return None
    if values.dtype.kind == "f" and values.max() <= 1:
        return np.round(values * 255).astype(np.uint8)
    if values.max() > 65535:
        return None
    whole = np.round(values)
    return whole.astype(np.uint8) if values.max() <= 255 else whole.astype(np.uint16)


def positions(cloud: PointCloud) -> npt.NDArray[Any]:
    """Absolute positions (n, 3): float32 where that is exact, else float64."""
    return cloud.absolute if cloud.offset.any() else cloud.xyz


def columns_of(cloud: PointCloud) -> Columns:
    """All of a cloud by column name, coordinates absolute: float32 where that is exact, else float64."""
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
    """(n, k) attributes as k columns ``name[0]`` ... ``name[k-1]``; the others as they are."""
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


def in_words(columns: Mapping[str, Column]) -> Columns:
    """The columns under names that fit into a header line: one word each, no two the same."""
    named: Columns = {}
    for name, values in columns.items():
        word = _SEPARATING.sub("_", name.strip()) or "unnamed"
        while word in named:
            word += "_"
        named[word] = values
    return named


def take_vectors(columns: Columns, *names: str) -> Column | None:
    """Three columns by their usual names (x y z, nx ny nz, red green blue) as (n, 3), out of ``columns``."""
    parts = _take(columns, {name: _ALIASES.get(name, (name,)) for name in names})
    return None if parts is None else np.column_stack(parts)


def _take(columns: Columns, wanted: Mapping[str, tuple[str, ...]]) -> list[Column] | None:
    lowered = {name.lower(): name for name in reversed(columns)}
    found = [next((lowered[a] for a in aliases if a in lowered), None) for aliases in wanted.values()]
    if None in found:
        return None
    return [columns.pop(name) for name in found if name is not None]


def _listed(columns: Mapping[str, Column]) -> str:
    names = list(columns)
    return ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")
