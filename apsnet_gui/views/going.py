"""What a tool that cuts would leave out: in words, and whether it can."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.types import Mask
from apsnet_gui.widgets.form_rows import grouped


def can_go(going: Mask) -> bool:
    """Whether there is something to leave out, and something stays."""
    return 0 < int(np.count_nonzero(going)) < len(going)


def going_words(going: Mask) -> str:
    """How many of the points (n,) would go."""
    count, of = int(np.count_nonzero(going)), grouped(len(going))
    if count == len(going):
        return f"All {of} points would be removed: no cloud would be left"
    return f"{grouped(count)} of {of} points would be removed"
