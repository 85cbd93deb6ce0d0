"""Points as lines of numbers: xyz, xyzn, xyzrgb, pts, txt, csv; with any usual separator, header or none."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import Float32, Float64, PointCloud
from apsnet_core.files.columns import Column, Columns, cloud_from_columns, columns_of, in_words
from apsnet_core.files.errors import ReadError, short
from apsnet_core.files.format import Format
from apsnet_core.files.guess_columns import name_columns

_PREAMBLE = 200  # lines of comments before the first point
_LONGEST_LINE = 1 << 16
_RAGGED = re.compile(r"invalid column index \d+ at row (\d+) with (\d+) columns")
_NO_NUMBER = re.compile(r"could not convert string (.*) to \w+ at row (\d+), column (\d+)", re.DOTALL)
_ROWS = 50_000  # written at a time


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
            f"its first line announces {layout.announced} points and {len(table)} follow; it is cut short",
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
                if "\ufffd" in text:
                    break
                if names is not None or announced is not None:
                    raise ReadError(
                        path, f"line {number + 1} is not numbers alone ({text[:40]!r}); each column must be"
                    )
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


def _parsed(path: Path, layout: _Layout, dtype: type, columns: Sequence[int]) -> Column:
    """(n, k) numbers of these columns; ValueError where a line is different."""
    with warnings.catch_warnings(), path.open(encoding="latin-1") as stream:
        warnings.simplefilter("error", UserWarning)  # "input contained no data"
        lines = (line.replace(",", ".") for line in islice(stream, layout.skip, None))
        table: Column = np.loadtxt(
            lines if layout.decimal_comma else path,  # a path is parsed much faster
            dtype,
            comments="#",
            delimiter=layout.separator,
            skiprows=0 if layout.decimal_comma else layout.skip,
            usecols=columns,
            encoding="latin-1",
            quotechar='"',
            ndmin=2,
        )
        return table


def _table(path: Path, layout: _Layout) -> Float64:
    try:
        return _parsed(path, layout, np.float64, range(len(layout.first)))
    except (ValueError, UserWarning) as error:
        raise ReadError(path, _why(error, len(layout.first))) from None


def _why(error: Exception, width: int) -> str:
    """numpy's message about a line, for those who do not know numpy."""
    if match := _RAGGED.search(str(error)):
        return f"point {match[1]} has {match[2]} columns and the first has {width}; all must have as many"
    if match := _NO_NUMBER.search(str(error)):
        return f"{match[1][:40]} is no number (point {int(match[2]) + 1}, column {match[3]})"
    return f"not all of its lines are numbers in equal columns ({short(error)})"


def _typed(values: Float64, layout: _Layout, k: int, path: Path) -> Column:
    """Whole numbers, written as such, become integers again (an index, a class, a colour)."""
    if not layout.first[k].strip("+-").isdigit():
        return values
    with np.errstate(invalid="ignore"):
        if not (values == np.floor(values)).all() or np.abs(values).max() >= 2.0**63:
            return values
    if np.abs(values).max() < 2.0**53:
        return values.astype(np.int64)
    whole: Column = _parsed(path, layout, np.int64, [k])[:, 0]
    return whole


def write_csv(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """A header and commas; what is known of the sampling stands in a comment above."""
    if notes:
        stream.write(f"# {' '.join(f'{name}={value}' for name, value in notes.items())}\n".encode())
    columns = in_words(columns_of(cloud))
    stream.write((",".join(columns) + "\n").encode())
    _write_rows(cloud, columns, ",", stream)


def write_txt(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Blanks between the columns, their names in a comment."""
    lines = [f"# {name}: {value}\n" for name, value in notes.items()]
    columns = in_words(columns_of(cloud))
    lines.append(f"# {' '.join(columns)}\n")
    stream.write("".join(lines).encode())
    _write_rows(cloud, columns, " ", stream)


def write_xyz(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """Positions alone, as every program expects of the format."""
    for name, value in notes.items():
        stream.write(f"# {name}: {value}\n".encode())
    bare = PointCloud(cloud.xyz, cloud.offset)
    _write_rows(bare, columns_of(bare), " ", stream)


def _write_rows(cloud: PointCloud, columns: Columns, separator: str, stream: BinaryIO) -> None:
    """Numbers as short as they can be and still come back exactly, some rows at a time."""
    decimals = [_decimals(cloud.xyz[:, axis], cloud.offset[axis]) for axis in range(3)]
    for start in range(0, len(cloud), _ROWS):
        rows = slice(start, start + _ROWS)
        words = [
            _words(values[rows], decimals[k] if k < 3 else None) for k, values in enumerate(columns.values())
        ]
        stream.write("\n".join(map(separator.join, zip(*words, strict=True))).encode() + b"\n")


def _words(values: Column, decimals: int | None) -> list[str]:
    if decimals is not None:
        return [f"{value:.{decimals}f}" for value in values.tolist()]
    if values.dtype.kind == "b":
        values = values.astype(np.uint8)
    # A float32 has fewer digits than the Python float made of it.
    return list(map(str, values if values.dtype in (np.float32, np.float16) else values.tolist()))


def _decimals(relative: Float32, offset: np.float64) -> int | None:
    """How many decimals of absolute coordinates give ``relative`` (n,) back; None where ten are too few."""
    if not offset:
        return None
    absolute = relative.astype(np.float64) + offset
    for decimals in range(11):
        if np.array_equal((np.round(absolute, decimals) - offset).astype(np.float32), relative):
            return decimals
    return None


FORMATS = (
    Format("xyz", "Text: x y z", (".xyz",), ("Point clouds",), read, write_xyz),
    Format("xyzn", "Text: x y z, normals", (".xyzn",), ("Point clouds",), read),
    Format("xyzrgb", "Text: x y z, colours", (".xyzrgb",), ("Point clouds",), read),
    Format("pts", "Leica scan as text", (".pts",), ("Point clouds",), read),
    Format("txt", "Text", (".txt",), ("Point clouds",), read, write_txt),
    Format("csv", "Comma-separated values", (".csv",), ("Point clouds",), read, write_csv),
)
