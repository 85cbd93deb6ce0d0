"""Parse text with numbers, many lines at once: count the words of each line, and convert all numbers."""

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
BYTE_MARK = b"\xef\xbb\xbf"  # the UTF-8 byte order mark, which Windows writes before text
_COMMENT = re.compile(rb"#[^\n]*")


def unified(data: bytes) -> bytes:
    """The text with its line ends CR LF and CR replaced by LF, and without a byte order mark."""
    data = data.removeprefix(BYTE_MARK)
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def without_comments(text: bytes) -> bytes:
    """The text without the comment after a # in each line; empty lines are kept."""
    return _COMMENT.sub(b"", text) if b"#" in text else text


def first_word(line: bytes) -> tuple[bytes, str]:
    """The first word of a line, and the text after the blanks or tabs behind it.

    >>> first_word(b"usemtl  old wood")
    (b'usemtl', 'old wood')
    """
    words = line.split(maxsplit=1)
    return (words[0] if words else b""), (words[1] if len(words) > 1 else b"").decode(
        "utf-8", "replace"
    ).strip()


def words_per_line(text: bytes) -> Int64:
    """The number of words in each line (lines,) of a text whose lines end with LF."""
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
    """All words of a text as numbers, or None if one of them is not a number."""
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
    """The error sentence that names the first word of a text that is not a number.

    ``first_line`` is the number of the text's first line in the file.
    """
    for line, words in enumerate(text.split(b"\n"), first_line):
        for word in words.split():
            if numbers(word) is None:
                hint = "; decimals are written with a point, not a comma" if b"," in word else ""
                return f"line {line} has {excerpt(word)} where a number is needed{hint}"
    return "it contains a word that is not a number"


def typed(values: Float64, dtype: DType, name: str, path: Path) -> Column:
    """Numbers read from text, converted to the type ``dtype`` that the file declares.

    Raises ReadError if an integer type cannot hold one of them.
    """
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
    """The first 40 bytes of some text in a file, quoted for a sentence."""
    return repr(text[:40].decode(errors="replace"))
