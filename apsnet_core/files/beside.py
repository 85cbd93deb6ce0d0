"""Arrays stored beside the points in npz and h5 files: colours, normals, labels and other fields, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.columns import Columns, cloud_from_arrays, cloud_from_columns, colours
from apsnet_core.files.guess_columns import name_columns
from apsnet_core.files.many_clouds import WHOLE, Row
from apsnet_core.types import Array

_COLOURS = ("rgb", "colors", "colours", "color", "colour")
_NORMALS = ("normals", "normal")
_LABELS = ("label", "labels", "names", "name")


@dataclass(frozen=True)
class Beside:
    """An array beside the points; its values are read only if its shape fits the points."""

    name: str
    shape: tuple[int, ...]
    kind: str
    read: Callable[[], Any]


def belonging(
    others: Iterable[Beside], stacked: int | None, points: int, row: Row | None
) -> tuple[Columns, str | int | None]:
    """The arrays that belong to the chosen cloud of ``points`` points, and the label of this cloud.

    ``stacked`` is the number N of clouds in an array (N, n, k), or None for a single cloud.
    """
    columns: Columns = {}
    label: str | int | None = None
    for other in others:
        single = int(np.prod(other.shape)) == 1 and (points > 1 or not other.shape)
        if stacked is None and single and other.name in _LABELS:
            label = plain(other.read()[...]) if label is None else label
        elif not other.shape:
            continue
        elif stacked is None:
            if other.shape[0] == points:
                columns[other.name] = other.read()[...]
        elif row == WHOLE:
            if len(other.shape) > 1 and stacked * other.shape[1] == points:
                columns[other.name] = other.read()[...].reshape(points, *other.shape[2:])
        elif other.shape[0] == stacked:
            chosen = (row or 0) % stacked
            if other.name in _LABELS and int(np.prod(other.shape)) == stacked:
                if label is None or other.kind in "US":
                    label = plain(other.read()[chosen])
            elif len(other.shape) >= 2 and other.shape[1] == points:
                columns[other.name] = other.read()[chosen]
    return columns, label


def with_beside(
    values: Array,
    beside: Columns,
    path: Path,
    label: str | int | None,
    crs: str | None,
    told: Sequence[str] | None = None,
    notes: tuple[str, ...] = (),
) -> PointCloud:
    """A cloud from positions (n, 3 or more) and further arrays of n rows by name.

    Arrays named like colours or normals become these, other numeric arrays become attributes. ``told`` names
    the columns of ``values``.
    """
    rgb = normals = None
    attributes: Columns = {}
    for name, extra in beside.items():
        if rgb is None and name in _COLOURS and extra.shape == (len(values), 3):
            rgb = colours(extra)
            if rgb is not None:
                continue
        if normals is None and name in _NORMALS and extra.shape == (len(values), 3):
            normals = extra
        elif extra.dtype.kind in "fiub":
            attributes[name] = extra[:, 0] if extra.shape[1:] == (1,) else extra
    if values.shape[1] == 3 and told is None:
        return cloud_from_arrays(
            values, path, rgb=rgb, normals=normals, attributes=attributes, label=label, crs=crs, notes=notes
        )
    columns, roles = name_columns(list(values.T), "", path, told=told)
    return cloud_from_columns(columns | attributes, path, label=label, crs=crs, notes=notes, roles=roles)


def plain(value: Any) -> str | int | None:
    """A label as text or a whole number, or None if it is neither. A number with a fraction becomes text."""
    found = np.asarray(value).reshape(-1)
    item = found[0] if found.size else None
    if isinstance(item, bytes):
        return item.decode(errors="replace")
    if isinstance(item, np.integer | np.bool_ | int) or (isinstance(item, np.floating) and item.is_integer()):
        return int(item)
    return str(item) if isinstance(item, np.floating | str) else None
