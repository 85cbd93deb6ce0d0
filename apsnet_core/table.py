"""Tables of rows by name: the built-in ones first, then those that plug-ins offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from apsnet_core import plugins


class Named(Protocol):
    """A row: what is known of one thing."""

    @property
    def name(self) -> str:
        """What the row is called in commands and files."""


Row = TypeVar("Row", bound=Named)


class Table(Generic[Row]):
    """Rows of one ``kind`` by name. Those of the entry points ``group`` join when it is first asked.

    ``word`` is what a row is called in a sentence. ``check(row, others)`` raises ValueError, with a sentence,
    for a row that cannot be taken.
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
        """The row of that name, None where there is none."""
        if name not in self._rows:
            self._take_offers()
        return self._rows.get(name)

    def source(self, name: str) -> str | None:
        """The plug-in that a row came from, None for a built-in one."""
        return self._sources.get(name)

    def register(self, row: Row, source: str = "this program") -> None:
        """Add a row; ValueError where its name is taken or it cannot be used."""
        if row.name in self._rows:
            raise ValueError(f"there is a {self._word} named {row.name!r} already")
        self._check(row, self._rows.values())
        self._rows[row.name] = row
        self._sources[row.name] = source

    def unregister(self, name: str) -> None:
        """Take a registered row out again; KeyError where there is none."""
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
