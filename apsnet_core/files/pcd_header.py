"""The header of a PCD file: its fields, the number of points, and how they are stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apsnet_core.files.errors import ReadError
from apsnet_core.types import DType

_KINDS = {"F": "f", "I": "i", "U": "u"}
_LONGEST = 1 << 16


@dataclass(frozen=True)
class Header:
    """A parsed header; ``start`` is the position of the body's first byte. Fields of count 0 are left out."""

    names: list[str]
    types: list[DType]
    counts: list[int]
    points: int
    height: int
    data: str
    start: int
    crs: str | None

    @property
    def row(self) -> DType:
        """The numpy type of one point in a binary file, with a field for each field in the header."""
        # Fields may share a name ("_" is padding), so they are named by their number here.
        return np.dtype(
            [(f"{k}", t, (c,)) for k, (t, c) in enumerate(zip(self.types, self.counts, strict=True))]
        )


def parse(data: bytes, path: Path) -> Header:
    """The header, after checking that its lines are consistent. Raises ReadError if they are not."""
    entries: dict[str, list[str]] = {}
    crs = None
    at = 0
    first = re.search(rb"\r\n|\n|\r", data[:_LONGEST])
    line_end = first[0] if first else b"\n"
    while "DATA" not in entries:
        end = data.find(line_end, at, _LONGEST)
        if end < 0:
            raise ReadError(path, "its header has no line 'DATA', as a PCD file has; it may be cut short")
        line = data[at:end].decode("utf-8", "replace").strip()
        at = end + len(line_end)
        if line.startswith("# crs "):
            crs = line.removeprefix("# crs ")
        words = line.split("#", 1)[0].split()
        if words:
            entries[words[0].upper()] = words[1:]
    try:
        names = entries.get("FIELDS") or entries["COLUMNS"]
        sizes = [int(word) for word in entries["SIZE"]]
        counts = [int(word) for word in entries.get("COUNT", ["1"] * len(names))]
        types = [
            np.dtype(f"<{_KINDS[kind.upper()]}{size}")
            for kind, size in zip(entries["TYPE"], sizes, strict=True)
        ]
        width, height = int(entries["WIDTH"][0]), int(entries.get("HEIGHT", ["1"])[0])
        points = int(entries.get("POINTS", [str(width * height)])[0])
        if not len(names) == len(types) == len(counts) or min([*counts, width, height, points]) < 0:
            raise ValueError("its lines do not fit together")
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise ReadError(
            path,
            f"its header cannot be understood ({error}); FIELDS, SIZE, TYPE, WIDTH and DATA are needed",
        ) from None
    if points != width * height:
        raise ReadError(path, f"its header announces {points} points, but {width} x {height} of them")
    kept = [k for k, count in enumerate(counts) if count]
    return Header(
        names=[names[k] for k in kept],
        types=[types[k] for k in kept],
        counts=[counts[k] for k in kept],
        points=points,
        height=height,
        data=entries["DATA"][0].lower() if entries["DATA"] else "",
        start=at,
        crs=crs,
    )
