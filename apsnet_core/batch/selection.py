"""Options that select the data to read from a file, as typed."""

from __future__ import annotations

from typing import TypedDict

from apsnet_core.batch.errors import SettingsError
from apsnet_core.files.many_clouds import Row

EACH = "each"
"""The value of the row option for every cloud of an array, with a result for each."""


class Selection(TypedDict):
    """The data to read from a file, as arguments of `apsnet_core.files.read`."""

    dataset: str | None
    row: Row | None
    columns: tuple[str, ...] | None
    format: str | None


def selection(
    dataset: str | None, row: str | None, columns: str | None, format: str | None, *, each: bool = False
) -> Selection:
    """The options as arguments of `read`; `SettingsError` for an invalid row, or `EACH` without ``each``."""
    if row == EACH and not each:
        raise SettingsError("--row each is for sample and convert into a folder, as OUT/")
    try:
        chosen: Row | None = None if row in (None, EACH) else "all" if row == "all" else int(row or "")
    except ValueError:
        raise SettingsError(f"a row is a whole number, all, or each, not {row!r}") from None
    return Selection(
        dataset=dataset,
        row=chosen,
        columns=None if columns is None else tuple(word.strip() for word in columns.split(",")),
        format=format,
    )
