"""A table as it is read, from which every format is written: Markdown, LaTeX, Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apsnet_core.types import Values

ABSENT = "–"


@dataclass(frozen=True)
class Cell:
    """What is read, ``text``; the ``number`` behind it, in the unit of the head, for spreadsheets.

    ``bold`` marks the best; ``why`` says in a sentence why there is nothing.
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
    """The head of a column: its ``title`` and its ``unit``; ``words`` where no numbers stand below."""

    title: str
    unit: str = ""
    words: bool = False

    @property
    def text(self) -> str:
        """Title and unit in one line."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True)
class Sheet:
    """``rows`` under ``heads``, a ``title`` above; ``notes`` below, a sentence each.

    Where a row has ``starts`` a rule is drawn above it.
    """

    name: str
    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    starts: frozenset[int] = frozenset()

    @property
    def reasons(self) -> dict[str, int]:
        """Why cells are empty: each sentence once, with the number by which the cells point to it."""
        said = dict.fromkeys(cell.why for row in self.rows for cell in row if cell.why)
        return {why: number for number, why in enumerate(said, start=1) if why}

    def marked(self, cell: Cell) -> str:
        """The text of a cell; of an empty one with the number of its reason."""
        return f"{cell.text} [{self.reasons[cell.why]}]" if cell.why else cell.text

    @property
    def footnotes(self) -> list[str]:
        """The reasons by number, then the notes."""
        return [*(f"[{number}] {why}" for why, number in self.reasons.items()), *self.notes]


def head_of(key: str, units: Mapping[str, str]) -> str:
    """The name of a column for programs, with its unit in brackets where it has one."""
    return f"{key} [{units[key]}]" if units.get(key) else key


def keys_of(records: Sequence[Values]) -> list[str]:
    """The names of all values, in their order."""
    return list(dict.fromkeys(key for record in records for key in record))
