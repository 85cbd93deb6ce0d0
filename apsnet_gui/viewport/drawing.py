"""What the renderer's process knows of each view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.canvas import Canvas, Image, Size
from apsnet_gui.viewport.geometry import Geometry, LitPoints, Mesh, Piece, Points, Spheres
from apsnet_gui.viewport.projection import point_across
from apsnet_gui.viewport.protocol import Array, Header, MappedPicture
from apsnet_gui.viewport.scene import Bounds, DepthCue, Rgb

Shape = Points | Spheres | Mesh
_MAKERS: dict[str, Callable[..., Shape]] = {
    "points": Points,
    "lit points": LitPoints,
    "spheres": Spheres,
    "mesh": Mesh,
}

Kind = tuple[Size, float]  # pictures of one size and as many points are drawn alike


@dataclass
class Passes:
    """A picture in progress: the geometry that is still to be drawn, and what is drawn, with its depth.

    The ``image`` is as Open3D drew it for the ``camera``, before its depth is shown.
    """

    todo: list[list[Piece]]
    image: Image
    depth: Image
    camera: Camera


@dataclass
class Drawing:
    """A view: its shapes by key, how they are drawn, its canvas, and the file of its pictures."""

    view: int
    shapes: dict[str, Shape] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    background: Rgb = (0, 0, 0)
    point_size: float = 3.0
    own_sizes: dict[str, float] = field(default_factory=dict)  # of the points of some shapes
    world_sizes: dict[str, float] = field(default_factory=dict)  # of those whose size is in the scene's units
    depth: DepthCue = field(default_factory=DepthCue)
    ball: Bounds = field(default_factory=lambda: Bounds((0.0, 0.0, 0.0), 1.0))
    own: Canvas | None = None  # of a heavy scene, whose geometry stays uploaded
    kind: Kind | None = None  # of the last whole picture
    smooth: bool = False  # that one was drawn at twice its size
    passes: Passes | None = None
    rehearsed: list[int] | None = None  # the size for which moving it is quick
    output: MappedPicture | None = None

    @property
    def visible(self) -> list[Shape]:
        """The visible shapes."""
        shown = [shape for key, shape in self.shapes.items() if key not in self.hidden]
        return [shape for shape in shown if shape.weight]  # Open3D complains of empty geometry

    @property
    def clouds(self) -> list[tuple[Points, float, float]]:
        """The visible clouds with their point sizes: in logical pixels, and in the scene's units or 0."""
        return [
            (shape, self.own_sizes.get(key, self.point_size), self.world_sizes.get(key, 0.0))
            for key, shape in self.shapes.items()
            if isinstance(shape, Points) and shape.weight and key not in self.hidden
        ]

    def aim(self, camera: Camera, height: float) -> None:
        """Give clouds whose point size is in the scene's units the size that it has where ``camera`` looks.

        ``height`` is the picture's in logical pixels. It is what they have where all points have one size.
        """
        for key, length in self.world_sizes.items():
            self.own_sizes[key] = point_across(camera, length, height)

    @property
    def solids(self) -> list[Geometry]:
        """The geometry of what is visible and no cloud."""
        shapes = [shape for shape in self.visible if not isinstance(shape, Points)]
        return [make() for shape in shapes for make, _ in shape.pieces()]

    @property
    def pieces(self) -> list[Geometry]:
        """The geometry of the visible shapes."""
        return [make() for make, _ in self.parts]

    @property
    def parts(self) -> list[Piece]:
        """What gives the geometry of the visible shapes, piece by piece."""
        return [part for shape in self.visible for part in shape.pieces()]

    @property
    def sizes(self) -> list[float]:
        """The point sizes of the visible clouds, each once; one of them costs one picture."""
        shown = [key for key, shape in self.shapes.items() if isinstance(shape, Points) and shape.weight]
        found = [self.own_sizes.get(key, self.point_size) for key in shown if key not in self.hidden]
        return list(dict.fromkeys(found)) or [self.point_size]

    def of_size(self, size: float, halvings: int) -> list[Geometry]:
        """Every 2^``halvings``-th point of clouds of that size; what is no cloud is with the first size."""
        found: list[Geometry] = []
        first = size == self.sizes[0]
        for key, shape in self.shapes.items():
            wanted = self.own_sizes.get(key, self.point_size) == size if isinstance(shape, Points) else first
            if wanted and shape.weight and key not in self.hidden:
                found += shape.draft(halvings)
        return found

    @property
    def weight(self) -> float:
        """The cost of the visible shapes, counted in points."""
        return sum(shape.weight for shape in self.visible)

    def set_scene(self, header: Header, arrays: list[Array]) -> list[Geometry]:
        """Apply a scene message: a layer without arrays is unchanged, one with colours alone is recoloured.

        Returns the geometry that must be uploaded again.
        """
        changed: list[Geometry] = []
        self.passes = self.rehearsed = None
        self.background = tuple(header["background"])
        self.point_size = header["point_size"]
        self.depth = DepthCue(*header["depth"])
        center, radius = header["ball"]
        self.ball = Bounds(tuple(center), radius)
        kept: dict[str, Shape] = {}
        for layer in header["layers"]:
            key = layer["key"]
            sent = [arrays[index] for index in layer["arrays"]]
            if layer["change"] == "all":
                kept[key] = _MAKERS[layer["kind"]](*sent, *layer["extra"])
            else:
                kept[key] = self.shapes[key]
                if layer["change"] == "colors":
                    changed += kept[key].recolor(*sent)
        self.shapes = kept
        self.own_sizes = {
            layer["key"]: layer["point_size"] for layer in header["layers"] if layer["point_size"]
        }
        self.world_sizes = {
            layer["key"]: layer["world_size"] for layer in header["layers"] if layer["world_size"]
        }
        self.hidden = {layer["key"] for layer in header["layers"] if not layer["visible"]}
        return changed

    @property
    def balls(self) -> list[Spheres]:
        """The visible spheres of samples."""
        return [shape for shape in self.visible if isinstance(shape, Spheres)]

    def look(self, canvas: Canvas, camera: Camera, background: Rgb, point_size: float) -> None:
        """Set ``canvas`` up for the camera; the spheres are moved for each camera, see `Spheres`."""
        front = any(ball.in_front for ball in self.balls)
        canvas.look(camera, self.ball, background, point_size, front)
        for ball in self.balls:
            canvas.refresh(ball.come_forward(camera, canvas.shrink, canvas.lift))
