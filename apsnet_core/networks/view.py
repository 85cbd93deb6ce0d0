"""A cloud as a network sees it: turned upright and scaled to the size of its training shapes."""

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
    """The transform between a cloud's coordinates and the network's: a rotation ``turn``, then a `Frame`."""

    turn: npt.NDArray[np.float64]
    frame: Frame

    def apply(self, points: Array, order: Literal["C", "F"] = "C") -> Array:
        """Transform points (..., 3) of the cloud to the network's coordinates. ``order``: see `in_blocks`."""
        turn = self.turn.T.astype(points.dtype)
        return in_blocks(points, lambda block: self.frame.apply(block @ turn), order)

    def restore(self, points: Array) -> Array:
        """Transform the network's points (..., 3) back to the coordinates of the cloud."""
        turn = self.turn.astype(points.dtype)
        return in_blocks(points, lambda block: self.frame.restore(block) @ turn)


def view_of(cloud: PointCloud, normalisation: Normalisation, up: str | None, wanted: Up) -> View:
    """Return the view that turns the cloud's ``up`` axis, guessed if None, to the ``wanted`` one."""
    turn = up_turn(up or guess_up(cloud), wanted)
    return View(turn, frame_of(cloud.xyz, normalisation, turn))
