"""Sampling of files by their settings, in any process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Literal

from apsnet_core.batch.errors import BatchError
from apsnet_core.batch.item import Item, attempt
from apsnet_core.batch.sampling_settings import SamplingSettings
from apsnet_core.files.errors import printable
from apsnet_core.methods.lost_fields import lost_fields
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import guess_up
from apsnet_core.types import Progress, Values

if TYPE_CHECKING:
    from apsnet_core.cloud import Float32, PointCloud, TriangleMesh
    from apsnet_core.methods.creating import CheckedSampler
    from apsnet_core.sampling import Sampling

Device = Literal["auto", "cpu", "cuda"]


def sample_file(
    item: Item,
    recipe: SamplingSettings,
    *,
    force: bool,
    save: bool = True,
    to: str | None = None,
    device: Device = "cpu",
    tell: Progress | None = None,
) -> Values:
    """Sample one file, write the result if ``save``, and return measures of how well it covers the cloud."""
    opened = _open(item, recipe)
    _use(device)  # for this process, which may be a worker
    return _finish(opened, recipe, _sampling(opened, recipe, tell), force, save, to)


def sample_files(
    items: Sequence[Item], recipe: SamplingSettings, *, force: bool, device: Device = "cpu"
) -> list[Values | Exception]:
    """`sample_file` of each item; a network samples clouds together if it sees as many points of each."""
    opened = [attempt(partial(_open, recipe=recipe), item) for item in items]
    _use(device)
    sampled = _together([one for one in opened if isinstance(one, _Opened)], recipe)

    def finish(one: _Opened) -> Values:
        sampling = sampled.pop(one.item, None) or _sampling(one, recipe)
        return _finish(one, recipe, sampling, force, save=True, to=None)

    return [attempt(finish, one) if isinstance(one, _Opened) else one for one in opened]


@dataclass(frozen=True, eq=False)
class _Opened:
    """The cloud of an item after cuts and perturbation, and the mesh that it was sampled from."""

    item: Item
    cloud: PointCloud
    mesh: TriangleMesh | None
    axis_of: PointCloud | TriangleMesh  # the content of the file, from which the up axis is guessed


def _open(item: Item, recipe: SamplingSettings) -> _Opened:
    from apsnet_core.evaluation.comparison.perturb import perturbed
    from apsnet_core.files.open_cloud import open_cloud

    cloud, mesh = open_cloud(item.source, points=recipe.points, seed=recipe.seed, **recipe.chosen(item.row))
    axis_of = mesh or cloud
    if recipe.cuts:
        cloud = recipe.cuts.done(cloud, guess_up(axis_of) if recipe.up == "auto" else recipe.up)
    return _Opened(item, perturbed(cloud, recipe.what_if.change, recipe.seed), mesh, axis_of)


def _finish(
    opened: _Opened, recipe: SamplingSettings, sampling: Sampling, force: bool, save: bool, to: str | None
) -> Values:
    from apsnet_core.ops.sample_distances import distances

    item, cloud = opened.item, opened.cloud
    sampling, edit = recipe.what_if.edited(sampling, cloud)
    output, lost = _saved(item, cloud, sampling, force, to) if save else (None, ())
    chamfer, hausdorff, covered = distances(cloud.xyz, sampling.points)
    kept: Values = {}
    if recipe.quality:
        from apsnet_core.evaluation.scan_quality import scan_quality

        up = guess_up(opened.axis_of) if recipe.up == "auto" else recipe.up
        kept = {"quality": scan_quality(cloud, sampling, up).as_dict()}
    return kept | {
        "source": str(item.source),
        "output": output,
        "method": recipe.method,
        "m": len(sampling.points),
        "change": recipe.what_if.change.words or None,
        "edit": edit or None,
        "seed": recipe.seed,
        "points": len(cloud),
        "drawn_from_mesh": opened.mesh is not None,
        "parts": parts_of(sampling),
        "dropped": cloud.dropped,
        "notes": [*cloud.remarks, *sampling.notes, *lost_fields(sampling), *lost],
        "index": None if sampling.indices is None else cloud.source_rows(sampling.indices).tolist(),
        "seconds": sampling.seconds,
        "chamfer": chamfer,
        "hausdorff": hausdorff,
        "coverage": covered,
    }


def parts_of(sampling: Sampling) -> Values | None:
    """The number of parts of a sampling, and those unlike the training; None if it was not by parts."""
    if sampling.parts is None:
        return None
    checked, count = sampling.checked, int(sampling.parts.max(initial=-1)) + 1
    if checked is None:
        return {"count": count}
    return {"count": count, "looked_at": len(checked.looked_at), "unlike": checked.unlike.tolist()}


def _use(device: Device) -> None:
    if device == "cpu":
        return
    from apsnet_core.networks.device import choose_device

    try:
        choose_device(device)
    except ValueError as error:
        raise BatchError(str(error)) from None


def _sampling(opened: _Opened, recipe: SamplingSettings, tell: Progress | None = None) -> Sampling:
    cloud = opened.cloud
    try:
        if recipe.voxel_size is not None:
            return _by_edge(cloud, recipe.voxel_size, recipe.seed)
        if recipe.by is not None:
            return _in_parts(opened, recipe, tell)
        sampler, m = _asked(opened, recipe)
        return sampler.sample(cloud, m, recipe.seed)
    except BatchError:
        raise
    except ValueError as error:
        raise BatchError(f"{printable(opened.item.source)}: {error}") from error


def _in_parts(opened: _Opened, recipe: SamplingSettings, tell: Progress | None) -> Sampling:
    from apsnet_core.evaluation.in_parts import InParts

    cloud, up = opened.cloud, guess_up(opened.axis_of) if recipe.up == "auto" else recipe.up
    m = recipe.m if recipe.share is None else max(1, round(recipe.share * len(cloud)))
    spec = MethodSpec.parse(recipe.method)
    return InParts(spec, recipe.by or "tiles", recipe.task, up, recipe.share_by).sample(
        cloud, m, recipe.seed, tell
    )


def _together(opened: Sequence[_Opened], recipe: SamplingSettings) -> dict[Item, Sampling]:
    """Samplings of the items that a network samples as a batch; others, and those that fail, are left out."""
    if not MethodSpec.parse(recipe.method).row.learned or recipe.by is not None:
        return {}
    alike: dict[tuple[CheckedSampler, int], list[_Opened]] = {}
    for one in opened:
        alike.setdefault(_asked(one, recipe), []).append(one)
    sampled: dict[Item, Sampling] = {}
    for (sampler, m), some in alike.items():
        fitting = [one for one in some if m <= len(one.cloud)]
        with suppress(ValueError):  # one cloud fails: sampling each one separately will report it
            samplings = sampler.sample_all([one.cloud for one in fitting], m, recipe.seed)
            sampled |= {one.item: sampling for one, sampling in zip(fitting, samplings, strict=True)}
    return sampled


def _asked(opened: _Opened, recipe: SamplingSettings) -> tuple[CheckedSampler, int]:
    """The sampler for the up axis of the cloud, and the number of points."""
    if recipe.share is not None:
        recipe = replace(recipe, m=max(1, round(recipe.share * len(opened.cloud))), share=None)
    turns = MethodSpec.parse(recipe.method).row.choose is None  # methods that choose rows use no up axis
    up = None if not turns else guess_up(opened.axis_of) if recipe.up == "auto" else recipe.up
    return sampler_of(recipe, up), recipe.m


def _by_edge(cloud: PointCloud, edge: float, seed: int) -> Sampling:
    """One point for each voxel of the length ``edge``, in the cloud's own unit."""
    from apsnet_core.methods.interface import RowSampler
    from apsnet_core.ops.voxel import voxel_sample

    began = time.perf_counter()
    rows = voxel_sample(cloud.xyz, edge)
    sampling = RowSampler("voxel", lambda points, m, seed: rows).sample(cloud, len(rows), seed)
    return replace(sampling, seconds=time.perf_counter() - began)  # includes the search of the voxels


def _saved(
    item: Item, cloud: PointCloud, sampling: Sampling, force: bool, to: str | None
) -> tuple[str, tuple[str, ...]]:
    """Write the sampling; returns its path or URL, and notes on fields that are left out."""
    from apsnet_core.files import write
    from apsnet_core.files.formats import format_of
    from apsnet_core.files.sampling_columns import replaced_fields
    from apsnet_core.files.urls import url_of

    target = format_of(f"a.{to}") if to else format_of(item.target)
    attention = _attention(sampling, cloud)
    write(cloud, item.target, force=force, sampling=sampling, attention=attention, format=to)
    lost = target.leaves_out(cloud) if target else ()
    return url_of(item.target) or str(item.target), lost or replaced_fields(cloud, sampling, attention)


def _attention(sampling: Sampling, cloud: PointCloud) -> Float32 | None:
    if sampling.rollout is None:
        return None
    from apsnet_core.methods.attention import attention_of

    return attention_of(sampling, cloud)


@lru_cache
def sampler_of(recipe: SamplingSettings, up: str | None) -> CheckedSampler:
    """The sampler of the settings, created once; `BatchError` says what is missing."""
    from apsnet_core.methods.creating import create

    try:
        spec = MethodSpec.parse(recipe.method)
        return create(spec, recipe.task, up, m=recipe.m, working=recipe.working, completion=recipe.completion)
    except ValueError as error:
        raise BatchError(str(error)) from error
