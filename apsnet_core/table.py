"""Tables of rows by name: built-in rows first, then rows of plug-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from apsnet_core import plugins


class Named(Protocol):
    """A row of a table."""

    @property
    def name(self) -> str:
        """The name of the row in commands and files."""


Row = TypeVar("Row", bound=Named)


class Table(Generic[Row]):
    """Rows of one ``kind`` by name; reading the table adds the rows of the entry points ``group``.

    ``word`` is the noun for a row in sentences. ``check(row, others)`` raises ValueError, with a sentence,
    for an invalid row.
    """

    def __init__(
        self,
        kind: type[Row],
        group: str,
        word: str,
        rows: Iterable[Row],
        check: Callable[[Row, Iterable[Row]], None] = lambda row, others: None,
    ) -> None:
        self._kind, self._group, self._word, self._check = kind, group, word, check
        self._rows: dict[str, Row] = {row.name: row for row in rows}
        self._sources: dict[str, str] = {}
        self._taken: set[int] = set()

    def rows(self) -> tuple[Row, ...]:
        """All rows, those of plug-ins last."""
        self._take_offers()
        return tuple(self._rows.values())

    def get(self, name: str) -> Row | None:
        """The row of that name, None if there is none."""
        if name not in self._rows:
            self._take_offers()
        return self._rows.get(name)

    def source(self, name: str) -> str | None:
        """The plug-in of a row, None for a built-in row."""
        return self._sources.get(name)

    def register(self, row: Row, source: str = "this program") -> None:
        """Add a row; ValueError if its name is taken or the row is invalid."""
        if row.name in self._rows:
            raise ValueError(f"there is a {self._word} named {row.name!r} already")
        self._check(row, self._rows.values())
        self._rows[row.name] = row
        self._sources[row.name] = source

    def unregister(self, name: str) -> None:
        """Remove a registered row; ValueError for a built-in row and for an unknown name."""
        if name not in self._sources:
            why = "is built in and stays" if name in self._rows else "is not registered"
            raise ValueError(f"the {self._word} {name!r} {why}")
        del self._sources[name]
        del self._rows[name]

    def _take_offers(self) -> None:
        for offer in plugins.offers(self._group, self._kind):
            if id(offer.row) in self._taken:
                continue
            self._taken.add(id(offer.row))
            if self._rows.get(offer.row.name) is offer.row:  # a file may import a built-in row
                continue
            try:
                self.register(offer.row, offer.source)
            except ValueError as why:
                plugins.report(f"{offer.source}: {why}; it was left out")
