"""Any file as a point cloud: a cloud as it is, a mesh by points on its surface."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files import ReadError, read
from apsnet_core.files.many_clouds import Row
from apsnet_core.ops.surface import sample_surface

SURFACE_POINTS = 2048


def open_cloud(
    path: str | PathLike[str],
    *,
    points: int = SURFACE_POINTS,
    seed: int = 0,
    dataset: str | None = None,
    row: Row | None = None,
    columns: Sequence[str] | None = None,
    format: str | None = None,
) -> tuple[PointCloud, TriangleMesh | None]:
    """The cloud in a file, and the mesh that it was drawn from (``points`` of it) if the file holds one.

    The other choices are those of `apsnet_core.files.read`. Raises ReadError for what cannot be read and for
    a mesh without any surface.
    """
    shape = read(path, dataset=dataset, row=row, columns=columns, format=format)
    if isinstance(shape, PointCloud):
        return shape, None
    try:
        return sample_surface(shape, points, seed), shape
    except ValueError as error:
        raise ReadError(path, str(error)) from error
