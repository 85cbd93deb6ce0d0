"""What a table decides: which methods are better than all others, and what is taken for what."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.evaluation.table.differences import LEVEL
from apsnet_core.evaluation.table.table import Pair, Table


def leaders(table: Table) -> set[tuple[str, int]]:
    """The methods, by label and size, that the paired tests find better than every other of their size.

    Holm's p of each difference counts. Where not all pairs were tested there is none.
    """
    found = set()
    for m in {row.m for row in table.rows}:
        labels = [row.label for row in table.rows if row.m == m]
        won = [_winner(pair) for pair in table.pairs if pair.m == m]
        found |= {(label, m) for label in labels if len(labels) > 1 and won.count(label) == len(labels) - 1}
    return found


def _winner(pair: Pair) -> str | None:
    """The label of the better one, None where the test does not tell."""
    if pair.holm >= LEVEL:
        return None
    return pair.first if pair.difference.value > 0 else pair.second


def every_pair(methods: Iterable[str]) -> list[tuple[str, str]]:
    """Each method against each other once, in their order."""
    names = list(dict.fromkeys(methods))
    return [(first, second) for i, first in enumerate(names) for second in names[i + 1 :]]


def confusion(table: Table, label: str, m: int) -> Int64:
    """Shapes (C, C) by their class (rows) and the class that their samples are taken for, of the first seed.

    ``KeyError`` where the task net gives no classes.
    """
    count = len(table.held_out.classes)
    counts = np.zeros((count, count), np.int64)
    np.add.at(counts, (table.held_out.labels, table.answers[label, m].astype(np.int64)), 1)
    return counts
