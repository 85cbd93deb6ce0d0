"""Text that holds numbers, many lines at once: the words of each line, and the numbers of all."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64, Int64
from apsnet_core.files.columns import Column
from apsnet_core.files.errors import ReadError
from apsnet_core.types import DType

_NO_NUMBER = re.compile(rb"[-+]?(?:nan\(\w*\)|1\.#(?:ind|[qs]nan)\w*)", re.IGNORECASE)  # as Windows writes
_ENDLESS = re.compile(rb"1\.#inf\w*", re.IGNORECASE)
BYTE_MARK = b"\xef\xbb\xbf"  # that it is UTF-8, as Windows writes before text
_COMMENT = re.compile(rb"#[^\n]*")


def unified(data: bytes) -> bytes:
    """The text with LF at the end of each line, where it had CR LF or CR too, and no byte order mark."""
    data = data.removeprefix(BYTE_MARK)
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def without_comments(text: bytes) -> bytes:
    """The text without what follows a # in each line; the lines stay."""
    return _COMMENT.sub(b"", text) if b"#" in text else text


def words_per_line(text: bytes) -> Int64:
    """How many words each line of a text with LF at the end of its lines has, (lines,)."""
    if not text:
        return np.empty(0, dtype=np.int64)
    letters = np.frombuffer(text, np.uint8)
    gap = letters <= 32
    begins = ~gap
    begins[1:] &= gap[:-1]
    ends = np.flatnonzero(letters == 10)
    if not len(ends) or ends[-1] != len(letters) - 1:
        ends = np.append(ends, len(letters) - 1)
    return np.diff(np.searchsorted(np.flatnonzero(begins), ends, side="right"), prepend=0)


def numbers(text: bytes) -> Float64 | None:
    """All words of a text as numbers, None where one of them is no number."""
    if not text.strip():
        return np.empty(0)
    if b"(" in text or b"#" in text:
        text = _ENDLESS.sub(b"inf", _NO_NUMBER.sub(b"nan", text))
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            return np.fromstring(text, dtype=np.float64, sep=" ")
        except (ValueError, DeprecationWarning):
            return None


def no_number(text: bytes, first_line: int = 1) -> str:
    """Which word of a text, whose first line has that number in the file, is no number."""
    for line, words in enumerate(text.split(b"\n"), first_line):
        for word in words.split():
            if numbers(word) is None:
                hint = "; decimals are written with a point, not a comma" if b"," in word else ""
                return f"line {line} has {excerpt(word)} where a number is needed{hint}"
    return "it holds something that is no number"


def typed(values: Float64, dtype: DType, name: str, path: Path) -> Column:
    """Written-out numbers as ``dtype``, the type their file gives them; ReadError where they do not fit."""
    if dtype.kind in "iu" and len(values):
        limits = np.iinfo(dtype)
        fits = (values == np.floor(values)) & (values >= limits.min) & (values <= limits.max)
        if not fits.all():
            wrong = float(values[~fits][0])
            raise ReadError(
                path,
                f"{name!r} is declared {dtype}, a whole number from {limits.min} to {limits.max}, but one of "
                f"its values is {wrong:g}",
            )
    with np.errstate(over="ignore"):
        return values.astype(dtype)


def excerpt(text: bytes) -> str:
    """The beginning of some text of a file, short enough for a sentence."""
    return repr(text[:40].decode(errors="replace"))
