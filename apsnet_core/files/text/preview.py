"""The first lines of a text file, shown to the user to name its columns."""

from __future__ import annotations

import zlib
from itertools import islice
from pathlib import Path

from apsnet_core.files.format import Preview
from apsnet_core.files.text.layout import lines_of, look

_ROWS = 12
_LONGEST_CELL = 40


def preview(path: Path, kind: str) -> Preview:
    """The first lines of a file as cells. Raises ReadError if it contains no lines of numbers."""
    layout = look(path)
    rows = []
    for line in islice(lines_of(path, layout.encoding), layout.skip, layout.skip + _ROWS):
        if cells := layout.words(line)[: layout.width]:
            rows.append(tuple(cell[:_LONGEST_CELL] for cell in cells))
    names = tuple(layout.names or ())
    header = zlib.crc32("\n".join(names).encode())
    return Preview(tuple(rows), names, f"{kind}-{layout.width}-{header:08x}")
