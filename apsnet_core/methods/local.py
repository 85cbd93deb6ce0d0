"""Local sampling: a large cloud is divided into parts, each sampled by a network for single objects."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float32, Float64, Int64, PointCloud
from apsnet_core.methods.creating import CheckedSampler, create
from apsnet_core.methods.farthest_point import choose_rows as farthest_rows
from apsnet_core.methods.interface import WholeAware, check_seed, check_size
from apsnet_core.methods.local_parts import By, Neighbourhood, Part, Parts, divide
from apsnet_core.methods.local_shares import Share, shares, whole_quotas
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import guess_up
from apsnet_core.ops.search_cpu import search_kernels
from apsnet_core.ops.voxel import voxel_sample_exactly
from apsnet_core.placing import counted
from apsnet_core.sampling import Sampling
from apsnet_core.types import Mask, Progress

PART_SIZE = 64
"""The number of points sampled in one part and its margin, a size that all shipped samplers support."""

_MARGIN = 0.25  # of a part's side, added on each side, so that the sampler does not see the part's border
_QUOTA = 16  # most samples kept of a part, of the PART_SIZE samples in the part and its margin
_LEAST_PARTS = 8
_AT_ONCE = 256  # parts whose input points are in memory at once
_TOGETHER = 32  # parts between two progress reports
_SEEN = 4096  # points of a part and its margin; networks see a quarter of them
_STEPS = (8, PART_SIZE)  # the numbers of points that a network sees of small parts are multiples of these
_BANDS = 6


@dataclass(frozen=True, eq=False)
class LocalSampling:
    """A ``sampling`` in parts: the ``part`` (n,) of each point, or -1, and the part of each sample (m,)."""

    sampling: Sampling
    part: Int64
    part_of_sample: Int64


def sample_parts(
    cloud: PointCloud,
    m: int,
    method: str | MethodSpec = "apsnet:m",
    *,
    by: By = "tiles",
    share: Share = "points",
    task: str | None = None,
    up: str | None = None,
    seed: int = 0,
    tell: Progress | None = None,
) -> LocalSampling:
    """Sample ``m`` points of ``cloud`` by sampling each of its parts separately, each for its ``share`` of m.

    A part is sampled together with a margin around it, and only the samples inside the part are kept. So
    the sampler does not see the part's border, and no ring of samples shows where parts meet. If m is small,
    the samples of all parts are sampled a second time. Time and memory grow with the points and with m.

    ``share`` is by the number of points, by the area they cover, or by the method's attention over the whole
    cloud. Raises ValueError with one sentence if the method, or the division, cannot be used.
    """
    check_size(m, len(cloud))
    check_seed(seed)
    spec = MethodSpec.parse(method) if isinstance(method, str) else method
    up, began = up or guess_up(cloud), time.perf_counter()
    sampler = create(spec, task, up, m=PART_SIZE if spec.row.learned else None)
    weights = shares(cloud, share, sampler, seed)
    known, notes = sampler.inner.prepared(cloud) if isinstance(sampler.inner, WholeAware) else (cloud, ())
    drawn = max(m, _LEAST_PARTS * _QUOTA)  # samples before a second pass
    drawn = min(drawn, len(cloud)) if drawn < 2 * m else min(max(drawn, 4 * m), len(cloud))
    parts = divide(cloud, by, weights, _QUOTA / drawn, up, tell)
    quotas = whole_quotas([float(weights[part.rows].sum()) for part in parts.each], parts.each, drawn)
    drawn = int(quotas.sum())
    if drawn < m:
        raise ValueError(f"the parts have {drawn} points together, too few to sample {m}")
    points, rows, owner = _all_parts(known, parts, quotas, sampler, seed, tell)
    if drawn > m:
        points, rows, owner = _again(known, points, rows, owner, sampler, m, seed)
    number = parts.number_of()
    left = int((number < 0).sum())
    if left:
        notes = (
            *notes,
            f"{counted(left, 'point')} that belong to no object, such as floor and walls, were not sampled",
        )
    generated = bool((rows < 0).any())
    sampling = Sampling(
        points=points,
        indices=None if generated else rows,
        method=str(spec),
        m=m,
        seed=seed,
        seconds=time.perf_counter() - began,
        offset=cloud.offset,
        cloud=cloud,
        notes=notes,
        parts=number,
    )
    return LocalSampling(sampling, number, owner)


def _all_parts(
    cloud: PointCloud,
    parts: Parts,
    quotas: Int64,
    sampler: CheckedSampler,
    seed: int,
    tell: Progress | None,
) -> tuple[Float32, Int64, Int64]:
    """Sample all parts. Returns points (m, 3), their indices (m,), -1 for generated ones, and parts (m,)."""
    around = None if parts.each[0].low is None else Neighbourhood(parts.turned)
    wanted = [k for k in range(len(parts.each)) if quotas[k]]
    search_kernels(parts.turned, len(wanted) * _SEEN * PART_SIZE)  # loads them if worth it for all
    found: dict[int, tuple[Float32, Int64]] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        batch = wanted[first : first + _AT_ONCE]
        seen = {k: _seen(parts.each[k], around, int(quotas[k]), seed, sampler) for k in batch}
        alike: dict[tuple[int, int], list[int]] = {}
        for k in batch:
            asked = _asked(sampler, len(seen[k]), int(quotas[k]))
            alike.setdefault((asked, min(len(seen[k]), _SEEN)), []).append(k)
        for (asked, _), group in sorted(alike.items()):
            for some in (group[at : at + _TOGETHER] for at in range(0, len(group), _TOGETHER)):
                if asked:
                    samplings = sampler.sample_all([cloud.take(seen[k]) for k in some], asked, seed)
                for at, k in enumerate(some):
                    found[k] = _candidates(parts, k, seen[k], samplings[at] if asked else None)
                if tell is not None:
                    tell(len(found) / len(wanted))
    even = _evenness(parts, found)
    kept = [_kept(cloud, parts, k, *found[k], int(quotas[k]), even, seed) for k in wanted]
    points, rows = (np.concatenate(each) for each in zip(*kept, strict=True))
    return points, rows, np.repeat(wanted, [len(own) for _, own in kept])


def _asked(sampler: CheckedSampler, there: int, quota: int) -> int:
    """The number of samples to draw from a part with ``there`` points in and around it; 0 if a network
    cannot sample so few points."""
    if sampler.row.any_size:
        return min(max(PART_SIZE, -(-quota * 2 // 32) * 32), there)
    return PART_SIZE if there >= PART_SIZE else 0


def _seen(part: Part, around: Neighbourhood | None, quota: int, seed: int, sampler: CheckedSampler) -> Int64:
    """The indices of the points that the sampler gets for a part: a random subset of the part and its margin.

    A network gets only few different numbers of points, because parts of equal size form a batch, and memory
    is kept for every size that occurs.
    """
    rows = part.rows
    if around is not None and part.low is not None and part.high is not None:
        margin = _MARGIN * (part.high - part.low)
        rows = around.within(part.low - margin, part.high + margin)
    most = max(_SEEN, 4 * quota)
    if sampler.row.learned and len(rows) >= _STEPS[0]:
        step = next(step for step in reversed(_STEPS) if step <= len(rows))
        most = min(most, len(rows) // step * step)
    if len(rows) > most:
        rows = np.random.default_rng([seed, int(part.rows[0])]).choice(rows, most, replace=False)
    return np.sort(rows)


def _candidates(parts: Parts, k: int, seen: Int64, made: Sampling | None) -> tuple[Float32, Int64]:
    """The samples inside part ``k``: points (c, 3) and indices (c,), -1 for generated ones."""
    if made is None:
        return np.zeros((0, 3), np.float32), np.zeros(0, np.int64)
    points = made.points
    rows = np.full(len(points), -1) if made.indices is None else seen[made.indices]
    inside = _inside(parts.each[k], parts, points, rows)
    return points[inside], rows[inside]


def _evenness(parts: Parts, found: Mapping[int, tuple[Float32, Int64]]) -> Float64:
    """Factors (_BANDS,) that equalise the density of candidates from the borders of parts to their middle.

    They are ratios over all parts. Without them, a sampler that prefers the middle of its input would make
    the tiles visible. Preferences due to the shape differ from part to part, and so remain.
    """
    there, sampled = np.ones(_BANDS), np.ones(_BANDS)
    for k, (points, _) in found.items():
        part = parts.each[k]
        there += np.bincount(_band(part, parts.turned[part.rows]), minlength=_BANDS)
        sampled += np.bincount(_band(part, parts.turn(points)), minlength=_BANDS)
    return np.asarray((there / there.sum()) / (sampled / sampled.sum()))


def _band(part: Part, turned: Float32) -> Int64:
    """The depth (k,) of each of the points (k, 3) in its part: 0 at a border, _BANDS - 1 in the middle."""
    if part.low is None or part.high is None:
        return np.zeros(len(turned), dtype=np.int64)
    side = np.maximum(part.high - part.low, 1e-30)
    depth = np.minimum(turned - part.low, part.high - turned)[:, :2] / side[:2]
    found: Int64 = np.clip(depth.min(axis=1) * 2 * _BANDS, 0, _BANDS - 1).astype(np.int64)
    return found


def _kept(
    cloud: PointCloud,
    parts: Parts,
    k: int,
    points: Float32,
    rows: Int64,
    quota: int,
    even: Float64,
    seed: int,
) -> tuple[Float32, Int64]:
    """Draw ``quota`` of the candidates of part ``k``, weighted by ``even``.

    If there are too few candidates, points of the part, spread over it, are added.
    """
    part = parts.each[k]
    if len(points) > quota:
        chance = even[_band(part, parts.turn(points))]
        # The largest values of u^(1/w) are a weighted draw without replacement (Efraimidis, Spirakis).
        draw = np.log(np.random.default_rng([seed, k]).random(len(points))) / chance
        chosen = np.sort(np.argsort(-draw, kind="stable")[:quota])
        points, rows = points[chosen], rows[chosen]
    if len(points) < quota:
        free = np.setdiff1d(part.rows, rows)
        more = free[_spread(cloud.xyz[free], quota - len(points), seed)]
        points, rows = np.concatenate([points, cloud.xyz[more]]), np.concatenate([rows, more])
    return points, rows


def _inside(part: Part, parts: Parts, points: Float32, rows: Int64) -> Mask:
    """Which samples (k,) belong to the part: by their index, or by their position if they are generated."""
    if part.low is None or part.high is None:
        return np.ones(len(points), dtype=np.bool_)
    if (rows >= 0).all():
        return np.isin(rows, part.rows)
    first, last = parts.ends
    # Generated points may be slightly outside of the cloud; they belong to its outer parts.
    placed = np.clip(parts.turn(points).astype(np.float64), first, last)
    inside = (placed >= part.low) & ((placed < part.high) | (part.high >= last))
    return np.asarray(inside.all(axis=1))


def _spread(points: Float32, m: int, seed: int) -> Int64:
    choose = farthest_rows if len(points) * m <= 1 << 22 else None
    return choose(points, m, seed) if choose else voxel_sample_exactly(points, m)


def _again(
    cloud: PointCloud,
    points: Float32,
    rows: Int64,
    owner: Int64,
    sampler: CheckedSampler,
    m: int,
    seed: int,
) -> tuple[Float32, Int64, Int64]:
    """The second pass: sample ``m`` of the samples of all parts by the same method."""
    union = cloud.take(rows) if (rows >= 0).all() else PointCloud(points, cloud.offset)
    made = sampler.sample(union, m, seed)
    if made.indices is not None:
        return points[made.indices], rows[made.indices], owner[made.indices]
    from apsnet_core.ops.neighbours import nearest_of

    _, near = nearest_of(points, made.points)
    return made.points, np.full(m, -1), owner[near]
