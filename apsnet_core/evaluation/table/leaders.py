"""The results of a table: the methods that are better than all others, and the confusion matrices."""

from __future__ import annotations

from collections.abc import Iterable
from math import comb

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.evaluation.table.differences import LEVEL, Difference, holm, paired_bootstrap
from apsnet_core.evaluation.table.pairs import Pair
from apsnet_core.evaluation.table.table import Table
from apsnet_core.tasks.registry import metric as metric_named


def leaders(table: Table) -> set[tuple[str, int]]:
    """The methods, by label and size, that the paired tests find better than every other of their size.

    The p value of each difference is adjusted after Holm. If not all pairs were tested, the best method of
    each size is tested here against the others of its size.
    """
    of_size = {m: [row.label for row in table.rows if row.m == m] for m in {row.m for row in table.rows}}
    pairs = [(pair.m, winner(pair)) for pair in table.pairs]
    if any(len([m for m, _ in pairs if m == size]) < comb(len(own), 2) for size, own in of_size.items()):
        pairs = _tested(table, of_size)
    return {
        (label, m)
        for m, labels in of_size.items()
        for label in labels
        if len(labels) > 1 and pairs.count((m, label)) >= len(labels) - 1
    }


def _tested(table: Table, of_size: dict[int, list[str]]) -> list[tuple[int, str | None]]:
    """The size and winner of each test of a size's best method against another one; None for no winner."""
    metric = metric_named(table.metric)
    sign = 1.0 if metric.higher else -1.0
    tests: list[tuple[int, str, Difference]] = []
    for m, labels in of_size.items():
        first = max(labels, key=lambda label: sign * float(table.runs[label, m].mean()))
        tests += [
            (m, first, paired_bootstrap([(sign, table.runs[first, m]), (-sign, table.runs[other, m])]))
            for other in labels
            if other != first
        ]
    adjusted = holm([found.p for _, _, found in tests])
    return [(m, first if p < LEVEL else None) for (m, first, _), p in zip(tests, adjusted, strict=True)]


def winner(pair: Pair) -> str | None:
    """The label of the better method, None if the test is not significant."""
    if pair.holm >= LEVEL:
        return None
    return pair.first if pair.difference.value > 0 else pair.second


def every_pair(methods: Iterable[str]) -> list[tuple[str, str]]:
    """Each pair of different methods once, in their order."""
    names = list(dict.fromkeys(methods))
    return [(first, second) for i, first in enumerate(names) for second in names[i + 1 :]]


def confusion(table: Table, label: str, m: int) -> Int64:
    """The confusion matrix (C, C) of the first seed: true classes in rows, answers for samples in columns.

    ``KeyError`` if the task net gives no classes.
    """
    count = len(table.held_out.classes)
    counts = np.zeros((count, count), np.int64)
    np.add.at(counts, (table.held_out.labels, table.answers[label, m].astype(np.int64)), 1)
    return counts
