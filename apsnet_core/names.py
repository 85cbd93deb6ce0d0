"""Names for runs, weights and pictures that every file system accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

LONGEST = 200
"""The longest name in bytes: file systems accept 255, and a number or a suffix may be appended."""

_CONTROLS = "".join(map(chr, (*range(32), 127)))  # a user does not see a line break in a pasted text
_MARKS = '/\\:*?"<>|' + _CONTROLS


def trouble_with(name: str) -> str:
    """The reason why ``name`` cannot name a file or folder, as the end of a sentence; empty if it can."""
    if set(name) & set(_MARKS) or name.startswith("."):
        controls = ", line breaks and tabs" if set(name) & set(_CONTROLS) else ""
        return f'{name!r} cannot name a folder: leave out / \\ : * ? " < > |{controls} and a leading dot'
    if len(name.encode(errors="replace")) > LONGEST:
        return f"'{name[:20]}…' is too long for a folder: up to {LONGEST} letters are accepted"
    return ""


def as_name(text: str) -> str:
    """``text`` with _ in place of each character that some file systems refuse."""
    return text.translate(dict.fromkeys(map(ord, _MARKS), "_"))


def own_name(text: str, taken: Iterable[str], mark: str = "_", suffix: str = "") -> str:
    """The ASCII letters and digits of ``text``, a ``mark`` for others; with a number if that is ``taken``.

    Names that differ only in case count as equal, since not every file system distinguishes them.
    """
    used = {name.lower() for name in taken}
    stem = re.sub(r"[^A-Za-z0-9]+", mark, text).strip(mark)[:LONGEST]
    names = (f"{stem}{mark}{k}{suffix}" for k in count(2))
    first = f"{stem}{suffix}"
    return first if first.lower() not in used else next(name for name in names if name.lower() not in used)
