"""An evaluation of many methods and sizes on a dataset, as Table 1, 2 or 5 of the paper, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.evaluation.table.contenders import ABLATIONS, Contender
from apsnet_core.evaluation.table.examples import examples
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.measured import entries_for, with_further
from apsnet_core.evaluation.table.pairs import Pair, adjusted, tested
from apsnet_core.evaluation.table.scored import Scored
from apsnet_core.evaluation.table.scoring import Source, Want, score
from apsnet_core.evaluation.table.seed_runs import (
    SeedRun,
    in_order,
    joint_hash,
    run_of,
    sure,
    values_of,
)
from apsnet_core.evaluation.table.statistics import mean_of_some
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.networks.digest import network_digest
from apsnet_core.notebook import framed
from apsnet_core.ops.orientation import up_turn
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.types import Values


@dataclass(frozen=True)
class TableRow:
    """One method at one size; ``value`` is the mean over shapes and seeds, ``low`` to ``high`` its interval.

    The interval is of 95 %. Accuracies are fractions, rotation errors degrees. ``spread`` is the standard
    deviation of the means over ``seeds``, None for one seed. ``without_twins`` is the value without shapes
    that have a near-identical one in the training or validation part. ``doubled`` is twice the rotation
    error, as in Table 5; ``published`` is the paper's number, in that form. ``weights_hash`` is the hash of
    the weights' tensors.
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Table(Scored):
    """The ``rows`` of an evaluation; ``full`` is the task net's score on all points; ``notes`` are sentences.

    ``notes`` name missing weights, with the reason. ``full_shapes`` (S,) are the values on all points,
    ``seed_runs`` the runs of each row by label and size. ``untrained`` maps the labels of methods without
    weights to a sentence.
    """

    net: str
    net_hash: str
    full: float
    full_without_twins: float | None
    rows: list[TableRow]
    pairs: list[Pair]
    notes: list[str]
    full_shapes: Float64
    seed_runs: dict[tuple[str, int], list[SeedRun]] = field(default_factory=dict)
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
    measured: Values | None = None,
    memory: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Table:
    """Evaluate ``methods``; the value of a method with a random seed is the mean over ``seeds`` seeds.

    The value of a method with several weights for a size is the mean over them.

    ``paired`` names pairs of contenders, by `Contender.text`, to be tested against each other at every size.
    ``untrained`` are rows without numbers. ``measured`` is a leaderboard: further seeds of a row's weights
    that it has for these shapes are included in the row. See `score` for ``memory`` and ``progress``.
    ``ValueError`` if a size is larger than the clouds.
    """
    if (largest := max((m for _, m in _cells(methods)), default=0)) > held_out.points:
        raise ValueError(f"{held_out.name} has {held_out.points} points per shape, fewer than {largest}")
    sources = sources_of(methods, seeds)
    scores = score(held_out, net, list(sources.values()), memory=memory, progress=progress)
    keys = {
        (each.text, m): [(sources[origin], (each.spec.variant, m)) for origin in _origins(each, m, seeds)]
        for each, m in _cells(methods)
    }
    digest, how = network_digest(net.network).hex(), task_named(net.metadata.task).metric
    elsewhere = entries_for(measured, held_out, digest) if measured else []
    seed_runs = {
        (each.text, m): _seed_runs(each, m, [scores.samples[key] for key in keys[each.text, m]], elsewhere)
        for each, m in _cells(methods)
    }
    runs = {cell: values_of(own) for cell, own in seed_runs.items()}
    labels = {method.text: method.label for method in methods}
    pairs = [
        tested((labels[first], runs[first, m]), (labels[second], runs[second, m]), m, how, ~held_out.has_twin)
        for first, second in paired
        for m in dict.fromkeys(m for method, m in _cells(methods) if method.text == first)
        if (second, m) in runs
    ]
    firsts = {cell: scores.answers.get(own[0]) for cell, own in keys.items()}
    return Table(
        task=net.metadata.task,
        metric=how.name,
        net=net.name,
        net_hash=digest,
        held_out=held_out,
        full=float(scores.full.mean()),
        full_without_twins=mean_of_some(scores.full, ~held_out.has_twin),
        rows=[_row(method, m, seed_runs[method.text, m], held_out, net) for method, m in _cells(methods)],
        pairs=adjusted(pairs),
        notes=list(notes),
        runs={(labels[text], m): values for (text, m), values in runs.items()},
        full_shapes=scores.full,
        seed_runs={(labels[text], m): own for (text, m), own in seed_runs.items()},
        answers={(labels[text], m): found for (text, m), found in firsts.items() if found is not None},
        methods={method.label: _first(method) for method in methods if method.sizes},
        up=net.metadata.up,
        untrained=untrained or {},
    )


_Origin = tuple[str, Path | None, int]


def _first(method: Contender) -> MethodSpec:
    """The method with its first seed at its smallest size, which samples single shapes of the table."""
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
    """All sources of samples, each with everything that is wanted of it."""
    wants: dict[_Origin, list[Want]] = {}
    for each, m in _cells(methods):
        for origin in _origins(each, m, seeds):
            wants.setdefault(origin, []).append((each.spec.variant, m))
    return {origin: Source(*origin, tuple(dict.fromkeys(wanted))) for origin, wanted in wants.items()}


def _seed_runs(
    method: Contender, m: int, values: Sequence[Float64], elsewhere: Sequence[Values]
) -> list[SeedRun]:
    """The runs of a row, including those that were measured elsewhere."""
    entries = method.weights.get(m)
    if not entries:
        return [SeedRun(seed, None, None, None, each) for seed, each in enumerate(values)]
    runs = [run_of(entry, each) for entry, each in zip(entries, values, strict=True)]
    row = method.spec.name, method.spec.variant, m
    return in_order(with_further(elsewhere, runs, row, f"{method.label} at {m} points"))


def _row(method: Contender, m: int, own: Sequence[SeedRun], held_out: HeldOut, net: TaskNet) -> TableRow:
    task = task_named(net.metadata.task)
    metric, paper = task.metric, task.paper
    runs = values_of(own)
    means = runs.mean(axis=1)
    shapes: Float64 = runs.mean(axis=0)
    value, interval = sure(metric, runs)
    per_class = {
        name: float(shapes[held_out.labels == label].mean())
        for label, name in enumerate(held_out.classes)
        if (held_out.labels == label).any()
    }
    name = method.spec.name
    ablated = (method.spec.weights or "").rpartition("-")[2]
    return TableRow(
        method=name,
        variant=method.spec.variant,
        weights=", ".join(run.weights for run in own if run.weights) or None,
        weights_hash=joint_hash(own),
        label=method.label,
        m=m,
        metric=metric.name,
        value=value,
        spread=float(means.std(ddof=1)) if len(runs) > 1 else None,
        seeds=len(runs),
        low=interval.low,
        high=interval.high,
        without_twins=mean_of_some(shapes, ~held_out.has_twin),
        doubled=2 * value if paper and paper.doubled else None,
        published=paper.published(
            f"{name}-{ablated}" if ablated in ABLATIONS else name, method.spec.variant, m
        )
        if paper
        else None,
        per_class=per_class if metric.right else {},
    )
