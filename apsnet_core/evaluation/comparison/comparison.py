"""One cloud, many methods and sizes: how well each sample represents the cloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.methods.timing import ABOUT, timed
from apsnet_core.ops.orientation import guess_up
from apsnet_core.ops.sample_distances import distances
from apsnet_core.sampling import Sampling
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.evaluation.answers import TaskNet
    from apsnet_core.evaluation.comparison.registration_target import Copy
    from apsnet_core.evaluation.comparison.verdict import Verdicts
    from apsnet_core.methods.interface import Sampler
    from apsnet_core.tasks.answer import Answer, Verdict


@dataclass(frozen=True)
class ComparisonRow:
    """One method at one size. ``chamfer`` in squared units of the file, ``hausdorff`` in its units.

    ``weights`` are those a learned method used, by the name they can be asked for.
    """

    method: str
    label: str
    name: str
    variant: str | None
    weights: str | None
    m: int
    chamfer: float
    hausdorff: float
    coverage: float
    seconds: float
    seed: int
    verdict: Verdict | None = None

    def as_dict(self) -> Values:
        """The row as plain values; with a task net, the fields of its verdict too."""
        shown = {key: value for key, value in vars(self).items() if key not in ("label", "name", "verdict")}
        return shown | (self.verdict.as_dict() if self.verdict else {})


@dataclass(frozen=True)
class Column:
    """How a number of a `ComparisonRow` is shown: ``key`` its attribute; ``higher`` if more is better.

    ``about`` says in a sentence what needs to be known of it.
    """

    key: str
    title: str
    unit: str
    digits: str
    factor: float = 1.0
    higher: bool = False
    about: str = ""

    def of(self, row: ComparisonRow) -> float:
        """The value of a row, in the unit that is shown."""
        return self.factor * float(attrgetter(self.key)(row))

    def text(self, row: ComparisonRow) -> str:
        """The number as a person reads it; a class other than the whole cloud's is named."""
        other = row.verdict.answer if row.verdict and self.key == "verdict.value" else None
        named = f" ({other})" if other and row.verdict and other != row.verdict.whole else ""
        return format(self.of(row), self.digits) + named


_COLUMNS = [
    Column("chamfer", "Chamfer", "units²", ".4g"),
    Column("hausdorff", "Hausdorff", "units", ".4g"),
    Column("coverage", "Coverage", "%", ".1f", factor=100.0, higher=True),
    Column("seconds", "Time", "ms", ".2f", factor=1000.0, about=ABOUT),
]


def columns_of(rows: Sequence[ComparisonRow]) -> list[Column]:
    """The columns of a table of ``rows``: four for every cloud, and one for the task net if it was asked."""
    verdict = rows[0].verdict
    if verdict is None:
        return _COLUMNS
    metric = verdict.metric
    own = Column(
        "verdict.value", verdict.title, metric.unit_name, metric.digits, metric.factor, metric.higher
    )
    return [*_COLUMNS, own]


@dataclass(frozen=True)
class Comparison:
    """``rows`` and the ``samplings`` they measure, in the order asked for.

    ``net`` is the task net that was asked, ``net_hash`` of its tensors, ``answers`` what it says of each
    sampling, ``remark`` of the cloud, ``warning`` that it knows no such shape.
    """

    cloud: PointCloud
    rows: list[ComparisonRow]
    samplings: list[Sampling]
    net: str | None = None
    remark: str | None = None
    warning: str | None = None
    net_hash: str | None = None
    answers: list[Answer] = field(default_factory=list)

    def __repr__(self) -> str:
        sizes = list(dict.fromkeys(row.m for row in self.rows))
        return f"<Comparison of {', '.join(self.methods)} at {', '.join(map(str, sizes))} points>"

    @property
    def notes(self) -> list[str]:
        """What to know before the samples are trusted; each sentence once."""
        return list(dict.fromkeys(note for sampling in self.samplings for note in sampling.notes))

    @property
    def pairs(self) -> Iterator[tuple[ComparisonRow, Sampling]]:
        """Each row with its sampling."""
        return zip(self.rows, self.samplings, strict=True)

    @property
    def methods(self) -> list[str]:
        """The methods, each once, in the order asked for."""
        return list(dict.fromkeys(row.method for row in self.rows))


def compare(
    cloud: PointCloud,
    specs: Sequence[MethodSpec],
    sizes: Sequence[int],
    *,
    seed: int = 0,
    task: str | None = None,
    up: str | None = None,
    copy: Copy | None = None,
    untouched: PointCloud | None = None,
    net: str | None = None,
) -> Comparison:
    """Sample ``cloud``, whose ``up`` axis is known or not, with every method at every size, and measure each.

    ``net`` judges, by name or path; unless told, the one the methods were trained in front of (`judge_of`).
    Where ``cloud`` is a changed one, a task net's answer on the ``untouched`` one is the reference.
    A task of pairs lays ``copy`` back on it, the cloud itself turned by the seed unless given. ``ValueError``
    with one sentence if a method has no weights or cannot give that many points.
    """
    up = up or guess_up(cloud)
    rows, samplings, asked = [], [], []
    for spec in specs:
        sampler = create(spec, task, up)
        for m in sizes:
            sampling = timed(partial(sampler.sample, cloud, m, seed), len(cloud))
            samplings.append(sampling)
            asked.append((sampler, sampling))
            rows.append(row_of(cloud, spec, sampling))
    if task is None:
        return Comparison(cloud, rows, samplings)
    from apsnet_core.evaluation.judges import judge_of
    from apsnet_core.networks.digest import network_digest

    judge = judge_of(task, specs, net)
    judged = _judge(judge.net, cloud, asked, seed, up, copy, untouched)
    rows = [replace(row, verdict=verdict) for row, verdict in zip(rows, judged.each, strict=True)]
    return Comparison(
        cloud,
        rows,
        samplings,
        judged.net,
        " ".join(filter(None, (judged.remark, judge.note))),
        judged.warning,
        network_digest(judge.net.network).hex(),
        judged.answers,
    )


def _judge(
    net: TaskNet,
    cloud: PointCloud,
    asked: Sequence[tuple[Sampler, Sampling]],
    seed: int,
    up: str,
    copy: Copy | None,
    untouched: PointCloud | None,
) -> Verdicts:
    from apsnet_core.evaluation.comparison.registration_target import turned
    from apsnet_core.evaluation.comparison.verdict import judge, judge_pairs

    task = net.metadata.task
    if not net.task.pairs:
        return judge(task, cloud, [sampling for _, sampling in asked], up, untouched, net)
    copy = copy or turned(cloud, seed)
    pairs = [(own, sampler.sample(copy.cloud, own.m, seed)) for sampler, own in asked]
    return judge_pairs(task, cloud, copy, pairs, up, net)


def row_of(
    cloud: PointCloud, spec: MethodSpec, sampling: Sampling, verdict: Verdict | None = None
) -> ComparisonRow:
    """The row of one ``sampling`` of ``cloud`` by the method ``spec``."""
    return ComparisonRow(
        str(spec),
        spec.label,
        spec.name,
        spec.variant,
        spec.weights or sampling.weights,
        sampling.m,
        *distances(cloud.xyz, sampling.points),
        sampling.seconds,
        sampling.seed,
        verdict,
    )


def best(rows: Sequence[ComparisonRow]) -> set[tuple[int, str]]:
    """The (row number, column key) of the best value of each column among the rows of one size.

    Values that read the same are as good as one another.
    """
    winners = set()
    for column in columns_of(rows):
        for m in {row.m for row in rows}:
            rivals = [index for index, row in enumerate(rows) if row.m == m]
            if len(rivals) > 1:
                values = {index: column.of(rows[index]) for index in rivals}
                goal = format((max if column.higher else min)(values.values()), column.digits)
                winners |= {
                    (index, column.key) for index in rivals if format(values[index], column.digits) == goal
                }
    return winners
