"""What a run, weights or a picture can be called: names that every file system takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

LONGEST = 200
"""In bytes: file systems take 255, and a number or a suffix may come behind it."""

_CONTROLS = "".join(map(chr, (*range(32), 127)))  # a line break that came with a copied text is not seen
_MARKS = '/\\:*?"<>|' + _CONTROLS


def trouble_with(name: str) -> str:
    """Why ``name`` cannot name a file or folder, to be read after what it names; empty if it can."""
    if set(name) & set(_MARKS) or name.startswith("."):
        controls = ", line breaks and tabs" if set(name) & set(_CONTROLS) else ""
        return f'{name!r} cannot name a folder: leave out / \\ : * ? " < > |{controls} and a leading dot'
    if len(name.encode(errors="replace")) > LONGEST:
        return f"is too long for a folder: up to {LONGEST} letters are accepted"
    return ""


def as_name(text: str) -> str:
    """``text`` with _ in place of what no file system takes."""
    return text.translate(dict.fromkeys(map(ord, _MARKS), "_"))


def own_name(text: str, taken: Iterable[str], mark: str = "_", suffix: str = "") -> str:
    """The ASCII letters and digits of ``text``, a ``mark`` for others; numbered where that is ``taken``.

    Capitals do not make it another name: not every file system tells them apart.
    """
    used = {name.lower() for name in taken}
    stem = re.sub(r"[^A-Za-z0-9]+", mark, text).strip(mark)[:LONGEST]
    names = (f"{stem}{mark}{k}{suffix}" for k in count(2))
    first = f"{stem}{suffix}"
    return first if first.lower() not in used else next(name for name in names if name.lower() not in used)
