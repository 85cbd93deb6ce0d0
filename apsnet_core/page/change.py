"""What a view of a page has that its reference has not, and the other way round."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apsnet_core.types import Array, Float32, Int64, Mask, Values


@dataclass(frozen=True, eq=False)
class Change:
    """``new`` (m,) are the samples that the reference has not, ``lost`` (l, 3) those that it alone has.

    ``pairs`` (p, 2) are rows of ``lost`` and of the samples that took their places. ``attention`` gives for
    points (k, 3) of the cloud how much more this one looked there, (k,), below 0 how much less.
    """

    new: Mask
    lost: Float32
    pairs: Int64
    attention: Callable[[Float32], Float32] | None = None


def change_data(change: Change | None, cloud: Float32, packed: Callable[[Array], str]) -> Values:
    """The data of a change, before ``cloud`` (k, 3); ``packed`` writes positions as the view's are."""
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
