"""Cut a cloud: remove points, extract a part, or split a scan into objects. Uses no widgets."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.editing.selection import Selection
from apsnet_core.types import Int64, Mask, Progress
from apsnet_gui.state.open_shape import Loaded, OpenShape
from apsnet_gui.widgets.form_rows import grouped

if TYPE_CHECKING:
    from apsnet_core.editing.objects import Clusters
    from apsnet_core.editing.steps import EditStep  # loads pydantic, which would delay the start

MOST_OBJECTS = 64


def cut(entry: OpenShape, step: EditStep, tell: Progress, stay: Mask | None = None) -> OpenShape:
    """Return a new shape with the points that a step keeps.

    ``stay`` is the mask (n,) of these points, if it is known. Raises ValueError if the step would keep no
    point or all points.
    """
    cloud = _cloud(entry)
    stay = step.kept(cloud, entry.up, tell) if stay is None else stay
    left = int(stay.sum())
    if left == 0:
        raise ValueError(f"none of its {grouped(len(cloud))} points would be left")
    if left == len(cloud):
        raise ValueError("there is nothing to remove")
    words = f"{step.words}: {grouped(left)} of {grouped(len(cloud))} points are left"
    return part(entry, np.flatnonzero(stay), entry.name, words)


@dataclass(frozen=True, eq=False)
class FoundObjects:
    """The largest objects of a scan.

    ``count`` is the number of all objects, ``by`` the clustering that separated them, ``reach`` the width of
    the gaps that were bridged.
    """

    parts: list[OpenShape]
    count: int
    by: Clusters
    reach: float


def objects(entry: OpenShape, tell: Progress, by: Clusters, reach: float | None = None) -> FoundObjects:
    """Find the objects of a scan, each as a shape. ``reach`` None is chosen from the scan.

    Raises ValueError if there is no object.
    """
    from apsnet_core.editing.objects import Segmentation, split_objects

    cloud = _cloud(entry)
    found = split_objects(cloud, entry.up, Segmentation(reach, clusters=by), tell)
    if not found.count:
        raise ValueError("it contains no object: nothing is left without floor, walls and ground")
    parts = [
        part(entry, found.rows(i), f"{entry.name} · {i + 1}", f"object {i + 1} of {found.count}")
        for i in range(min(found.count, MOST_OBJECTS))
    ]
    return FoundObjects(parts, found.count, by, found.reach)


def part(entry: OpenShape, rows: Int64, name: str, words: str) -> OpenShape:
    """A new shape with the points ``rows`` (k,) of a cloud; it has the same up axis."""
    cloud = _cloud(entry)
    loaded = Loaded.measured(cloud.take(rows))
    hidden = entry.hidden_mask
    if hidden is not None:
        hidden = hidden[rows]
    return replace(
        entry,
        id=os.urandom(4).hex(),
        name=name,
        shape=loaded.shape,
        extent=loaded.extent,
        upright=None,
        kept=Selection.of(_of_file(entry, rows, len(cloud))),
        cuts=(*entry.cuts, words),
        hidden=Selection.of(hidden) if hidden is not None and hidden.any() else None,
    )


def mask_in(now: OpenShape, before: OpenShape, mask: Mask) -> Mask:
    """Reduce ``mask`` (n,) of the points of ``before`` to the points that cuts have kept in ``now``."""
    if now.id == before.id or now.kept is None:
        return mask
    left = now.kept.mask(now.kept.count)
    return mask[left if before.kept is None else left[before.kept.mask(before.kept.count)]]


def _of_file(entry: OpenShape, rows: Int64, count: int) -> Mask:
    """The mask of all points in the file that selects ``rows`` of the points that the shape has kept."""
    before = np.arange(count) if entry.kept is None else np.flatnonzero(entry.kept.mask(entry.kept.count))
    mask = np.zeros(count if entry.kept is None else entry.kept.count, dtype=np.bool_)
    mask[before[rows]] = True
    return mask


def _cloud(entry: OpenShape) -> PointCloud:
    if not isinstance(entry.shape, PointCloud):
        raise ValueError("only point clouds can be cut: this is a mesh")
    return entry.shape
