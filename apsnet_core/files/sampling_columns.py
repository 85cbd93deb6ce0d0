"""A sampling as a cloud: the fields of the chosen points, and how they were chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.files.columns import Column
from apsnet_core.sampling import Sampling


def as_cloud(cloud: PointCloud, sampling: Sampling, attention: Float32 | None = None) -> PointCloud:
    """``sampling`` of ``cloud`` as a cloud in sampling order, with ``index``, ``order``, ``attention`` (m,).

    The index is the row in the source's file. Generated points have none, and nothing of the source's
    fields belongs to them.
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
    return replace(base, attributes=attributes)


def notes_of(sampling: Sampling) -> dict[str, str]:
    """How the points were chosen, for formats with room for remarks."""
    notes = {"method": sampling.method, "seed": str(sampling.seed)}
    return notes if sampling.weights is None else {**notes, "weights": sampling.weights}
