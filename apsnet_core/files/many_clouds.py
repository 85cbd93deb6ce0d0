"""Files that may hold several arrays of several clouds each: which array, which row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from apsnet_core.files.errors import ReadError

POSITION_NAMES = ("xyz", "data", "points", "positions", "coords", "pos", "vertices", "pc", "point_cloud")


@dataclass(frozen=True)
class Dataset:
    """An array in a file that can be read as points: ``rows`` clouds of ``points`` points."""

    name: str
    rows: int
    points: int
    type: str


def is_points(shape: tuple[int, ...]) -> bool:
    """Whether an array of this shape can be a cloud (n, 3 or more) or several of them (N, n, 3 or more)."""
    return len(shape) in (2, 3) and 3 <= shape[-1] <= 64


def pick_dataset(shapes: Mapping[str, tuple[int, ...]], wanted: str | None, path: Path, noun: str) -> str:
    """The array to read: the one asked for, the one with a known name, or the only one that can be points.

    Raises ReadError that lists the arrays where the choice is not clear.
    """
    fitting = {name: shape for name, shape in shapes.items() if is_points(shape)}
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


def choose_row(values: Any, row: int | None, path: Path, name: str) -> npt.NDArray[Any]:
    """The cloud (n, k) out of (n, k), or of row ``row`` of (N, n, k); negative rows count from the end."""
    shape = values.shape
    if len(shape) == 2:
        if row not in (None, 0):
            raise ReadError(path, f"{name} holds a single cloud {shape}; there is no row {row} to choose")
        return values[...]  # type: ignore[no-any-return]
    if shape[0] == 0:
        raise ReadError(path, f"{name} has the shape {shape}: there is no cloud in it")
    if row is None and shape[0] > 1:
        raise ReadError(
            path,
            f"{name} holds {shape[0]} clouds of {shape[1]} points; choose a row from 0 to {shape[0] - 1}",
        )
    if row is not None and not -shape[0] <= row < shape[0]:
        raise ReadError(path, f"{name} has no row {row}; rows go from 0 to {shape[0] - 1}")
    return values[0 if row is None else row % shape[0]]  # type: ignore[no-any-return]
