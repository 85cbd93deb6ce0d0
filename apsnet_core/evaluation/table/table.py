"""A dataset, many methods and sizes: Table 1, 2 or 5 of the paper, with what its numbers are worth."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.evaluation.table.contenders import ABLATIONS, Contender
from apsnet_core.evaluation.table.differences import Difference, holm, kept, paired_bootstrap
from apsnet_core.evaluation.table.examples import examples
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.scored import Scored
from apsnet_core.evaluation.table.scoring import Source, Want, score
from apsnet_core.evaluation.table.statistics import (
    mcnemar,
    mean_interval,
    mean_of_some,
    wilcoxon_signed_rank,
    wilson_interval,
)
from apsnet_core.methods.learned import open_network
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks.digest import network_digest
from apsnet_core.notebook import framed
from apsnet_core.ops.orientation import up_turn
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.types import Mask
from apsnet_core.weights import Entry


@dataclass(frozen=True)
class TableRow:
    """One method at one size. ``value`` is the mean over shapes and seeds, ``low`` to ``high`` 95 %.

    Accuracies are fractions, rotation errors degrees. ``spread`` is the standard deviation of the means over
    ``seeds``, None for one seed. ``without_twins`` leaves out shapes with a near-identical one in train.
    ``doubled`` is twice the rotation error, for Table 5; ``published`` is the paper's number, in that form.
    ``weights_hash`` is of their tensors.
    """

    method: str
    variant: str | None
    weights: str | None
    weights_hash: str | None
    label: str
    m: int
    metric: str
    value: float
    spread: float | None
    seeds: int
    low: float
    high: float
    without_twins: float | None
    doubled: float | None
    published: float | None
    per_class: dict[str, float]


@dataclass(frozen=True)
class Pair:
    """Two methods at one size, by their labels: how many shapes each is better on, and by how much.

    ``difference`` is by how much the first is better than the second, over shapes and seeds, in the metric;
    ``without_twins`` the same without these. ``p`` is the exact ``test``'s, of one seed; ``holm`` that of
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Table(Scored):
    """``rows``; ``full`` is the task net's own score on all points; ``notes`` say what is missing and why.

    ``full_shapes`` (S,) are the values on all points. ``untrained`` are methods without weights, with a
    sentence.
    """

    net: str
    net_hash: str
    full: float
    full_without_twins: float | None
    rows: list[TableRow]
    pairs: list[Pair]
    notes: list[str]
    full_shapes: Float64
    untrained: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Table of {self.metric}: {len(self.rows)} rows on {len(self.full_shapes)} shapes>"

    def _repr_html_(self) -> str:
        clouds, views = examples(self)
        return framed(repr(self), clouds, views, up_turn(self.up, "z"))


def evaluate(
    held_out: HeldOut,
    net: TaskNet,
    methods: Sequence[Contender],
    *,
    seeds: int = 3,
    paired: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
    untrained: Mapping[str, str] | None = None,
    memory: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Table:
    """The table of ``methods``; those that are drawn by a seed as the mean of so many ``seeds``.

    A method with several weights for a size is the mean of them.

    ``paired`` names pairs of contenders, by `Contender.text`, to be tested against each other at every size.
    ``untrained`` are rows without numbers. See `score` for ``memory`` and ``progress``. ``ValueError`` for
    more points than the clouds have.
    """
    if (largest := max((m for _, m in _cells(methods)), default=0)) > held_out.points:
        raise ValueError(f"{held_out.name} has {held_out.points} points per shape here, not {largest}")
    sources = sources_of(methods, seeds)
    scores = score(held_out, net, list(sources.values()), memory=memory, progress=progress)
    keys = {
        (each.text, m): [(sources[origin], (each.spec.variant, m)) for origin in _origins(each, m, seeds)]
        for each, m in _cells(methods)
    }
    runs = {cell: np.stack([scores.samples[key] for key in own]) for cell, own in keys.items()}
    labels = {method.text: method.label for method in methods}
    pairs = [
        _tested(first, second, m, labels, runs, net, ~held_out.has_twin)
        for first, second in paired
        for m in dict.fromkeys(m for method, m in _cells(methods) if method.text == first)
        if (second, m) in runs
    ]
    firsts = {cell: scores.answers.get(own[0]) for cell, own in keys.items()}
    return Table(
        task=net.metadata.task,
        metric=task_named(net.metadata.task).metric.name,
        net=net.name,
        net_hash=network_digest(net.network).hex(),
        held_out=held_out,
        full=float(scores.full.mean()),
        full_without_twins=mean_of_some(scores.full, ~held_out.has_twin),
        rows=[_row(method, m, runs[method.text, m], held_out, net) for method, m in _cells(methods)],
        pairs=_adjusted(pairs),
        notes=list(notes),
        runs={(labels[text], m): values for (text, m), values in runs.items()},
        full_shapes=scores.full,
        answers={(labels[text], m): found for (text, m), found in firsts.items() if found is not None},
        methods={method.label: _first(method) for method in methods if method.sizes},
        up=net.metadata.up,
        untrained=untrained or {},
    )


_Origin = tuple[str, Path | None, int]
_Runs = dict[tuple[str, int], Float64]


def _first(method: Contender) -> MethodSpec:
    """The method as its first seed at its smallest size: what samples single shapes of the table."""
    if not method.weights:
        return method.spec
    return replace(method.spec, weights=str(method.weights[min(method.sizes)][0].path))


def _cells(methods: Sequence[Contender]) -> Iterator[tuple[Contender, int]]:
    return ((method, m) for method in methods for m in method.sizes)


def _origins(method: Contender, m: int, seeds: int) -> list[_Origin]:
    if method.weights:
        return [(method.spec.name, entry.path, 0) for entry in method.weights[m]]
    return [(method.spec.name, None, seed) for seed in range(seeds if method.spec.row.seeded else 1)]


def sources_of(methods: Sequence[Contender], seeds: int) -> dict[_Origin, Source]:
    """Everything that is sampled, each source with all that is wanted of it."""
    wants: dict[_Origin, list[Want]] = {}
    for each, m in _cells(methods):
        for origin in _origins(each, m, seeds):
            wants.setdefault(origin, []).append((each.spec.variant, m))
    return {origin: Source(*origin, tuple(dict.fromkeys(wanted))) for origin, wanted in wants.items()}


def _row(method: Contender, m: int, runs: Float64, held_out: HeldOut, net: TaskNet) -> TableRow:
    task = task_named(net.metadata.task)
    metric, paper = task.metric, task.paper
    means = runs.mean(axis=1)
    shapes: Float64 = runs.mean(axis=0)
    value = float(shapes.mean())
    # The seeds share their shapes: only these count as independent.
    sure = wilson_interval(value, len(shapes)) if metric.right else mean_interval(shapes)
    per_class = {
        name: float(shapes[held_out.labels == label].mean())
        for label, name in enumerate(held_out.classes)
        if (held_out.labels == label).any()
    }
    name, weights = method.spec.name, method.weights.get(m, ())
    ablated = (method.spec.weights or "").rpartition("-")[2]
    return TableRow(
        method=name,
        variant=method.spec.variant,
        weights=", ".join(entry.name for entry in weights) or None,
        weights_hash=_hash(weights) if weights else None,
        label=method.label,
        m=m,
        metric=metric.name,
        value=value,
        spread=float(means.std(ddof=1)) if len(runs) > 1 else None,
        seeds=len(runs),
        low=sure.low,
        high=sure.high,
        without_twins=mean_of_some(shapes, ~held_out.has_twin),
        doubled=2 * value if paper and paper.doubled else None,
        published=paper.published(
            f"{name}-{ablated}" if ablated in ABLATIONS else name, method.spec.variant, m
        )
        if paper
        else None,
        per_class=per_class if metric.right else {},
    )


def _hash(weights: Sequence[Entry]) -> str:
    """That of the tensors; of several files, of their hashes in whatever order they are named."""
    digests = sorted(network_digest(open_network(entry.path)[0]) for entry in weights)
    return (digests[0] if len(digests) == 1 else hashlib.sha256(b"".join(digests)).digest()).hex()


def _tested(
    first: str,
    second: str,
    m: int,
    labels: dict[str, str],
    runs: _Runs,
    net: TaskNet,
    own: Mask,
) -> Pair:
    metric = task_named(net.metadata.task).metric
    test = mcnemar if metric.right else wilcoxon_signed_rank
    found = test(runs[first, m][0], runs[second, m][0])
    sign = 1.0 if metric.higher else -1.0
    terms = [(sign, runs[first, m]), (-sign, runs[second, m])]
    without = None if own.all() or not own.any() else paired_bootstrap(kept(terms, own))
    return Pair(
        labels[first],
        labels[second],
        m,
        **vars(found),
        difference=paired_bootstrap(terms),
        without_twins=without,
    )


def _adjusted(pairs: list[Pair]) -> list[Pair]:
    """The pairs, each with its p among all of them."""
    adjusted = holm([pair.difference.p for pair in pairs])
    return [replace(pair, holm=p) for pair, p in zip(pairs, adjusted, strict=True)]
