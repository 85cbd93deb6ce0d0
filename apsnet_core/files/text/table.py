"""Read the numbers of a text file: at once by numpy if all lines are plain, else cell by cell."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.files.columns import Column
from apsnet_core.files.errors import ReadError
from apsnet_core.files.text.layout import COMMENTS, Layout, is_missing, is_number, lines_of
from apsnet_core.placing import counted

_ROWS = 20_000  # read cell by cell at a time


def read_table(path: Path, layout: Layout) -> tuple[list[Column | None], tuple[str, ...]]:
    """The columns (n,), None for columns of text, and notes on them.

    Raises ReadError, which names the line that is longer or shorter than the first, or the cell that is not a
    number.
    """
    words = {k for k, word in enumerate(layout.first[: layout.width]) if not is_number(word)}
    table = None if words or layout.rest else _at_once(path, layout)
    heads: list[tuple[int, int]] = []
    if table is None:
        table, heads = _by_cells(path, layout, words)
    notes = _scans(len(table), heads, layout, path) if layout.announced is not None else ()
    columns = [None if k in words else _typed(table[:, k], layout, k, path) for k in range(layout.width)]
    if layout.rest:
        notes += (f"what follows column {layout.width} of each line left out",)
    if words:
        names = [layout.names[k] if layout.names else f"column {k + 1}" for k in sorted(words)]
        notes += (f"{counted(len(names), 'column')} of text left out: {', '.join(names)}",)
    return columns, notes


def _at_once(path: Path, layout: Layout) -> Float64 | None:
    """All numbers (n, k), or None if a line is not plain numbers like the first."""
    with warnings.catch_warnings(), path.open(encoding=layout.encoding) as stream:
        warnings.simplefilter("error", UserWarning)  # "input contained no data"
        lines = (line.replace(",", ".") for line in islice(stream, layout.skip, None))
        try:
            table: Float64 = np.loadtxt(
                lines if layout.decimal_comma else path,  # a path is parsed much faster
                np.float64,
                comments=None,
                delimiter=layout.separator,
                skiprows=0 if layout.decimal_comma else layout.skip,
                encoding=layout.encoding,
                quotechar='"',
                ndmin=2,
            )
        except (ValueError, UserWarning):
            return None
    return table if table.shape[1] == layout.width else None


def _by_cells(path: Path, layout: Layout, text: set[int]) -> tuple[Float64, list[tuple[int, int]]]:
    """All numbers (n, k), with NaN for missing values and for the columns ``text``.

    The second result is for .pts files of several scans: for each further count, the number of points before
    it, and the count.
    """
    parts: list[Float64] = []
    heads: list[tuple[int, int]] = []
    rows = _rows(path, layout, heads)
    while block := list(islice(rows, _ROWS)):
        numbers = np.full((len(block), layout.width), np.nan)
        for k in set(range(layout.width)) - text:
            cells = [cells[k] for _, cells in block]
            try:
                numbers[:, k] = np.array(cells, dtype=np.float64)
            except ValueError:
                numbers[:, k] = [_number(row[k], line, k, path) for line, row in block]
        parts.append(numbers)
    return np.concatenate(parts), heads


def _rows(path: Path, layout: Layout, heads: list[tuple[int, int]]) -> Iterator[tuple[int, list[str]]]:
    """The line number, from 1, and the cells of each point.

    The counts between the scans of a .pts file are appended to ``heads``.
    """
    count = 0
    for number, line in enumerate(lines_of(path, layout.encoding), 1):
        text = line.strip()
        if number <= layout.skip or not text or text.startswith(COMMENTS):
            continue
        cells = layout.words(text)
        if len(cells) == 1 and layout.announced is not None and cells[0].isdigit():
            heads.append((count, int(cells[0])))
            continue
        if len(cells) != layout.width and not (layout.rest and len(cells) > layout.width):
            raise ReadError(
                path,
                f"line {number} has {counted(len(cells), 'column')} and the first point has "
                f"{layout.width}; all must have as many",
            )
        count += 1
        yield number, cells[: layout.width]


def _number(cell: str, line: int, k: int, path: Path) -> float:
    if is_missing(cell):
        return np.nan
    if not is_number(cell):
        raise ReadError(path, f"{cell[:40]!r} is not a number (line {line}, column {k + 1})")
    return float(cell)


def _scans(points: int, heads: list[tuple[int, int]], layout: Layout, path: Path) -> tuple[str, ...]:
    """A note on the scans of a .pts file. Raises ReadError unless each has as many points as it announces."""
    announced = [layout.announced, *(count for _, count in heads)]
    ends = [*(end for end, _ in heads), points]
    sizes = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    for scan, (size, wanted) in enumerate(zip(sizes, announced, strict=True), 1):
        if size != wanted:
            which = f"the first line of scan {scan}" if heads else "its first line"
            raise ReadError(path, f"{which} announces {wanted} points and {size} follow; they must agree")
    if not heads:
        return ()
    return (f"{len(sizes)} scans put together, of {', '.join(f'{size:,}' for size in sizes)} points",)


def _typed(values: Float64, layout: Layout, k: int, path: Path) -> Column:
    """The column as integers if its numbers are written as whole numbers (an index, a class, a colour)."""
    if not layout.first[k].strip("+-").isdigit():
        return values
    with np.errstate(invalid="ignore"):
        if not (values == np.floor(values)).all() or np.abs(values).max() > 2.0**64:
            return values
    if np.abs(values).max() < 2.0**53:
        return values.astype(np.int64)
    try:
        whole = [int(cells[k]) for _, cells in _rows(path, layout, [])]
    except ValueError:
        return values
    for integers in (np.iinfo(np.int64), np.iinfo(np.uint64)):
        if integers.min <= min(whole) and max(whole) <= integers.max:
            return np.array(whole, dtype=integers.dtype)
    return values
