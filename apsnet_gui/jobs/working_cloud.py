"""Apply the what-if: compute the cloud that is sampled, its copy, and the samples with their edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.evaluation.comparison.edits import edited
from apsnet_core.evaluation.comparison.perturb import Perturbation, perturbed
from apsnet_core.ops.surface import sample_surface
from apsnet_core.remembered import remembered
from apsnet_core.sampling import Sampling
from apsnet_gui.state.document import Choice
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.state.result import Result
from apsnet_gui.state.samples_key import key_of
from apsnet_gui.state.what_if import WhatIf

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.registration_target import Copy


def working_cloud(shape: Shape, choice: Choice) -> PointCloud:
    """The unchanged point cloud of a shape: points sampled on a mesh's surface, or the cloud itself."""
    return _surface(shape, choice.surface, choice.seed) if isinstance(shape, TriangleMesh) else shape


def changed_cloud(shape: Shape, choice: Choice, change: Perturbation) -> PointCloud:
    """The cloud that is sampled: the shape's cloud after the perturbation ``change``."""
    return _changed(working_cloud(shape, choice), change, choice.seed)


def copy_of(
    cloud: PointCloud, shape: Shape, choice: Choice, what_if: WhatIf, other: OpenShape | None
) -> Copy:
    """The copy that a registration aligns with ``cloud``; ``cloud`` is ``shape`` after the what-if's change.

    It is a turned copy of ``cloud``, a new scan of the shape, or the cloud of ``other``.
    """
    from apsnet_core.evaluation.comparison.registration_target import Copy, scanned_again, turned

    if other is not None:
        return Copy(working_cloud(other.shape, choice))
    scan = None
    if what_if.turn.resampled:
        scan = scanned_again(shape, choice.surface, choice.seed, what_if.change)
    return turned(cloud, choice.seed, what_if.turn, scan)


def result_of(
    entry: OpenShape, choice: Choice, what_if: WhatIf, cloud: PointCloud, found: Sampling
) -> Result:
    """The result of the sampling ``found`` after its edits, without measures."""
    key = key_of(entry, choice, what_if.change)
    edit = what_if.edit_of(key)
    if edit is not None and edit.m != found.m:  # drop the edits: the file has changed since
        edit = None
    sampling = edited(found, edit, cloud) if edit else found
    return Result(entry.id, choice, cloud, sampling, found, key, edit)


# These are cached: equal arguments give the same object, so that views can tell that nothing has changed.
@remembered(8)
def _surface(mesh: TriangleMesh, n: int, seed: int) -> PointCloud:
    return sample_surface(mesh, n, seed)


@remembered(2)
def _changed(cloud: PointCloud, change: Perturbation, seed: int) -> PointCloud:
    return perturbed(cloud, change, seed)
