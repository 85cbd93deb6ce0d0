"""A request to read a shape."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadRequest:
    """A file; for a file of many clouds, which one; for a text file, its columns as in ``--columns``."""

    path: str
    dataset: str | None = None
    row: int | None = None
    columns: str | None = None
