"""A sampling as a cloud: the fields of the chosen points, and how they were chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from apsnet_core.checked_parts import FAR
from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.files.columns import Column
from apsnet_core.sampling import Sampling


def as_cloud(cloud: PointCloud, sampling: Sampling, attention: Float32 | None = None) -> PointCloud:
    """``sampling`` of ``cloud`` as a cloud in sampling order, with ``index``, ``order``, ``attention`` (m,).

    The index is the row in the source's file. A cloud that was sampled in parts has the ``part`` (m,) of each
    sample, and, where they were compared with the training, in ``unlike_training`` (m,) 1 for those in a part
    unlike it, 0 in one like it, -1 in one that was not looked at. Generated points have no index, and nothing
    of the source's fields belongs to them.
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
    """A note on the fields of the cloud in whose place the file of a sampling has its own of that name."""
    if sampling.indices is None:
        return ()
    taken = as_cloud(replace(cloud, attributes={}), sampling, attention).attributes.keys()
    names = [name for name in cloud.attributes if name in taken]
    which = f"the file's {', '.join(names)} left out"
    return (f"{which}: the sampling has fields of its own that are called so",) if names else ()


def _parts(cloud: PointCloud, sampling: Sampling, parts: Int64) -> dict[str, Column]:
    rows = sampling.indices
    if rows is None:  # generated, or placed by hand: the nearest point tells
        from apsnet_core.ops.neighbours import nearest_of

        _, rows = nearest_of(cloud.xyz, sampling.points)
    own, checked = parts[rows], sampling.checked
    if checked is None:
        return {"part": own}
    farther = np.append(checked.farther, -1)[own]  # -1, no part, is the last
    unlike = np.where(farther < 0, -1, farther >= FAR).astype(np.int8)
    return {"part": own, "unlike_training": unlike}


def notes_of(sampling: Sampling) -> dict[str, str]:
    """How the points were chosen, for formats with room for remarks."""
    notes = {"method": sampling.method, "seed": str(sampling.seed)}
    return notes if sampling.weights is None else {**notes, "weights": sampling.weights}
