"""How much the surface bends at each point of a cloud whose file does not say so: estimated once."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from apsnet_core.cloud import PointCloud
from apsnet_core.types import Float32, Progress

_known: WeakKeyDictionary[PointCloud, Float32] = WeakKeyDictionary()


def known_curvature(cloud: PointCloud) -> Float32 | None:
    """What `curvature_of` has estimated, None where it was not asked yet."""
    return _known.get(cloud)


def curvature_of(cloud: PointCloud, tell: Progress | None = None) -> Float32:
    """The share of the spread of each point's 16 neighbours that is off their plane, (n,): 0 to 1/3.

    Takes as long as normals; it is kept while the cloud is there.
    """
    if cloud not in _known:
        from apsnet_core.ops.neighbours import local_planes

        _known[cloud] = local_planes(cloud.xyz, tell=tell)[1]
    return _known[cloud]
