"""A request to read a shape."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.editing.selection import Selection


@dataclass(frozen=True)
class ReadRequest:
    """The file of a shape, and what to read of it.

    ``dataset`` and ``row`` choose a cloud in a file of several, ``columns`` are those of a text file as for
    ``--columns``, and ``kept`` are the points to keep, None for all.
    """

    path: str
    dataset: str | None = None
    row: int | None = None
    columns: str | None = None
    kept: Selection | None = None
