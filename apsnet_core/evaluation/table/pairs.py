"""Two methods at one size on the same shapes: which is better, and whether that is chance."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.differences import Difference, holm, kept, paired_bootstrap
from apsnet_core.evaluation.table.statistics import mcnemar, wilcoxon_signed_rank
from apsnet_core.tasks.metric import Metric
from apsnet_core.types import Mask


@dataclass(frozen=True)
class Pair:
    """Two methods at one size, by their labels: how many shapes each is better on, and by how much.

    ``difference`` is by how much the first is better than the second, over shapes and seeds, in the metric;
    ``without_twins`` the same without these. ``p`` is the ``test``'s, of one seed; ``holm`` that of
    ``difference``, adjusted for all pairs of the table.
    """

    first: str
    second: str
    m: int
    test: str
    first_better: int
    second_better: int
    p: float
    difference: Difference
    without_twins: Difference | None
    holm: float = 1.0


def tested(first: tuple[str, Float64], second: tuple[str, Float64], m: int, how: Metric, own: Mask) -> Pair:
    """Two rows of size ``m``, a label and the values (seeds, S) each; ``own`` (S,) have no near twin."""
    test = mcnemar if how.right else wilcoxon_signed_rank
    found = test(first[1][0], second[1][0])
    sign = 1.0 if how.higher else -1.0
    terms = [(sign, first[1]), (-sign, second[1])]
    without = None if own.all() or not own.any() else paired_bootstrap(kept(terms, own))
    return Pair(
        first[0],
        second[0],
        m,
        **vars(found),
        difference=paired_bootstrap(terms),
        without_twins=without,
    )


def adjusted(pairs: list[Pair]) -> list[Pair]:
    """The pairs, each with its p among all of them."""
    among_all = holm([pair.difference.p for pair in pairs])
    return [replace(pair, holm=p) for pair, p in zip(pairs, among_all, strict=True)]
