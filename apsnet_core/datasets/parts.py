"""Find the part (training, validation or test) of a shape from its path or from official lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

Part = Literal["train", "validation", "test"]

_WORDS: dict[str, Part] = {
    **dict.fromkeys(("train", "training", "trainval"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
OFFICIAL = "train_test_split"
"""The folder of ShapeNet's lists of parts."""
_LISTS = ("*.txt", f"{OFFICIAL}/*.json", "*.json")
_WORD = re.compile(r"[a-z]+")


def part_of(word: str) -> Part | None:
    """The part that a folder with this name contains, or None."""
    return _WORDS.get(word.lower())


def part_in(name: str) -> Part | None:
    """The part in a file's name, as in ``modelnet40_train.txt`` or ``training_objectdataset.h5``, or None."""
    found = [_WORDS[word] for word in _WORD.findall(name.lower()) if word in _WORDS]
    return found[0] if found else None


def official_parts(folder: Path) -> dict[str, Part]:
    """The parts of shapes in the lists in ``folder``, by the shapes' file names without extension.

    Lists are ``*_train.txt`` with a name or path per line, and ShapeNet's ``train_test_split/*.json``.
    """
    parts: dict[str, Part] = {}
    for pattern in _LISTS:
        for path in sorted(folder.glob(pattern)):
            part = part_in(path.stem)
            if part is not None:
                parts |= dict.fromkeys((_stem(line) for line in _entries(path)), part)
    return parts


def _entries(path: Path) -> Iterable[str]:
    try:
        text = path.read_text(encoding="utf-8")
        entries = json.loads(text) if path.suffix == ".json" else text.split("\n")
    except (OSError, ValueError, RecursionError):  # the file is not a list of shapes
        return []
    return [entry.strip() for entry in entries if isinstance(entry, str) and entry.strip()]


def _stem(entry: str) -> str:
    last = re.split(r"[/\\]", entry)[-1]
    return last.partition(".")[0]
