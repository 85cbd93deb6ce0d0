"""The differences between a view on a page and its reference view."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apsnet_core.types import Array, Float32, Int64, Mask, Values


@dataclass(frozen=True, eq=False)
class Change:
    """The difference of a sample from its reference.

    ``new`` (m,) is the mask of the samples that are not in the reference, ``lost`` (l, 3) are the samples
    that are only in the reference. ``pairs`` (p, 2) are rows of ``lost`` and of the samples that replace
    them. ``attention`` returns the difference in attention (k,) at points (k, 3) of the cloud, above 0 where
    this view has more.
    """

    new: Mask
    lost: Float32
    pairs: Int64
    attention: Callable[[Float32], Float32] | None = None


def change_data(change: Change | None, cloud: Float32, packed: Callable[[Array], str]) -> Values:
    """The data of a change for the page's script.

    ``cloud`` (k, 3) are the points of the view; ``packed`` encodes positions like those of the view.
    """
    if change is None:
        return {}
    data: Values = {
        "new": change.new.astype(int).tolist(),
        "lost": packed(change.lost),
        "pairs": change.pairs.tolist(),
    }
    if change.attention is not None:
        more = change.attention(cloud)
        most = max(float(np.abs(more).max()), np.finfo(np.float32).tiny)
        shades = (127.5 + 127.5 * np.sign(more) * np.sqrt(np.abs(more) / most)).round().astype(np.uint8)
        data["against"] = base64.b64encode(shades.tobytes()).decode()
    return data
