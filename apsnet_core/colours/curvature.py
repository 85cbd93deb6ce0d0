"""Estimate the curvature at each point of a cloud once, if its file does not contain it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from apsnet_core.cloud import PointCloud
from apsnet_core.types import Float32, Progress

_known: WeakKeyDictionary[PointCloud, Float32] = WeakKeyDictionary()


def known_curvature(cloud: PointCloud) -> Float32 | None:
    """The curvature that `curvature_of` has estimated, or None if it was not called yet."""
    return _known.get(cloud)


def curvature_of(cloud: PointCloud, tell: Progress | None = None) -> Float32:
    """The surface variation (n,) from 0 to 1/3: the share of the variance of 16 neighbours off their plane.

    It takes as long as estimating normals. The result is cached as long as the cloud exists.
    """
    if cloud not in _known:
        from apsnet_core.ops.neighbours import local_planes

        _known[cloud] = local_planes(cloud.xyz, tell=tell)[1]
    return _known[cloud]
