"""What a run or weights can be called: names that every file system takes."""

from __future__ import annotations

LONGEST = 200
"""In bytes: file systems take 255, and a number or a suffix may come behind it."""

_MARKS = '/\\:*?"<>|\0'


def trouble_with(name: str) -> str:
    """Why ``name`` cannot name a file or folder, to be read after what it names; empty if it can."""
    if set(name) & set(_MARKS) or name.startswith("."):
        return f'{name!r} cannot name a folder: leave out / \\ : * ? " < > | and a leading dot'
    if len(name.encode(errors="replace")) > LONGEST:
        return f"is too long for a folder: up to {LONGEST} letters are accepted"
    return ""


def as_name(text: str) -> str:
    """``text`` with _ in place of what no file system takes."""
    return text.translate(dict.fromkeys(map(ord, _MARKS), "_"))
