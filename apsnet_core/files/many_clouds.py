"""Choose a cloud from files with several arrays of several clouds: the array, the row, and the axis order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from apsnet_core.files.errors import ReadError
from apsnet_core.files.organised import is_organised
from apsnet_core.types import Array, Foreign

POSITION_NAMES = ("xyz", "data", "points", "positions", "coords", "pos", "vertices", "pc", "point_cloud")
WHOLE: Literal["all"] = "all"
"""The row that selects a whole array: the points of (N, n, k) become one cloud of N * n points."""

Row = int | Literal["all"]
_FEW = 12  # clouds nearly always have at most this many columns, and more points
_MOST = 64  # the largest number of columns


@dataclass(frozen=True)
class StoredArray:
    """An array in a file that can be read as points: ``rows`` clouds of ``points`` points each."""

    name: str
    rows: int
    points: int
    type: str


@dataclass(frozen=True)
class Clouds:
    """How an array holds clouds: ``rows`` clouds of ``points`` points with ``columns`` numbers each.

    ``turned`` means that the array is transposed: each cloud is (k, n).
    """

    rows: int
    points: int
    columns: int
    turned: bool


def clouds_in(shape: tuple[int, ...]) -> Clouds | None:
    """The clouds in an array (n, k) or (N, n, k), or in a transposed array (k, n) or (N, k, n).

    An array of at most 12 rows and more than 12 columns, or of at most 64 rows and more than 64 columns, is
    a transpose. None if the array holds no clouds.

    >>> clouds_in((2048, 3)), clouds_in((2, 3, 60))
    (Clouds(rows=1, points=2048, columns=3, turned=False), Clouds(rows=2, points=60, columns=3, turned=True))
    """
    if len(shape) not in (2, 3):
        return None
    rows = shape[0] if len(shape) == 3 else 1
    n, k = shape[-2:]
    if 3 <= n <= _FEW < k or 3 <= n <= _MOST < k:
        return Clouds(rows, k, n, True)
    return Clouds(rows, n, k, False) if 3 <= k <= _MOST else None


def described(
    name: str, shape: tuple[int, ...], type: str, read: Callable[[], Array | Foreign]
) -> StoredArray | None:
    """The array for the user to choose from in a dialog, or None if it holds no clouds.

    ``read`` returns the values, which are needed to recognise an organised cloud. It counts as one cloud.
    """
    clouds = clouds_in(shape)
    if clouds is None:
        return None
    if _may_be_organised(clouds) and is_organised(read()):
        return StoredArray(name, 1, clouds.rows * clouds.points, type)
    return StoredArray(name, clouds.rows, clouds.points, type)


def _may_be_organised(clouds: Clouds) -> bool:
    return clouds.rows > 1 and not clouds.turned and clouds.columns == 3


def pick_dataset(shapes: Mapping[str, tuple[int, ...]], wanted: str | None, path: Path, noun: str) -> str:
    """The name of the array to read: ``wanted``, one with a usual name, or the only one that can be points.

    Raises ReadError, which lists the arrays, if the choice is not clear.
    """
    fitting = {name: shape for name, shape in shapes.items() if clouds_in(shape)}
    listing = ", ".join(f"{name} {shape}" for name, shape in list(shapes.items())[:12]) or "none"
    if wanted is not None:
        wanted = wanted.strip("/")
        if wanted not in shapes:
            raise ReadError(path, f"there is no {noun} {wanted!r} in it; it holds {listing}")
        if wanted not in fitting:
            raise ReadError(
                path,
                f"its {noun} {wanted!r} has the shape {shapes[wanted]}; points are (n, 3+) or (N, n, 3+)",
            )
        return wanted
    if not fitting:
        raise ReadError(
            path, f"no {noun} in it has the shape (n, 3 or more) or (N, n, 3 or more); it holds {listing}"
        )
    for known in POSITION_NAMES:
        if known in fitting:
            return known
    if len(fitting) == 1:
        return next(iter(fitting))
    listing = ", ".join(f"{name} {shape}" for name, shape in list(fitting.items())[:12])
    raise ReadError(path, f"several of its {noun}s could be the points; choose a dataset: {listing}")


def choose_row(values: Any, row: Row | None, path: Path, name: str) -> tuple[Array, tuple[str, ...]]:
    """The chosen cloud (n, k) of an array, and notes, for example if the array is transposed.

    ``row`` chooses one of several clouds; a negative one counts from the end. `WHOLE` joins all to one cloud.
    """
    shape = values.shape
    clouds = clouds_in(shape)
    if clouds is None:
        raise ReadError(path, f"{name} has the shape {shape}; points are (n, 3 or more) or (N, n, 3 or more)")
    notes = (f"{name} {shape} is transposed: its last axis counts the points",) if clouds.turned else ()
    if len(shape) == 2:
        if row not in (None, 0, WHOLE):
            raise ReadError(path, f"{name} holds a single cloud {shape}; there is no row {row} to choose")
        return _upright(values[...], clouds), notes
    if not clouds.rows:
        raise ReadError(path, f"{name} has the shape {shape}: there is no cloud in it")
    if row == WHOLE:
        return _upright(values[...], clouds).reshape(-1, clouds.columns), notes
    if row is None and _may_be_organised(clouds) and is_organised(values):
        grid = f"organised as {clouds.rows} x {clouds.points}: kept as a list of points"
        return values[...].reshape(-1, clouds.columns), (*notes, f"{name} is one cloud, {grid}")
    if row is None and clouds.rows > 1:
        raise ReadError(
            path,
            f"{name} holds {clouds.rows} clouds of {clouds.points} points; choose a row from 0 to "
            f"{clouds.rows - 1}, or 'all' to join them",
        )
    if row is not None and not -clouds.rows <= row < clouds.rows:
        raise ReadError(path, f"{name} has no row {row}; rows go from 0 to {clouds.rows - 1}")
    return _upright(values[0 if row is None else row % clouds.rows], clouds), notes


def _upright(values: Array, clouds: Clouds) -> Array:
    return values.swapaxes(-1, -2) if clouds.turned else values
