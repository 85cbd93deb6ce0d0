"""Which shape is to be read from which file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadRequest:
    """A file, in one that holds many clouds which of them, and its columns as ``--columns`` has them."""

    path: str
    dataset: str | None = None
    row: int | None = None
    columns: str | None = None
