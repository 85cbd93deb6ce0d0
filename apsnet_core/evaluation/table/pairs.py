"""Paired tests of two methods at one size on the same shapes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.differences import Difference, holm, kept, paired_bootstrap
from apsnet_core.evaluation.table.statistics import mcnemar, wilcoxon_signed_rank
from apsnet_core.tasks.metric import Metric
from apsnet_core.types import Mask


@dataclass(frozen=True)
class Pair:
    """Two methods at one size, by their labels: the numbers of shapes on which each is better, and tests.

    ``difference`` is the advantage of the first over the second, over shapes and seeds, in the metric;
    ``without_twins`` is the same without shapes that have a twin. ``p`` is the p value of the ``test``, which
    uses one seed; ``holm`` is that of ``difference``, adjusted for all pairs of the table.
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
    """Test two rows of size ``m``, each a label and values (seeds, S); ``own`` (S,) are without twins."""
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
    """The pairs, each with its p value adjusted for all of them."""
    among_all = holm([pair.difference.p for pair in pairs])
    return [replace(pair, holm=p) for pair, p in zip(pairs, among_all, strict=True)]
