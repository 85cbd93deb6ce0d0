"""A cloud as a network sees it: upright, brought to the size it was trained with, and not too many points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import PointCloud
from apsnet_core.ops.normalise import Frame, Normalisation, frame_of, in_blocks
from apsnet_core.ops.orientation import Up, guess_up, up_turn
from apsnet_core.types import Array


@dataclass(frozen=True, eq=False)
class View:
    """From a cloud's coordinates to the network's, and back: a turn, then a `Frame`."""

    turn: npt.NDArray[np.float64]
    frame: Frame

    def apply(self, points: Array, order: Literal["C", "F"] = "C") -> Array:
        """Points (..., 3) of the cloud as the network sees them; ``order`` as of `in_blocks`."""
        turn = self.turn.T.astype(points.dtype)
        return in_blocks(points, lambda block: self.frame.apply(block @ turn), order)

    def restore(self, points: Array) -> Array:
        """The network's points (..., 3) in the coordinates of the cloud."""
        turn = self.turn.astype(points.dtype)
        return in_blocks(points, lambda block: self.frame.restore(block) @ turn)


def view_of(cloud: PointCloud, normalisation: Normalisation, up: str | None, wanted: Up) -> View:
    """The view of a cloud whose ``up`` axis, guessed if None, becomes the ``wanted`` one."""
    turn = up_turn(up or guess_up(cloud), wanted)
    return View(turn, frame_of(cloud.xyz, normalisation, turn))
