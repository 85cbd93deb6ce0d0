"""Samples one cloud by many methods at many sizes, and measures how well each sample represents it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.comparison import Comparison, ComparisonRow, FailedCell
from apsnet_core.evaluation.in_parts import InParts
from apsnet_core.evaluation.scan_quality import class_field, scan_quality
from apsnet_core.evaluation.timing import Times, hardware, measured
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import guess_up
from apsnet_core.ops.sample_distances import distances
from apsnet_core.placing import corners
from apsnet_core.sampling import Sampling

if TYPE_CHECKING:
    from apsnet_core.evaluation.answers import TaskNet
    from apsnet_core.evaluation.comparison.registration_target import Copy
    from apsnet_core.evaluation.comparison.verdict import Verdicts
    from apsnet_core.methods.interface import Sampler
    from apsnet_core.methods.local_parts import By
    from apsnet_core.methods.local_shares import Share
    from apsnet_core.tasks.answer import Verdict


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
    """Sample ``cloud`` with every method at every size, and measure each sample.

    ``up`` is the up axis of the cloud, None to guess it. With ``by``, the cloud is sampled in parts, each
    with its ``share`` of the size, and only once, because that takes long.

    The task net ``net``, by name or path, judges; by default the one that the methods were trained for
    (`judge_of`). If ``cloud`` was perturbed, the net's answer for the ``untouched`` cloud is the reference.
    For a task on pairs, ``copy`` is aligned with the cloud; by default it is the cloud, rotated by the seed.
    `Comparison.failed` holds the methods that gave no sample; ``ValueError`` with one sentence if none did.
    """
    up = up or guess_up(cloud)

    def sampler_of(spec: MethodSpec) -> Sampler:
        return create(spec, task, up) if by is None else InParts(spec, by, task, up, share)

    rows: list[ComparisonRow] = []
    asked: list[tuple[Sampler, Sampling]] = []
    failed: dict[int, FailedCell] = {}
    first: ValueError | None = None
    for spec in specs:
        for m in sizes:
            try:
                sampler = sampler_of(spec)
                sampling = sampler.sample(cloud, m, seed)
            except ValueError as why:
                first = first or why
                failed[len(rows) + len(failed)] = FailedCell(spec, m, str(why))
                continue
            times = None
            if by is None:
                times = measured(lambda: sampler.sample(cloud, m, seed).seconds)  # noqa: B023
            asked.append((sampler_of(spec.for_partner(seed)), sampling))
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
    """The verdicts on samplings of ``cloud``, given with the sampler for the second cloud of a pair."""
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
    """The row of one ``sampling`` of ``cloud`` by the method ``spec``; without ``times``, with its one time.

    ``up`` is the up axis of the cloud, for the scan quality of a cloud with classes or parts.
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
