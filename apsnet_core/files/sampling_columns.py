"""Convert a sampling to a cloud: the fields of the chosen points, and fields on how they were chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from apsnet_core.checked_parts import FAR
from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.files.columns import Column
from apsnet_core.sampling import Sampling


def as_cloud(cloud: PointCloud, sampling: Sampling, attention: Float32 | None = None) -> PointCloud:
    """A cloud of the sampled points in sampling order, with fields ``index``, ``order``, ``attention`` (m,).

    The index is the row in the source file. If the cloud was sampled in parts, the field ``part`` (m,) is the
    part of each sample. If the parts were compared with the training data, ``unlike_training`` (m,) is 1 for
    samples in a part unlike these data, 0 in a part like them, and -1 in a part that was not checked.
    Generated points have no index and none of the fields of the source.
    """
    order = np.arange(len(sampling.points))
    if sampling.indices is None:
        attributes: dict[str, Column] = {"order": order}
        base = PointCloud(
            sampling.points,
            sampling.offset,
            label=cloud.label,
            source=cloud.source,
            crs=cloud.crs,
            grid=cloud.grid,
        )
    else:
        base = cloud.take(sampling.indices)
        attributes = {**base.attributes, "index": cloud.source_rows(sampling.indices), "order": order}
    if attention is not None:
        attributes["attention"] = attention
    if sampling.parts is not None and len(sampling.parts) == len(cloud):
        attributes |= _parts(cloud, sampling, sampling.parts)
    return replace(base, attributes=attributes)


def replaced_fields(
    cloud: PointCloud, sampling: Sampling, attention: Float32 | None = None
) -> tuple[str, ...]:
    """A note on the fields of the cloud that are replaced by fields of the sampling with the same names."""
    if sampling.indices is None:
        return ()
    taken = as_cloud(replace(cloud, attributes={}), sampling, attention).attributes.keys()
    names = [name for name in cloud.attributes if name in taken]
    which = f"the file's {', '.join(names)} left out"
    return (f"{which}: the sampling has its own fields with these names",) if names else ()


def _parts(cloud: PointCloud, sampling: Sampling, parts: Int64) -> dict[str, Column]:
    rows = sampling.indices
    if rows is None:  # generated or placed by hand: use the part of the nearest point
        from apsnet_core.ops.neighbours import nearest_of

        _, rows = nearest_of(cloud.xyz, sampling.points)
    own, checked = parts[rows], sampling.checked
    if checked is None:
        return {"part": own}
    farther = np.append(checked.farther, -1)[own]  # the part -1 (none) indexes this last entry
    unlike = np.where(farther < 0, -1, farther >= FAR).astype(np.int8)
    return {"part": own, "unlike_training": unlike}


def notes_of(sampling: Sampling) -> dict[str, str]:
    """The method, seed and weights of a sampling, for formats that can store comments."""
    notes = {"method": sampling.method, "seed": str(sampling.seed)}
    return notes if sampling.weights is None else {**notes, "weights": sampling.weights}
