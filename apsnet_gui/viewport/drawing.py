"""The state of each view in the renderer's process."""

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

Kind = tuple[Size, float]  # size and weight: pictures that share both are all antialiased or all not


@dataclass
class Passes:
    """A picture in progress: the geometry that is still to be drawn, and the picture with its depth.

    The ``image`` is as Open3D drew it for the ``camera``, before depth cues are applied.
    """

    todo: list[list[Piece]]
    image: Image
    depth: Image
    camera: Camera


@dataclass
class Drawing:
    """A view: its shapes by key, their drawing settings, its canvas, and the file of its pictures."""

    view: int
    shapes: dict[str, Shape] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    background: Rgb = (0, 0, 0)
    point_size: float = 3.0
    own_sizes: dict[str, float] = field(default_factory=dict)  # point sizes by shape, in logical pixels
    world_sizes: dict[str, float] = field(default_factory=dict)  # point sizes by shape, in the scene's units
    depth: DepthCue = field(default_factory=DepthCue)
    ball: Bounds = field(default_factory=lambda: Bounds((0.0, 0.0, 0.0), 1.0))
    own: Canvas | None = None  # a heavy scene has its own canvas, where its geometry stays uploaded
    kind: Kind | None = None  # the kind of the last full picture
    smooth: bool = False  # whether the last full picture was drawn at twice its size
    passes: Passes | None = None
    rehearsed: list[int] | None = None  # the picture size for which camera moves were rehearsed
    output: MappedPicture | None = None

    @property
    def visible(self) -> list[Shape]:
        """The visible shapes."""
        shown = [shape for key, shape in self.shapes.items() if key not in self.hidden]
        return [shape for shape in shown if shape.weight]  # Open3D warns about empty geometry

    @property
    def clouds(self) -> list[tuple[Points, float, float]]:
        """The visible clouds with their point sizes: in logical pixels, and in the scene's units or 0."""
        return [
            (shape, self.own_sizes.get(key, self.point_size), self.world_sizes.get(key, 0.0))
            for key, shape in self.shapes.items()
            if isinstance(shape, Points) and shape.weight and key not in self.hidden
        ]

    def aim(self, camera: Camera, height: float) -> None:
        """Convert point sizes in the scene's units to pixels at the depth of the target of ``camera``.

        ``height`` is the height of the picture in logical pixels. Open3D, which draws all points of a cloud
        in one size, uses the result.
        """
        for key, length in self.world_sizes.items():
            self.own_sizes[key] = point_across(camera, length, height)

    @property
    def solids(self) -> list[Geometry]:
        """The geometry of the visible shapes that are not clouds."""
        shapes = [shape for shape in self.visible if not isinstance(shape, Points)]
        return [make() for shape in shapes for make, _ in shape.pieces()]

    @property
    def pieces(self) -> list[Geometry]:
        """The geometry of the visible shapes."""
        return [make() for make, _ in self.parts]

    @property
    def parts(self) -> list[Piece]:
        """The pieces of the visible shapes: a function that returns the geometry, and its weight."""
        return [part for shape in self.visible for part in shape.pieces()]

    @property
    def sizes(self) -> list[float]:
        """The distinct point sizes of the visible clouds; Open3D draws one pass for each."""
        shown = [key for key, shape in self.shapes.items() if isinstance(shape, Points) and shape.weight]
        found = [self.own_sizes.get(key, self.point_size) for key in shown if key not in self.hidden]
        return list(dict.fromkeys(found)) or [self.point_size]

    def of_size(self, size: float, halvings: int) -> list[Geometry]:
        """Every 2^``halvings``-th point of the clouds with this size; the first size has the other shapes."""
        found: list[Geometry] = []
        first = size == self.sizes[0]
        for key, shape in self.shapes.items():
            wanted = self.own_sizes.get(key, self.point_size) == size if isinstance(shape, Points) else first
            if wanted and shape.weight and key not in self.hidden:
                found += shape.draft(halvings)
        return found

    @property
    def weight(self) -> float:
        """The cost of the visible shapes in points."""
        return sum(shape.weight for shape in self.visible)

    def set_scene(self, header: Header, arrays: list[Array]) -> list[Geometry]:
        """Apply a scene message: layers without arrays are unchanged, those with only colours recoloured.

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
        """Set up ``canvas`` for the camera, and move the spheres for it (see `Spheres.come_forward`)."""
        front = any(ball.in_front for ball in self.balls)
        canvas.look(camera, self.ball, background, point_size, front)
        for ball in self.balls:
            canvas.refresh(ball.come_forward(camera, canvas.shrink, canvas.lift))
