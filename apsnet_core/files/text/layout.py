"""Detect the layout of a text file from its first lines: encoding, separator, header, decimal commas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from apsnet_core.files.column_names import places_points
from apsnet_core.files.errors import ReadError

_PREAMBLE = 100_000  # lines of comments before the first point
_LONGEST_LINE = 1 << 20
MOST_COLUMNS = 1000
COMMENTS = ("#", "//", "%")
_REMARK = re.compile(r"(?:^|\s)#.*", re.DOTALL)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)
_NOT_A_NUMBER = re.compile(r"[+-]?(nan(\(.*\))?|1\.#(qnan|snan|ind|inf).*|n/?a|null|none|)", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The layout of the lines in a file; ``skip`` lines precede the first point.

    ``separator`` None means blanks and tabs. ``first`` are the words of the first point. ``rest`` means that
    the lines have more cells after the named columns, in varying number (the tracks of COLMAP).
    ``announced`` is the number of points in the first line of a .pts file. ``numbered`` means that the line
    before the first point, 0,1,2, numbers the columns.
    """

    encoding: str
    skip: int
    separator: str | None
    decimal_comma: bool
    names: list[str] | None
    first: list[str]
    announced: int | None = None
    rest: bool = False
    numbered: bool = False

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names) if self.rest and self.names else len(self.first)

    def words(self, line: str) -> list[str]:
        """The cells of a line, without quotes and comments, and with decimal points instead of commas."""
        text = _REMARK.sub("", line).strip()
        if '"' in text and self.separator is not None:  # a separator inside quotes belongs to the cell
            cells = next(csv.reader([text], delimiter=self.separator, skipinitialspace=True))
        else:
            cells = text.split(self.separator)
        cells = [cell.strip().strip('"') for cell in cells]
        if (len(cells) > self.width > 0 and cells[-1] == "") or (not self.first and cells[-1] == ""):
            cells.pop()
        return cells if self.separator == "," else [cell.replace(",", ".") for cell in cells]


def encoding_of(path: Path) -> str:
    """The encoding of a file: by its byte order mark, else UTF-8 if its beginning is valid, else cp1252."""
    with path.open("rb") as stream:
        start = stream.read(1 << 16)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        start[: start.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a file with any line ends (LF, CR LF, CR). A line that is too long is cut and ends it."""
    with path.open(encoding=encoding, errors="replace") as stream:
        while line := stream.readline(_LONGEST_LINE):
            yield line
            if len(line) >= _LONGEST_LINE:
                return


def look(path: Path) -> Layout:
    """The layout, detected from the lines up to the first point. Raises ReadError if there is no point."""
    encoding = encoding_of(path)
    names: list[str] | None = None
    comments: list[str] = []
    announced: int | None = None
    above: Layout | None = None  # the layout of a first line that may only number the columns
    for number, line in enumerate(islice(lines_of(path, encoding), _PREAMBLE)):
        text = line.strip()
        if len(line) >= _LONGEST_LINE or _BINARY.search(text):
            break
        if not text or text.startswith(COMMENTS):
            comments.append(text.lstrip("#/% "))
            continue
        separator, decimal_comma = separator_of(text)
        layout = Layout(encoding, number, separator, decimal_comma, names, [], announced)
        words = layout.words(text)
        numbers = [is_number(word) for word in words]
        if names is None and announced is None and not all(numbers[:3]) and not any(map(_is_written, words)):
            names = words
        elif names is None and not words[0] and _counts(words[1:]):
            names = words  # pandas writes numbers for missing column names, and an index column
        elif not all(numbers) and sum(numbers) < 3:
            raise ReadError(path, f"line {number + 1} is not numbers ({text[:40]!r}); x, y and z must be")
        elif len(words) == 1 and announced is None and names is None and words[0].isdigit():
            announced = int(words[0])
        elif len(words) > MOST_COLUMNS:
            raise ReadError(
                path,
                f"its lines have {len(words):,} columns; up to {MOST_COLUMNS:,} are accepted, one point "
                "a line",
            )
        else:
            layout = replace(layout, first=words)
            if above is not None:
                if all("." in word or is_missing(word) for word in words):
                    return replace(layout, numbered=True)
                layout = above
            elif names is None and announced is None and separator is not None and _counts(words):
                above = layout
                continue
            return layout if names else _named_in(comments, layout)
    if above is not None:
        return _named_in(comments, above)
    raise ReadError(
        path, "it holds no lines of numbers; one point a line, such as '1.0 2.0 3.0', would be accepted"
    )


def _counts(words: list[str]) -> bool:
    """Whether the cells of a line number the columns from 0, as pandas writes for columns without names."""
    return len(words) >= 3 and words == [str(k) for k in range(len(words))]


def _is_written(word: str) -> bool:
    """Whether a cell holds a number and not a marker of a missing value."""
    return is_number(word) and not is_missing(word)


def _named_in(comments: list[str], layout: Layout) -> Layout:
    """The layout with column names from one of the leading comments, if one contains them."""
    for comment in reversed(comments):
        before, tracks, _ = comment.partition("[]")
        separator = separator_of(before)[0]
        names = [word.strip().strip('"') for word in before.split(separator)]
        if not places_points(names):
            continue
        if tracks and len(names) - 1 <= len(layout.first):
            return replace(layout, names=names[:-1], rest=True)
        if len(names) == len(layout.first):
            return replace(layout, names=names)
    return layout


def separator_of(text: str) -> tuple[str | None, bool]:
    """The separator between the cells of a line (None: blanks), and whether it has decimal commas."""
    if ";" in text:
        return ";", "," in text
    blank = "\t" if "\t" in text and " " not in text.strip() else None
    if "," in text:
        words = text.split(blank)
        if len(words) >= 3 and all(_DECIMAL_COMMA.fullmatch(w) or "," not in w for w in words):
            return blank, True
        return ",", False
    return blank, False


def is_number(word: str) -> bool:
    """Whether a cell is a number or a marker of a missing value."""
    try:
        float(word)
    except ValueError:
        return _NOT_A_NUMBER.fullmatch(word) is not None
    return "_" not in word


def is_missing(word: str) -> bool:
    """Whether a cell marks a missing value: empty, NaN, -nan(ind), 1.#QNAN, NA, null."""
    return _NOT_A_NUMBER.fullmatch(word) is not None
