"""The scene of a view: layers of points, spheres and triangles. No Qt, no Open3D."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Literal

from apsnet_core.arrays import np, npt
from apsnet_core.placing import coordinates_text, corners
from apsnet_core.types import Float32 as Float32
from apsnet_core.types import Float64 as Float64
from apsnet_core.types import Int64 as Int64
from apsnet_core.types import UInt8 as UInt8

Rgb = tuple[int, int, int]
Background = Literal["dark", "light"] | Rgb
Up = str  # see `apsnet_core.ops.orientation`: an axis, or a vector

DARK: Rgb = (24, 26, 29)
LIGHT: Rgb = (250, 250, 249)


def _check_rows(name: str, array: npt.NDArray[np.generic], dtype: type, rows: int | None = None) -> None:
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype != dtype:
        raise ValueError(f"{name} must be (n, 3) {dtype.__name__}, not {array.shape} {array.dtype}")
    if rows is not None and len(array) != rows:
        raise ValueError(f"{name} must have {rows} rows, not {len(array)}")


@dataclass(frozen=True, eq=False)
class PointLayer:
    """Points: ``xyz`` (n, 3) float32, ``colors`` (n, 3) uint8.

    ``point_size`` is in logical pixels, None for the scene's. With a ``world_size``, in units of the scene,
    nearer points are larger. Points are drawn as discs, or as squares where there are so many of them that
    discs would take long. ``rows`` (n,) are the row numbers of the points in the whole cloud, None where the
    layer is the whole cloud. With ``normals`` (n, 3) float32 the points are lit like a surface, from both
    sides.
    """

    key: str
    xyz: Float32
    colors: UInt8
    visible: bool = True
    rows: Int64 | None = None
    normals: Float32 | None = None
    point_size: float | None = None
    world_size: float | None = None

    def __post_init__(self) -> None:
        _check_rows("xyz", self.xyz, np.float32)
        _check_rows("colors", self.colors, np.uint8, len(self.xyz))
        if self.rows is not None and self.rows.shape != (len(self.xyz),):
            raise ValueError(f"rows must be ({len(self.xyz)},), not {self.rows.shape}")
        if self.normals is not None:
            _check_rows("normals", self.normals, np.float32, len(self.xyz))


@dataclass(frozen=True, eq=False)
class SphereLayer:
    """Spheres: ``centers`` (m, 3) float32, ``colors`` (m, 3) uint8, one ``radius`` in units of the scene.

    ``labels`` is empty or has one text for each sphere, which Qt draws. Points and triangles never cover
    spheres that are ``in_front``.
    """

    key: str
    centers: Float32
    colors: UInt8
    radius: float
    labels: tuple[str, ...] = ()
    visible: bool = True
    in_front: bool = False

    def __post_init__(self) -> None:
        _check_rows("centers", self.centers, np.float32)
        _check_rows("colors", self.colors, np.uint8, len(self.centers))
        if self.radius <= 0:
            raise ValueError(f"radius must be positive, not {self.radius}")
        if self.labels and len(self.labels) != len(self.centers):
            raise ValueError(f"labels must be empty or {len(self.centers)} texts, not {len(self.labels)}")


@dataclass(frozen=True, eq=False)
class MeshLayer:
    """Triangles: ``vertices`` (v, 3) float32, ``faces`` (k, 3), ``colors`` (3,) or (v, 3) uint8."""

    key: str
    vertices: Float32
    faces: npt.NDArray[np.integer]
    colors: UInt8
    visible: bool = True

    def __post_init__(self) -> None:
        _check_rows("vertices", self.vertices, np.float32)
        if self.faces.ndim != 2 or self.faces.shape[1] != 3:
            raise ValueError(f"faces must be (k, 3), not {self.faces.shape}")
        if self.colors.shape != (3,):
            _check_rows("colors", self.colors, np.uint8, len(self.vertices))


Layer = PointLayer | SphereLayer | MeshLayer


@dataclass(frozen=True)
class Bounds:
    """The bounding sphere of all visible layers, to which a camera is fitted."""

    center: tuple[float, float, float]
    radius: float


@dataclass(frozen=True)
class DepthCue:
    """The strengths of the two depth cues, each from 0 (off) to 1.

    ``edges``: eye-dome lighting, which darkens slanted surfaces and the pixels beside a nearer object.
    ``fade``: distant points take on the background's colour.
    """

    edges: float = 0.0
    fade: float = 0.0

    def __bool__(self) -> bool:
        """Whether any depth cue is on."""
        return self.edges > 0 or self.fade > 0


@dataclass(frozen=True, eq=False)
class Scene:
    """Layers with unique keys, and the settings of their drawing. ``point_size`` is in logical pixels.

    A position in a layer plus ``offset`` is an absolute position, in ``unit`` if that is not empty.
    """

    layers: tuple[Layer, ...] = ()
    point_size: float = 3.0
    background: Background = "dark"
    up: Up = "z"
    show_axes: bool = True
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    depth: DepthCue = DepthCue()
    unit: str = ""

    def __post_init__(self) -> None:
        keys = [layer.key for layer in self.layers]
        if len(set(keys)) != len(keys):
            raise ValueError(f"layer keys must differ: {keys}")

    @property
    def background_rgb(self) -> Rgb:
        """The colour of the background."""
        if self.background == "dark":
            return DARK
        return LIGHT if self.background == "light" else self.background


def where(scene: Scene, xyz: tuple[float, float, float]) -> str:
    """A position of the scene in absolute coordinates, as text."""
    absolute = np.asarray(scene.offset) + np.asarray(xyz, np.float64)
    return f"{coordinates_text(absolute, 2 * bounds(scene).radius)} {scene.unit}".rstrip()


def positions(layer: Layer) -> Float32:
    """(n, 3) float32: the points, centres or vertices of a layer."""
    if isinstance(layer, PointLayer):
        return layer.xyz
    return layer.centers if isinstance(layer, SphereLayer) else layer.vertices


_extents: dict[int, tuple[Float64, Float64]] = {}


def _extent(xyz: Float32) -> tuple[Float64, Float64]:
    """The corners of the bounding box, cached as long as the array exists, as clouds are often recoloured."""
    key = id(xyz)
    if key not in _extents:
        low, high = corners(xyz)
        _extents[key] = low.astype(np.float64), high.astype(np.float64)
        weakref.finalize(xyz, _extents.pop, key, None)
    return _extents[key]


def bounds(scene: Scene) -> Bounds:
    """The sphere around the bounding box of all visible layers; its radius is 1 if there is no extent."""
    lows, highs, wide = [], [], False
    for layer in scene.layers:
        xyz = positions(layer)
        if layer.visible and len(xyz):
            margin = layer.radius if isinstance(layer, SphereLayer) else 0.0
            low, high = _extent(xyz)
            wide = wide or bool((high > low).any())
            lows.append(low - margin)
            highs.append(high + margin)
    if not lows:
        return Bounds((0.0, 0.0, 0.0), 1.0)
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    x, y, z = ((low + high) / 2).tolist()
    radius = float(np.linalg.norm(high - low)) / 2
    return Bounds((x, y, z), radius if wide else max(radius, 1.0))


def ghost(colors: UInt8, background: Rgb, strength: float = 0.25) -> UInt8:
    """Colours (n, 3) uint8 faded towards the background, because Open3D's points cannot be transparent."""
    if len(colors) > 1 and colors.strides[0] == 0:  # all points share one colour
        return np.broadcast_to(ghost(colors[:1], background, strength), colors.shape)
    levels = np.arange(256, dtype=np.float32) * np.float32(strength)
    faded = np.empty(colors.shape, np.uint8)
    for channel, ground in enumerate(background):  # a lookup table avoids float arrays for large clouds
        table = levels + np.float32(ground) * np.float32(1 - strength)
        faded[:, channel] = (table + 0.5).astype(np.uint8)[colors[:, channel]]
    return faded
