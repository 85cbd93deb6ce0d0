"""Read any file as a point cloud; a mesh is replaced by points sampled on its surface."""

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
    """The cloud in a file, and the mesh if the file holds one, else None.

    From a mesh, ``points`` points are sampled on the surface with the ``seed``. The other arguments are those
    of `apsnet_core.files.read`. Raises ReadError if the file cannot be read or the mesh has no surface.
    """
    shape = read(path, dataset=dataset, row=row, columns=columns, format=format)
    if isinstance(shape, PointCloud):
        return shape, None
    try:
        return sample_surface(shape, points, seed), shape
    except ValueError as error:
        raise ReadError(path, str(error)) from error
