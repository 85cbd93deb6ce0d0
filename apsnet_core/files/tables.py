"""Points in npz and h5 files without an array (n, 3): a table with named columns, or separate x, y and z."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.cloud import PointCloud
from apsnet_core.files.column_names import places_points, role_of
from apsnet_core.files.columns import Columns, cloud_from_columns
from apsnet_core.files.errors import ReadError
from apsnet_core.files.guess_columns import name_columns
from apsnet_core.files.many_clouds import POSITION_NAMES, WHOLE, Row, clouds_in
from apsnet_core.types import Array, DType


@dataclass(frozen=True)
class Stored:
    """An array in a file with its shape and type; ``read`` returns its values."""

    shape: tuple[int, ...]
    dtype: DType
    read: Callable[[], Array]


def table_in(
    arrays: Mapping[str, Stored],
    wanted: str | None,
    path: Path,
    row: Row | None = None,
    columns: Sequence[str] | None = None,
) -> PointCloud | None:
    """The cloud in a table or in separate arrays x, y and z; None if an array holds the points.

    ``wanted`` is the name of the table. Raises ReadError if there are several tables and none is named, and
    for the choices that `check_choice` refuses.
    """
    found = _table_in(arrays, wanted, path)
    if found is not None:
        check_choice(path, row, columns)
    return found


def check_choice(path: Path, row: Row | None, columns: Sequence[str] | None) -> None:
    """Raise ReadError if a ``row`` or ``columns`` are chosen, which tables with named columns do not have."""
    if row not in (None, 0, WHOLE):
        raise ReadError(path, f"its table is a single cloud; there is no row {row} to choose")
    if columns is not None:
        raise ReadError(path, "its columns have names of their own; leave --columns out")


def _table_in(arrays: Mapping[str, Stored], wanted: str | None, path: Path) -> PointCloud | None:
    tables = [name for name, stored in arrays.items() if stored.dtype.names is not None]
    plain = {n: s for n, s in arrays.items() if s.dtype.kind in "fiu" and clouds_in(s.shape) is not None}
    if wanted is not None:
        name = wanted.strip("/")
        return cloud_from_columns(fields(arrays[name].read()), path) if name in tables else None
    if plain:
        return None
    if len(tables) > 1:
        raise ReadError(path, f"several of its tables could be the points; choose one: {', '.join(tables)}")
    if tables:
        return cloud_from_columns(fields(arrays[tables[0]].read()), path)
    return _apart(arrays, path)


def _apart(arrays: Mapping[str, Stored], path: Path) -> PointCloud | None:
    """The cloud of separate arrays x, y and z (n,) in one group, with all other arrays (n,) as its fields."""
    for group in dict.fromkeys(name.rpartition("/")[0] for name in arrays):
        mine = {
            name.rpartition("/")[2]: stored
            for name, stored in arrays.items()
            if name.rpartition("/")[0] == group and len(stored.shape) == 1 and stored.dtype.kind in "fiu"
        }
        if not places_points(list(mine)):
            continue
        count = next(stored.shape for name, stored in mine.items() if role_of(name) == "x")
        names = [name for name, stored in mine.items() if stored.shape == count]
        if places_points(names):
            values = [mine[name].read() for name in names]
            named, roles = name_columns(values, "", path, names=names)
            return cloud_from_columns(named, path, roles=roles)
    return None


def fields(values: Array) -> Columns:
    """The fields of a structured array by name.

    Positions, colours and normals (n, 3) are split into columns, other vectors are unchanged.
    """
    columns: Columns = {}
    values = values.reshape(-1)
    for name in values.dtype.names or ():
        field = values[name]
        if field.ndim == 2 and field.shape[1] == 3 and name.lower() in POSITION_NAMES:
            columns |= dict(zip("xyz", field.T, strict=True))
        elif field.ndim == 2 and field.shape[1] == 3 and name.lower() in ("rgb", "color", "colors"):
            columns |= dict(zip(("red", "green", "blue"), field.T, strict=True))
        elif field.ndim == 2 and field.shape[1] == 3 and name.lower() in ("normal", "normals"):
            columns |= dict(zip(("nx", "ny", "nz"), field.T, strict=True))
        elif field.dtype.kind in "fiub":
            columns[name] = field
    return columns
