"""A table for display, from which every format is written: Markdown, LaTeX, Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apsnet_core.types import Values

ABSENT = "–"


@dataclass(frozen=True)
class Cell:
    """The displayed ``text``, and the ``number`` behind it, in the unit of the head, for spreadsheets.

    ``bold`` marks the best value; ``why`` is a sentence on why there is no value.
    """

    text: str
    number: float | None = None
    bold: bool = False
    why: str | None = None

    @classmethod
    def absent(cls, why: str | None = None) -> Cell:
        """A cell without a number."""
        return cls(ABSENT, why=why)


@dataclass(frozen=True)
class Head:
    """The head of a column: its ``title`` and ``unit``; ``words`` if the column has text, not numbers."""

    title: str
    unit: str = ""
    words: bool = False

    @property
    def text(self) -> str:
        """Title and unit in one line."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True)
class Sheet:
    """``rows`` under ``heads``, a ``title`` above, and ``notes`` below, one sentence each.

    A rule is drawn above each row whose number is in ``starts``.
    """

    name: str
    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    starts: frozenset[int] = frozenset()

    @property
    def reasons(self) -> dict[str, int]:
        """The reasons of empty cells: each sentence once, with the number that cells refer to."""
        said = dict.fromkeys(cell.why for row in self.rows for cell in row if cell.why)
        return {why: number for number, why in enumerate(said, start=1) if why}

    def marked(self, cell: Cell) -> str:
        """The text of a cell, with the number of its reason if it is empty."""
        return f"{cell.text} [{self.reasons[cell.why]}]" if cell.why else cell.text

    @property
    def footnotes(self) -> list[str]:
        """The numbered reasons, then the notes."""
        return [*(f"[{number}] {why}" for why, number in self.reasons.items()), *self.notes]


def head_of(key: str, units: Mapping[str, str]) -> str:
    """The name of a column for programs, with its unit in brackets if it has one."""
    return f"{key} [{units[key]}]" if units.get(key) else key


def keys_of(records: Sequence[Values]) -> list[str]:
    """The names of all values, in the order of their first occurrence."""
    return list(dict.fromkeys(key for record in records for key in record))
