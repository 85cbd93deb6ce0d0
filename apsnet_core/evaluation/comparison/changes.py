"""The differences between a sample of a comparison and the reference's, for the page's views and in words."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Float32
from apsnet_core.evaluation.comparison.comparison import Comparison, ComparisonRow
from apsnet_core.evaluation.comparison.reference import Reference, answers_beside
from apsnet_core.evaluation.moved import moved
from apsnet_core.evaluation.shown import attention_of
from apsnet_core.page.change import Change
from apsnet_core.sampling import Sampling


def change_of(
    comparison: Comparison, row: ComparisonRow, sampling: Sampling, reference: Reference | None
) -> Change | None:
    """The difference from the reference's sample; None if there is no reference for this row."""
    found = _beside(comparison, row, reference)
    if found is None:
        return None
    _, first = found
    changes = moved(first, sampling)
    pairs = changes.pairs.copy()
    pairs[:, 1] = np.flatnonzero(changes.new)[pairs[:, 1]]
    own, other = attention_of(sampling), attention_of(first)

    def more(points: Float32) -> Float32:
        assert own is not None and other is not None
        found: Float32 = own(points).mean(axis=0) - other(points).mean(axis=0)
        return found

    return Change(changes.new, changes.lost, pairs, more if own and other else None)


def said_of(comparison: Comparison, row: ComparisonRow, reference: Reference | None) -> str:
    """Sentences on the difference; empty if there is no reference for this row."""
    found = _beside(comparison, row, reference)
    if found is None or reference is None:
        return ""
    other, first = found
    own = next(sampling for each, sampling in comparison.pairs if each is row)
    parts = f"beside {reference.words}:", moved(first, own).words, answers_beside(row, other)
    return " ".join(filter(None, parts))


def _beside(
    comparison: Comparison, row: ComparisonRow, reference: Reference | None
) -> tuple[ComparisonRow, Sampling] | None:
    other = reference.beside(row, comparison.rows) if reference else None
    return next((pair for pair in comparison.pairs if pair[0] is other), None) if other else None
