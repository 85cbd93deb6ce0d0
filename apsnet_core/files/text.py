"""Points as lines of numbers: xyz, xyzn, xyzrgb, pts, txt, csv; any of the usual separators, header or none."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import Float32, Float64, PointCloud
from apsnet_core.files.columns import Column, Columns, cloud_from_columns, columns_of
from apsnet_core.files.errors import ReadError
from apsnet_core.files.unnamed import name_columns

_PREAMBLE = 200  # lines of comments before the first point
_LONGEST_LINE = 1 << 16


@dataclass(frozen=True)
class _Layout:
    """What the first lines say of the rest."""

    skip: int  # lines before the first point
    separator: str | None  # None: blanks and tabs
    decimal_comma: bool
    names: list[str] | None
    first: list[str]  # the words of the first point
    announced: int | None  # pts files begin with the number of points


def read(path: Path) -> PointCloud:
    """A cloud of the numbers in the file; columns go by their names, or by their number and values."""
    layout = _look(path)
    width = len(layout.first)
    if width < 3:
        raise ReadError(
            path,
            f"its lines have {width} column{'s' * (width > 1)}; at least three numbers, x y z, are needed",
        )
    table = _table(path, layout)
    if layout.announced is not None and layout.announced != len(table):
        raise ReadError(
            path,
            f"its first line announces {layout.announced} points and {len(table)} follow; it may be cut short",
        )
    typed = [_typed(table[:, k], layout, k, path) for k in range(width)]
    if layout.names is None:
        return cloud_from_columns(name_columns(typed, path.suffix.lower()), path)
    if len(layout.names) != width:
        raise ReadError(
            path, f"its header names {len(layout.names)} columns and its lines have {width}; they must agree"
        )
    columns: Columns = {}
    for k, name in enumerate(layout.names):
        columns[name if name and name not in columns else f"column_{k + 1}"] = typed[k]
    return cloud_from_columns(columns, path)


def _look(path: Path) -> _Layout:
    names: list[str] | None = None
    comment: str | None = None
    announced: int | None = None
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        for number, line in enumerate(islice(iter(lambda: stream.readline(_LONGEST_LINE), ""), _PREAMBLE)):
            text = line.strip()
            if len(line) >= _LONGEST_LINE or "\0" in line:
                break
            if not text or text.startswith(("#", "//")):
                comment = text.lstrip("#/ ") or comment
                continue
            text = text.split("#", 1)[0].rstrip()
            separator, decimal_comma = _separator(text)
            words = [word.strip().strip('"') for word in text.split(separator)]
            if words[-1] == "" and len(words) > 3:
                words.pop()
            if not all(_is_number(word, decimal_comma) for word in words):
                if names is not None or announced is not None or "\ufffd" in text:
                    break
                names = words
                continue
            if len(words) == 1 and announced is None and names is None and words[0].isdigit():
                announced = int(words[0])
                continue
            if names is None and comment is not None:
                named = [word.strip().strip('"') for word in comment.split(_separator(comment)[0])]
                if len(named) == len(words) and {"x", "y", "z"} <= {name.lower() for name in named}:
                    names = named
            return _Layout(number, separator, decimal_comma, names, words, announced)
    raise ReadError(
        path, "it holds no lines of numbers; one point a line, such as '1.0 2.0 3.0', would be accepted"
    )


def _separator(text: str) -> tuple[str | None, bool]:
    if ";" in text:
        return ";", "," in text
    if "," in text:
        return ",", False
    return ("\t", False) if "\t" in text and " " not in text else (None, False)


def _is_number(word: str, decimal_comma: bool) -> bool:
    try:
        float(word.replace(",", ".") if decimal_comma else word)
    except ValueError:
        return False
    return "_" not in word


def _lines(path: Path, layout: _Layout) -> Iterator[str]:
    with path.open(encoding="latin-1") as stream:
        for line in islice(stream, layout.skip, None):
            yield line.replace(",", ".") if layout.decimal_comma else line


def _table(path: Path, layout: _Layout) -> Float64:
    """(n, k) float64, all of the columns."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # "input contained no data"
            return np.loadtxt(
                _lines(path, layout),
                delimiter=layout.separator,
                comments="#",
                usecols=range(len(layout.first)),
                quotechar='"',
                ndmin=2,
            )
    except ValueError as error:
        raise ReadError(
            path, f"not all of its lines are numbers in equal columns: {_plain(error, layout)}"
        ) from None


def _plain(error: ValueError, layout: _Layout) -> str:
    """numpy's message, its row counted as an editor counts lines."""
    words = str(error).split(";")[0].rstrip(".").split()
    for k, word in enumerate(words[:-1]):
        if word == "row" and words[k + 1].strip(",").isdigit():
            words[k] = "point"
    return " ".join(words)


def _typed(values: Float64, layout: _Layout, k: int, path: Path) -> Column:
    """Whole numbers, written as such, become integers again (an index, a class, a colour)."""
    if not layout.first[k].strip("+-").isdigit():
        return values
    with np.errstate(invalid="ignore"):
        if not (values == np.floor(values)).all() or np.abs(values).max() >= 2.0**63:
            return values
    if np.abs(values).max() < 2.0**53:
        return values.astype(np.int64)
    return np.loadtxt(
        _lines(path, layout), np.int64, "#", layout.separator, usecols=[k], quotechar='"', ndmin=1
    )


def write_csv(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """A header and commas; what is known of the sampling stands in a comment above."""
    if notes:
        stream.write(f"# {' '.join(f'{name}={value}' for name, value in notes.items())}\n".encode())
    columns = columns_of(cloud)
    stream.write((",".join(name.replace(",", "_") for name in columns) + "\n").encode())
    _write_rows(_worded(cloud, columns), ",", stream)


def write_txt(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Blanks between the columns, their names in a comment."""
    lines = [f"# {name}: {value}\n" for name, value in notes.items()]
    columns = columns_of(cloud)
    lines.append(f"# {' '.join(name.replace(' ', '_') for name in columns)}\n")
    stream.write("".join(lines).encode())
    _write_rows(_worded(cloud, columns), " ", stream)


def write_xyz(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Positions alone, as every program expects of the format."""
    for name, value in notes.items():
        stream.write(f"# {name}: {value}\n".encode())
    bare = PointCloud(cloud.xyz, cloud.offset)
    _write_rows(_worded(bare, columns_of(bare)), " ", stream)


def _worded(cloud: PointCloud, columns: Columns) -> list[list[str]]:
    words = [
        list(map(str, values.tolist() if values.dtype.kind != "f" else values)) for values in columns.values()
    ]
    if cloud.offset.any():
        words[:3] = [_decimals(cloud.xyz[:, axis], float(cloud.offset[axis])) for axis in range(3)]
    return words


def _decimals(relative: Float32, offset: float) -> list[str]:
    """Absolute coordinates with as few decimals as give ``relative`` (n,) back exactly."""
    absolute = relative.astype(np.float64) + offset
    for decimals in range(10):
        rounded = np.round(absolute, decimals)
        if np.array_equal((rounded - offset).astype(np.float32), relative):
            return [f"{value:.{decimals}f}" for value in rounded.tolist()]
    return list(map(repr, absolute.tolist()))


def _write_rows(columns: list[list[str]], separator: str, stream: BinaryIO) -> None:
    stream.write("\n".join(map(separator.join, zip(*columns, strict=True))).encode())
    stream.write(b"\n")
