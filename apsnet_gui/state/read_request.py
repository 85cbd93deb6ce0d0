"""A request to read a shape."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.editing.selection import Selection


@dataclass(frozen=True)
class ReadRequest:
    """A file; for a file of many clouds, which one; for a text file, its columns as in ``--columns``.

    ``kept`` are the points that are wanted of it, None for all.
    """

    path: str
    dataset: str | None = None
    row: int | None = None
    columns: str | None = None
    kept: Selection | None = None
