"""One cloud, many methods and sizes: how well each sample represents the cloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from apsnet_core import notebook
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.in_parts import InParts
from apsnet_core.evaluation.scan_quality import ScanQuality, class_field, scan_quality
from apsnet_core.evaluation.timing import Times, hardware, measured
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import guess_up
from apsnet_core.ops.sample_distances import distances
from apsnet_core.percent import percent
from apsnet_core.placing import corners, counted
from apsnet_core.sampling import Sampling
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.evaluation.answers import TaskNet
    from apsnet_core.evaluation.comparison.registration_target import Copy
    from apsnet_core.evaluation.comparison.verdict import Verdicts
    from apsnet_core.methods.interface import Sampler
    from apsnet_core.methods.local_parts import By
    from apsnet_core.methods.local_shares import Share
    from apsnet_core.tasks.answer import Answer, Verdict


_SHOWN = 12  # views of a notebook's frame


@dataclass(frozen=True)
class ComparisonRow:
    """A method, ``spec``, at ``m`` points. ``chamfer`` in squared units of the file, ``hausdorff`` in units.

    ``diagonal`` is that of the cloud's bounding box, in the same units: of ``length_unit``, where that is
    known. ``weights`` are those a learned
    method used, by the name they can be asked for. ``quality`` is what it keeps of a scan: of a cloud with
    classes, or one that was sampled in ``parts``, of which ``unlike`` are unlike the method's training.
    """

    spec: MethodSpec
    weights: str | None
    m: int
    chamfer: float
    hausdorff: float
    coverage: float
    diagonal: float
    times: Times
    seed: int
    verdict: Verdict | None = None
    quality: ScanQuality | None = None
    length_unit: str = ""
    parts: int | None = None
    unlike: int | None = None

    @property
    def method(self) -> str:
        """The name of the method, without variant or weights."""
        return self.spec.name

    @property
    def label(self) -> str:
        """The method as a person reads it."""
        return self.spec.label

    @property
    def seconds(self) -> float:
        """The median time of the sampler alone."""
        return self.times.seconds

    @property
    def chamfer_relative(self) -> float:
        """The chamfer distance as a share of the diagonal's square: of any two shapes it can be compared."""
        return self.chamfer / (self.diagonal**2 or 1.0)

    @property
    def hausdorff_relative(self) -> float:
        """The Hausdorff distance as a share of the diagonal."""
        return self.hausdorff / (self.diagonal or 1.0)

    @property
    def words(self) -> str:
        """What stands below a picture of the row's sample."""
        return f"chamfer {self.chamfer:.3g} · coverage {percent(self.coverage)}"

    def as_dict(self) -> Values:
        """The row as plain values; with a task net, the fields of its verdict too."""
        return {
            "method": self.spec.name,
            "variant": self.spec.variant,
            "weights": self.weights,
            "m": self.m,
            "seed": self.seed,
            "chamfer": self.chamfer,
            "chamfer_relative": self.chamfer_relative,
            "hausdorff": self.hausdorff,
            "hausdorff_relative": self.hausdorff_relative,
            "coverage": self.coverage,
            "seconds": self.seconds,
            "seconds_low": self.times.low,
            "seconds_high": self.times.high,
            "runs": self.times.runs,
            "failure": None,
            **({"parts": self.parts, "parts_unlike_training": self.unlike} if self.parts else {}),
            **(self.quality.values if self.quality else {}),
            **(self.verdict.as_dict() if self.verdict else {}),
        }


@dataclass(frozen=True)
class FailedCell:
    """A method, ``spec``, that gave no sample of ``m`` points: ``why``, in a sentence."""

    spec: MethodSpec
    m: int
    why: str

    @property
    def label(self) -> str:
        """The method as a person reads it."""
        return self.spec.label

    def as_dict(self) -> Values:
        """What was asked, and why there is nothing, as plain values."""
        return {
            "method": self.spec.name,
            "variant": self.spec.variant,
            "weights": self.spec.weights,
            "m": self.m,
            "failure": self.why,
        }


Cell = ComparisonRow | FailedCell


@dataclass(frozen=True)
class Comparison:
    """``rows`` and the ``samplings`` they measure, in the order asked for.

    ``failed`` is what gave no sample, by its place among all. ``net`` is the task net that was asked,
    ``judge`` the net itself, ``net_hash`` of its tensors, ``answers`` what it says of each sampling,
    ``remark`` of the cloud, ``warning`` that it knows no such shape. ``hardware`` names what the times were
    measured on.
    """

    cloud: PointCloud
    rows: list[ComparisonRow]
    samplings: list[Sampling]
    net: str | None = None
    remark: str | None = None
    warning: str | None = None
    net_hash: str | None = None
    answers: list[Answer] = field(default_factory=list)
    judge: TaskNet | None = field(default=None, compare=False)
    failed: Mapping[int, FailedCell] = field(default_factory=dict)
    hardware: str = ""

    def __repr__(self) -> str:
        sizes = list(dict.fromkeys(row.m for row in self.rows))
        return f"<Comparison of {', '.join(self.methods)} at {', '.join(map(str, sizes))} points>"

    def _repr_html_(self) -> str:
        from apsnet_core.evaluation.shown import attention_of, bars_of
        from apsnet_core.methods.registry import method_colour
        from apsnet_core.ops.orientation import up_turn
        from apsnet_core.page.views import View

        answers: Sequence[Answer | None] = self.answers or [None] * len(self.rows)
        turn = up_turn(guess_up(self.cloud), "z")
        views = [
            View(
                sampling.points,
                f"{row.label} · {row.m}",
                row.words,
                method_colour(row.method),
                notebook.picture(self.cloud.xyz, self.cloud.rgb, sampling.points, turn),
                attention_of(sampling),
                bars_of(answer),
            )
            for (row, sampling), answer in list(zip(self.pairs, answers, strict=True))[:_SHOWN]
        ]
        return notebook.framed(repr(self), [self.cloud.xyz], views, turn)

    @property
    def notes(self) -> list[str]:
        """What to know before the samples are trusted; each sentence once.

        One on the parts of a cloud is of one method at one size, which it names.
        """
        said: dict[str, None] = {}
        for row, sampling in self.pairs:
            own = f"{row.label}, {counted(row.m, 'point')}, in {counted(row.parts or 0, 'part')}: "
            of_parts = sampling.checked.words if sampling.checked else ""
            said |= {own + note if note == of_parts else note: None for note in sampling.notes}
        return list(said)

    @property
    def pairs(self) -> Iterator[tuple[ComparisonRow, Sampling]]:
        """Each row with its sampling."""
        return zip(self.rows, self.samplings, strict=True)

    @property
    def methods(self) -> list[str]:
        """The methods that gave samples, as METHOD spells them, each once, in the order asked for."""
        return list(dict.fromkeys(str(row.spec) for row in self.rows))

    @property
    def cells(self) -> list[Cell]:
        """All that was asked for, in that order: rows, and what failed."""
        rows = iter(self.rows)
        return [self.failed.get(place) or next(rows) for place in range(len(self.rows) + len(self.failed))]


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
    by: By | None = None,
    share: Share = "points",
) -> Comparison:
    """Sample ``cloud``, whose ``up`` axis is known or not, with every method at every size, and measure each.

    With ``by`` it is sampled in parts, each with its ``share`` of the size, and once, because it takes long.

    ``net`` judges, by name or path; unless told, the one the methods were trained in front of (`judge_of`).
    Where ``cloud`` is a changed one, a task net's answer on the ``untouched`` one is the reference.
    A task of pairs lays ``copy`` back on it, the cloud itself turned by the seed unless given. What a method
    cannot give is said in `Comparison.failed`; ``ValueError`` with one sentence where none gives anything.
    """
    up = up or guess_up(cloud)
    rows: list[ComparisonRow] = []
    asked: list[tuple[Sampler, Sampling]] = []
    failed: dict[int, FailedCell] = {}
    first: ValueError | None = None
    for spec in specs:
        for m in sizes:
            try:
                sampler = create(spec, task, up) if by is None else InParts(spec, by, task, up, share)
                sampling = sampler.sample(cloud, m, seed)
            except ValueError as why:
                first = first or why
                failed[len(rows) + len(failed)] = FailedCell(spec, m, str(why))
                continue
            times = None
            if by is None:
                times = measured(lambda: sampler.sample(cloud, m, seed).seconds)  # noqa: B023
            asked.append((sampler, sampling))
            rows.append(row_of(cloud, spec, sampling, times=times, up=up))
    if first is not None and not rows:
        raise first
    comparison = Comparison(
        cloud, rows, [sampling for _, sampling in asked], failed=failed, hardware=hardware()
    )
    if task is None:
        return comparison
    from apsnet_core.evaluation.judges import judge_of
    from apsnet_core.networks.digest import network_digest

    judge = judge_of(task, list(dict.fromkeys(row.spec for row in rows)), net)
    judged = _judge(judge.net, cloud, asked, seed, up, copy, untouched)
    return replace(
        comparison,
        rows=[replace(row, verdict=verdict) for row, verdict in zip(rows, judged.each, strict=True)],
        net=judged.net,
        remark=" ".join(filter(None, (judged.remark, judge.note))),
        warning=judged.warning,
        net_hash=network_digest(judge.net.network).hex(),
        answers=judged.answers,
        judge=judge.net,
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
    cloud: PointCloud,
    spec: MethodSpec,
    sampling: Sampling,
    verdict: Verdict | None = None,
    times: Times | None = None,
    up: str = "z",
) -> ComparisonRow:
    """The row of one ``sampling`` of ``cloud`` by the method ``spec``; its time is of one run unless told.

    ``up`` is the axis of the cloud that points up: of one with classes it is said what is kept of them.
    """
    low, high = corners(cloud.xyz)
    box = high.astype(np.float64) - low
    return ComparisonRow(
        spec,
        spec.weights or sampling.weights,
        sampling.m,
        *distances(cloud.xyz, sampling.points),
        float(np.linalg.norm(box)),
        times or Times(sampling.seconds),
        sampling.seed,
        verdict,
        scan_quality(cloud, sampling, up) if class_field(cloud) or sampling.parts is not None else None,
        cloud.unit,
        None if sampling.parts is None else int(sampling.parts.max(initial=-1)) + 1,
        None if sampling.checked is None else len(sampling.checked.unlike),
    )
