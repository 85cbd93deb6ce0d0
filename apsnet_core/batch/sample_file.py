"""One file sampled as the settings say, in whichever process that is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from apsnet_core.batch.errors import BatchError
from apsnet_core.batch.item import Item
from apsnet_core.batch.selection import Selection, selection
from apsnet_core.batch.what_if import NOTHING, WhatIf
from apsnet_core.files.errors import printable
from apsnet_core.methods.method import Completion
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import guess_up
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.cloud import Float32, PointCloud, TriangleMesh
    from apsnet_core.methods.interface import Sampler
    from apsnet_core.sampling import Sampling


@dataclass(frozen=True)
class SamplingSettings:
    """How to sample any file: with it and the file the result is determined.

    ``m`` points, or a ``share`` of the cloud's, or one for each voxel of the edge ``voxel_size``.
    """

    method: str
    m: int
    task: str | None
    up: str
    working: int | None
    completion: Completion
    seed: int
    points: int
    dataset: str | None
    row: str | None
    columns: str | None
    from_: str | None
    what_if: WhatIf = NOTHING
    share: float | None = None
    voxel_size: float | None = None

    @property
    def settings(self) -> Values:
        """Its values as plain JSON; a what-if, a share and a voxel's edge only where there is one."""
        values = asdict(self)
        absent = [name for name in ("share", "voxel_size") if values[name] is None]
        absent += ["what_if"] * (self.what_if == NOTHING)
        return {name: value for name, value in values.items() if name not in absent}

    def chosen(self, row: int | None) -> Selection:
        """What of the file to read; ``row`` where it is one of each."""
        told = self.row if row is None else str(row)
        return selection(self.dataset, told, self.columns, self.from_, each=True)


def sample_file(
    item: Item,
    recipe: SamplingSettings,
    *,
    force: bool,
    save: bool = True,
    to: str | None = None,
    device: Literal["auto", "cpu", "cuda"] = "cpu",
) -> Values:
    """Sample one file, write the result if asked to ``save``, and say how well it stands for the cloud."""
    from apsnet_core.evaluation.comparison.perturb import perturbed
    from apsnet_core.files.open_cloud import open_cloud
    from apsnet_core.ops.sample_distances import distances

    cloud, mesh = open_cloud(item.source, points=recipe.points, seed=recipe.seed, **recipe.chosen(item.row))
    what_if = recipe.what_if
    change = what_if.change
    axis_of, cloud = mesh or cloud, perturbed(cloud, change, recipe.seed)
    _use(device)  # of this process, which may be a worker's
    sampling = _sampling(item, recipe, cloud, axis_of)
    sampling, edit = what_if.edited(sampling, cloud)
    output, lost = _saved(item, cloud, sampling, force, to) if save else (None, ())
    chamfer, hausdorff, covered = distances(cloud.xyz, sampling.points)
    return {
        "source": str(item.source),
        "output": output,
        "method": recipe.method,
        "m": len(sampling.points),
        "change": change.words or None,
        "edit": edit or None,
        "seed": recipe.seed,
        "points": len(cloud),
        "drawn_from_mesh": mesh is not None,
        "dropped": cloud.dropped,
        "notes": [*cloud.notes, *sampling.notes, *lost],
        "index": None if sampling.indices is None else cloud.source_rows(sampling.indices).tolist(),
        "seconds": sampling.seconds,
        "chamfer": chamfer,
        "hausdorff": hausdorff,
        "coverage": covered,
    }


def _use(device: Literal["auto", "cpu", "cuda"]) -> None:
    if device == "cpu":
        return
    from apsnet_core.networks.device import choose_device

    try:
        choose_device(device)
    except ValueError as error:
        raise BatchError(str(error)) from None


def _sampling(
    item: Item, recipe: SamplingSettings, cloud: PointCloud, axis_of: PointCloud | TriangleMesh
) -> Sampling:
    """The sampling of ``cloud``; which way is up is asked of ``axis_of``, what the file holds."""
    if recipe.share is not None:
        recipe = replace(recipe, m=max(1, round(recipe.share * len(cloud))), share=None)
    if recipe.voxel_size is not None:
        return _by_edge(item, cloud, recipe.voxel_size, recipe.seed)
    turns = MethodSpec.parse(recipe.method).row.choose is None  # rows of points are chosen as the cloud lies
    up = None if not turns else guess_up(axis_of) if recipe.up == "auto" else recipe.up
    sampler = sampler_of(recipe, up)
    try:
        return sampler.sample(cloud, recipe.m, recipe.seed)
    except ValueError as error:
        raise BatchError(f"{printable(item.source)}: {error}") from error


def _by_edge(item: Item, cloud: PointCloud, edge: float, seed: int) -> Sampling:
    """One point for each voxel of that edge, in the cloud's own unit."""
    from apsnet_core.methods.interface import RowSampler
    from apsnet_core.ops.voxel import voxel_sample

    try:
        rows = voxel_sample(cloud.xyz, edge)
    except ValueError as error:
        raise BatchError(f"{printable(item.source)}: {error}") from error
    return RowSampler("voxel", lambda points, m, seed: rows).sample(cloud, len(rows), seed)


def _saved(
    item: Item, cloud: PointCloud, sampling: Sampling, force: bool, to: str | None
) -> tuple[str, tuple[str, ...]]:
    """Write the sampling; returns where it is, and a note on what the format leaves out."""
    from apsnet_core.files import write
    from apsnet_core.files.formats import format_of
    from apsnet_core.files.urls import url_of

    target = format_of(f"a.{to}") if to else format_of(item.target)
    attention = _attention(sampling, cloud)
    write(cloud, item.target, force=force, sampling=sampling, attention=attention, format=to)
    return url_of(item.target) or str(item.target), target.leaves_out(cloud) if target else ()


def _attention(sampling: Sampling, cloud: PointCloud) -> Float32 | None:
    if sampling.rollout is None:
        return None
    from apsnet_core.methods.attention import attention_of

    return attention_of(sampling, cloud)


@lru_cache
def sampler_of(recipe: SamplingSettings, up: str | None) -> Sampler:
    """The sampler that the settings name, made once; `BatchError` says what is missing."""
    from apsnet_core.methods.creating import create

    try:
        spec = MethodSpec.parse(recipe.method)
        return create(spec, recipe.task, up, m=recipe.m, working=recipe.working, completion=recipe.completion)
    except ValueError as error:
        raise BatchError(str(error)) from error
