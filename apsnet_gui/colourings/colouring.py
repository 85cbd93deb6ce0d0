"""What a colouring is: one way to colour the points of a shape."""

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
    """The weight of each point of a cloud, (n,), and the legend with the range of the colours."""

    values: Float32
    legend: ColorBar


@dataclass(frozen=True, eq=False)
class Subject:
    """What is to be coloured: the points or vertices of ``shape``, whose plain colour is ``colour``.

    ``up`` is the axis that points up. ``attention`` is None unless the result has some. ``dark`` tells of
    the background. ``scale`` is the one that a user has set for the numbers, None for the usual one.
    ``parts`` (n,) are those in which a cloud was sampled, None where it was whole, and ``checked`` what is
    known of them.
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
    """Colours of the points or vertices, (n, 3) uint8, with a legend where they stand for numbers.

    ``shown`` (n,) says which points are drawn, None that all are.
    """

    rgb: UInt8
    legend: ColorBar | None = None
    shown: Mask | None = None


def points_of(shape: Shape) -> Float32:
    """Points or vertices, (n, 3)."""
    return shape.vertices if isinstance(shape, TriangleMesh) else shape.xyz


def always_possible(shape: Shape) -> str | None:
    """Nothing is missing."""
    return None


def never_attention(count: int) -> bool:
    """Never show attention, however many points there are."""
    return False


def never_waits(shape: Shape) -> bool:
    """All that it paints by is there."""
    return False


@dataclass(frozen=True)
class Colouring:
    """A row of the table `apsnet_gui.colourings.registry`.

    ``label`` is its name in the menu, with the mnemonic; ``about`` is a sentence. ``missing`` says what a
    shape lacks for it, None where it lacks nothing. ``paint`` gives the colours; where something is
    missing, the plain colour. ``shows_attention`` tells for a number of points whether it shows the
    attention of a result. ``compared`` names the colouring that replaces it where methods are compared.

    Where the colours stand for numbers on a scale that a user may set, ``scale`` is the usual one,
    ``numbers(shape, up)`` gives the numbers (n,), None for a shape without, and ``of_field`` names them.
    While it ``waits`` for numbers that ``estimate`` makes on a worker thread, which takes long, and keeps,
    the shape has its plain colour.
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
    """One colour for all points; it is held once, and cannot be written into."""
    return Colours(np.broadcast_to(np.array(subject.colour, np.uint8), subject.points.shape))
