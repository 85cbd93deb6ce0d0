"""Geometric operations on batches of points, one per file. Tensors are channels-last, (B, N, 3).

The names below are imported on first use, so that callers that only need numpy (`surface`) do not wait for
torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apsnet_core.ops.chamfer import chamfer_distance as chamfer_distance
    from apsnet_core.ops.chamfer import hausdorff_distance as hausdorff_distance
    from apsnet_core.ops.covering import coverage as coverage
    from apsnet_core.ops.distances import nearest as nearest
    from apsnet_core.ops.distances import squared_distances as squared_distances
    from apsnet_core.ops.farthest_point import complete_selection as complete_selection
    from apsnet_core.ops.farthest_point import farthest_point_sample as farthest_point_sample
    from apsnet_core.ops.matching import match as match
    from apsnet_core.ops.surface import sample_surface as sample_surface
    from apsnet_core.ops.voxel import voxel_sample as voxel_sample

_HOME = {
    "chamfer_distance": "chamfer",
    "hausdorff_distance": "chamfer",
    "coverage": "covering",
    "nearest": "distances",
    "squared_distances": "distances",
    "complete_selection": "farthest_point",
    "farthest_point_sample": "farthest_point",
    "match": "matching",
    "sample_surface": "surface",
    "voxel_sample": "voxel",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
