"""Estimate the normals of clouds whose files have none, when lighting is on."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from apsnet_core.cloud import Float32, PointCloud
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.estimates import Estimates
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.widgets.form_rows import counted

NEIGHBOURS = 16
"""The number of nearest neighbours to which the plane of a point is fitted."""

_estimated: WeakKeyDictionary[PointCloud, Float32] = WeakKeyDictionary()


def normals_of(shape: Shape) -> Float32 | None:
    """The normals from the file or the estimated ones; None if there are none yet."""
    if shape.normals is not None or not isinstance(shape, PointCloud):
        return shape.normals
    return _estimated.get(shape)


class Normals(Estimates):
    """Estimates the normals of clouds that are shown with lighting; a cloud without normals looks flat."""

    title = "Estimating normals"

    def shows(self, document: Document, entry: OpenShape) -> bool:
        return document.look.lit

    def is_known(self, cloud: PointCloud) -> bool:
        return normals_of(cloud) is not None

    def estimate(self, cloud: PointCloud, progress: JobProgress) -> Float32:
        from apsnet_core.ops.neighbours import local_planes

        return local_planes(cloud.xyz, NEIGHBOURS, tell=progress.report)[0]

    def keep(self, cloud: PointCloud, found: Float32) -> str:
        _estimated[cloud] = found
        return (
            f"Light by normals: the file has none, so those of {counted(len(cloud), 'point')} are "
            f"estimated from {NEIGHBOURS} neighbours each"
        )

    def stays(self, why: str) -> str:
        end = f"could not be estimated: {why}" if why else "were not estimated: the cloud stays flat"
        return f"Normals {end}"
