"""The points that a crop or cleaning would remove: in words, and whether they can be removed."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.types import Mask
from apsnet_gui.widgets.form_rows import grouped


def can_go(going: Mask) -> bool:
    """Whether at least one point would be removed and at least one kept."""
    return 0 < int(np.count_nonzero(going)) < len(going)


def going_words(going: Mask) -> str:
    """A sentence about the number of points in the mask ``going`` (n,) that would be removed."""
    count, of = int(np.count_nonzero(going)), grouped(len(going))
    if count == len(going):
        return f"All {of} points would be removed: no cloud would be left"
    return f"{grouped(count)} of {of} points would be removed"
