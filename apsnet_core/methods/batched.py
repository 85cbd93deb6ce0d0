"""Sampling of batches of clouds of equal size, from a dataset preprocessed as its task net expects it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.interface import check_generated
from apsnet_core.methods.learned import open_network
from apsnet_core.methods.matching import matched_rows
from apsnet_core.methods.method import Variant
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.methods.working_rows import working_rows
from apsnet_core.networks.registry import sampler_network
from apsnet_core.networks.view import view_of
from apsnet_core.weights import Metadata

Want = tuple[Variant | None, int]
"""A variant (None for a method without variants) and a number of points."""


def sample_clouds(
    name: str, clouds: Tensor, wants: Sequence[Want], *, task: str, up: str, seed: int = 0,
    weights: str | None = None, pairs: bool = False,
) -> Iterator[tuple[Want, Tensor]]:  # fmt: skip
    """Yield for each of ``wants`` the samples (B, m, 3) that a `Sampler` gives for ``clouds`` (B, N, 3).

    With ``pairs`` the second half of the batch holds the second clouds of pairs; they are sampled with
    another seed than the first ones.
    """
    each = [PointCloud(cloud.numpy()) for cloud in clouds]
    firsts = len(each) // 2 if pairs else len(each)

    def sampled(variant: Variant | None, m: int) -> Tensor:
        spec = MethodSpec(name, variant, weights)
        first, second = (create(which, task, up) for which in (spec, spec.for_partner(seed)))
        return _stacked([
            (first if place < firsts else second).sample(cloud, m, seed).points
            for place, cloud in enumerate(each)
        ])  # fmt: skip

    nested, most = MethodSpec(name).row.nested, max(m for _, m in wants)
    begun: dict[Variant | None, Tensor] = {}
    for variant, m in wants:
        if nested and variant not in begun:
            begun[variant] = sampled(variant, most)
        yield (variant, m), begun[variant][:, :m] if nested else sampled(variant, m)


def generate_for_clouds(
    weights: Path, clouds: Tensor, wants: Sequence[Want], *, known_as: Metadata, seed: int = 0
) -> Iterator[tuple[Want, Tensor]]:
    """Yield samples by a network, which runs once: smaller samples are prefixes of its largest one.

    The clouds have the orientation and normalisation of the metadata ``known_as``. If the network expects the
    same, the clouds are not changed, as in training: the source of a registration keeps the scale of its
    template, and the first points of a stored cloud keep the position of the whole cloud. A `Sampler` instead
    centres and scales each cloud by its own points, so its samples differ slightly.
    """
    network, metadata = open_network(weights)
    how = sampler_network(metadata.architecture)
    if how is None:
        raise ValueError(f"{metadata.architecture} is not a sampler network")
    if (known_as.normalisation, known_as.up) == (metadata.normalisation, metadata.up):
        views, whole = None, clouds
    else:
        each = [cloud.numpy() for cloud in clouds]
        views = [view_of(PointCloud(c), metadata.normalisation, known_as.up, metadata.up) for c in each]
        whole = _stacked([view.apply(cloud) for view, cloud in zip(views, each, strict=True)])
    most = max(m for _, m in wants)
    with torch.no_grad():
        generated = how.generate(network, _worked_on(clouds, whole, metadata.points, seed), most)
    check_generated(generated, len(clouds), most)
    for variant, m in wants:
        points = generated[:, :m]
        if variant == "m":
            yield (variant, m), _gather(clouds, matched_rows(points, whole, m))
        elif views is None:
            yield (variant, m), points
        else:
            restored = [view.restore(own.numpy()) for view, own in zip(views, points, strict=True)]
            yield (variant, m), _stacked(restored)


def _worked_on(clouds: Tensor, whole: Tensor, points: int, seed: int) -> Tensor:
    """The working points (B, k, 3) of ``whole`` for a network trained with ``points`` points."""
    rows = [working_rows(cloud.numpy(), points, seed) for cloud in clouds]
    if any(own is None for own in rows):
        return whole
    return _gather(whole, torch.from_numpy(np.stack([own for own in rows if own is not None])))


def _stacked(parts: Sequence[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(np.stack(parts)))


def _gather(clouds: Tensor, rows: Tensor) -> Tensor:
    return clouds.gather(1, rows[..., None].expand(-1, -1, 3))
