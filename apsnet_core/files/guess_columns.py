"""What the columns of a table without names mean: by the kind of file, then by their values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from apsnet_core.files.columns import Column, Columns

_NORMALS = ("nx", "ny", "nz")
_COLOURS = ("red", "green", "blue")


def name_columns(columns: Sequence[Column], suffix: str) -> Columns:
    """Names for three or more columns (n,): x y z, then normals and colours where they are, then column_k.

    ``suffix`` (".xyzn", ".xyzrgb", ".pts") settles it; other files are judged by their values: three columns
    of unit vectors are normals, three of whole numbers from 0 to 255 (or 65535) are colours.
    """
    names = ["x", "y", "z"]
    rest = list(columns[3:])
    if suffix == ".pts" and len(rest) in (1, 4):
        names.append("intensity")
    while len(names) < len(columns):
        three = columns[len(names) : len(names) + 3]
        if len(three) == 3 and "nx" not in names and (suffix == ".xyzn" or _are_normals(three)):
            names += _NORMALS
        elif (
            len(three) == 3 and "red" not in names and (suffix in (".xyzrgb", ".pts") or _are_colours(three))
        ):
            names += _COLOURS
        else:
            names.append(f"column_{len(names) + 1}")
    return dict(zip(names, columns, strict=True))


def _are_normals(three: Sequence[Column]) -> bool:
    length = np.sqrt(sum(values.astype(np.float64) ** 2 for values in three))
    return bool(np.mean(np.abs(length - 1) < 0.01) > 0.99)


def _are_colours(three: Sequence[Column]) -> bool:
    return all(
        values.min() >= 0 and values.max() <= 65535 and bool((values == np.floor(values)).all())
        for values in three
    )
