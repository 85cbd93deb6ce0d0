"""The interface of a colouring: one way to colour the points of a shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from apsnet_core.arrays import np
from apsnet_core.checked_parts import CheckedParts
from apsnet_core.cloud import Float32, PointCloud, TriangleMesh
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.types import Array, Int64, Mask, Progress
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.scene import Rgb, UInt8

Shape = PointCloud | TriangleMesh


@dataclass(frozen=True, eq=False)
class Attention:
    """The attention weights (n,) of the points of a cloud, and the legend with the range of the colours."""

    values: Float32
    legend: ColorBar


@dataclass(frozen=True, eq=False)
class Subject:
    """The input of a colouring: the points or vertices of ``shape``, whose plain colour is ``colour``.

    ``up`` is the axis that points up. ``dark`` is whether the background is dark. ``attention`` is None
    unless the result has attention. ``scale`` is the scale that a user has set for the numbers, None for the
    usual one. ``parts`` (n,) are the part numbers of the points, None if the cloud was sampled as a whole,
    and ``checked`` is the comparison of the parts with the training.
    """

    shape: Shape
    colour: Rgb
    up: str
    dark: bool
    attention: Attention | None = None
    scale: FieldScale | None = None
    parts: Int64 | None = None
    checked: CheckedParts | None = None

    @property
    def points(self) -> Float32:
        """Points or vertices, (n, 3)."""
        return points_of(self.shape)


@dataclass(frozen=True, eq=False)
class Colours:
    """Colours of the points or vertices, (n, 3) uint8, with a legend if they represent numbers or classes.

    ``shown`` (n,) is a mask of the points that are drawn, None for all.
    """

    rgb: UInt8
    legend: ColorBar | None = None
    shown: Mask | None = None


def points_of(shape: Shape) -> Float32:
    """Points or vertices, (n, 3)."""
    return shape.vertices if isinstance(shape, TriangleMesh) else shape.xyz


def always_possible(shape: Shape) -> str | None:
    """Return None, because no shape lacks anything."""
    return None


def never_attention(count: int) -> bool:
    """Never show attention, regardless of the number of points."""
    return False


def never_waits(shape: Shape) -> bool:
    """Never wait, because there is nothing to estimate."""
    return False


@dataclass(frozen=True)
class Colouring:
    """A row of the table `apsnet_gui.colourings.registry`.

    ``label`` is its name in the menu, with the mnemonic; ``about`` is a sentence. ``missing`` returns a
    sentence about what a shape lacks for the colouring, or None. ``paint`` returns the colours, or the plain
    colour if the shape lacks something. ``shows_attention`` returns for a number of points whether the
    attention of a result is shown. ``compared`` names the colouring used instead while methods are compared.

    If the colours represent numbers on a scale that a user may set, ``scale`` is the usual scale,
    ``numbers(shape, up)`` returns the numbers (n,) or None, and ``of_field`` is the name of the field.
    Numbers that take long are computed by ``estimate`` on a worker thread and cached; while ``waits``
    returns True for a shape, it has its plain colour.
    """

    name: str
    label: str
    about: str
    paint: Callable[[Subject], Colours] = field(compare=False)
    missing: Callable[[Shape], str | None] = always_possible
    shows_attention: Callable[[int], bool] = never_attention
    compared: str | None = None
    scale: FieldScale | None = None
    numbers: Callable[[Shape, str], Array | None] | None = field(default=None, compare=False)
    of_field: str = ""
    waits: Callable[[Shape], bool] = field(default=never_waits, compare=False)
    estimate: Callable[[PointCloud, Progress], Array] | None = field(default=None, compare=False)


def plain_colours(subject: Subject) -> Colours:
    """One colour for all points, as a read-only array that stores the colour only once."""
    return Colours(np.broadcast_to(np.array(subject.colour, np.uint8), subject.points.shape))
