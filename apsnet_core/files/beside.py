"""Arrays beside the points of npz and h5 files: colours, normals, labels and further fields, by name."""

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
    """An array beside the points: its values are read only where its shape says that they belong to them."""

    name: str
    shape: tuple[int, ...]
    kind: str
    read: Callable[[], Any]


def belonging(
    others: Iterable[Beside], stacked: int | None, points: int, row: Row | None
) -> tuple[Columns, str | int | None]:
    """The arrays that belong to the chosen ``points``, and the label of their cloud.

    ``stacked`` is the number of clouds in an array (N, n, k), None for a single cloud.
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
    """A cloud of positions (n, 3 or more) and arrays of n rows beside them, by name."""
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
    """A label as a word or a number; None where it is neither. A number with a fraction is a word."""
    found = np.asarray(value).reshape(-1)
    item = found[0] if found.size else None
    if isinstance(item, bytes):
        return item.decode(errors="replace")
    if isinstance(item, np.integer | np.bool_ | int) or (isinstance(item, np.floating) and item.is_integer()):
        return int(item)
    return str(item) if isinstance(item, np.floating | str) else None
