"""Crop a cloud by a box: keep or remove the points inside it."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.ops.orientation import up_turn
from apsnet_core.types import Mask

_BLOCK = 1 << 18


@dataclass(frozen=True)
class Box:
    """A box around ``centre``, in the file's own coordinates, rotated about ``up`` by ``turn`` degrees.

    ``size`` are its edge lengths: first along the two axes perpendicular to up, in the order of their names,
    then along up. If ``up`` is not an axis, the first two are along the directions that become x and y by the
    smallest rotation of up to z.
    """

    centre: tuple[float, float, float]
    size: tuple[float, float, float]
    turn: float = 0.0
    up: str = "z"

    def __post_init__(self) -> None:
        if not np.isfinite([*self.centre, *self.size, self.turn]).all() or min(self.size) < 0:
            raise ValueError("a box has a centre and edges of 0 or more, all finite numbers")

    @property
    def axes(self) -> Float64:
        """The directions of the edges as rows (3, 3), up last."""
        across = up_turn(self.up, "z")
        angle = np.deg2rad(self.turn)
        cosine, sine = np.cos(angle), np.sin(angle)
        found: Float64 = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]]) @ across
        return found

    @property
    def corners(self) -> Float64:
        """The corners (8, 3) in the file's own coordinates: the lower four in a loop, then the upper four."""
        signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float64)
        units = np.concatenate([np.insert(signs, 2, -1, axis=1), np.insert(signs, 2, 1, axis=1)])
        found: Float64 = (units * np.asarray(self.size) / 2) @ self.axes + np.asarray(self.centre)
        return found


def box_around(cloud: PointCloud, up: str = "z", turn: float = 0.0) -> Box:
    """The smallest box with the rotation ``turn`` that contains all points."""
    axes = Box((0, 0, 0), (0, 0, 0), turn, up).axes
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for start in range(0, len(cloud), _BLOCK):
        along = _along(cloud.xyz[start : start + _BLOCK].astype(np.float64), axes)
        low = np.minimum(low, [each.min() for each in along])
        high = np.maximum(high, [each.max() for each in along])
    centre = ((low + high) / 2) @ axes + cloud.offset
    x, y, z = centre.tolist()
    width, depth, height = (high - low).tolist()
    return Box((x, y, z), (width, depth, height), turn, up)


def inside(cloud: PointCloud, box: Box) -> Mask:
    """The mask (n,) of the points in the box, including its faces up to float32 rounding.

    >>> cloud = PointCloud.from_array(np.array([[0.0, 0, 0], [2, 0, 0]]))
    >>> inside(cloud, Box((0, 0, 0), (2, 2, 2))).tolist()
    [True, False]
    """
    axes, centre = box.axes, np.asarray(box.centre) - cloud.offset
    slack = np.spacing(np.float32(np.abs(cloud.xyz).max(initial=0))) / 2
    half = np.asarray(box.size) / 2 + slack
    found = np.empty(len(cloud), dtype=np.bool_)
    for start in range(0, len(cloud), _BLOCK):
        along = _along(cloud.xyz[start : start + _BLOCK] - centre, axes)
        within = [np.abs(each) <= reach for each, reach in zip(along, half, strict=True)]
        found[start : start + _BLOCK] = within[0] & within[1] & within[2]
    return found


def _along(points: Float64, axes: Float64) -> list[Float64]:
    """The coordinates of ``points`` (n, 3) along each of the ``axes`` (k, 3), a list of k arrays (n,).

    They are computed column by column, because BLAS threads wait for each other in so narrow a product.
    """
    x, y, z = points.T
    return [x * a + y * b + z * c for a, b, c in axes.tolist()]
