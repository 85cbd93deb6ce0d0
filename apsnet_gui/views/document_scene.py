"""Makes the scene of a document: pure functions from shapes and a result to layers and colours."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, PointCloud, TriangleMesh
from apsnet_core.colours.eye_dome import SPARSE
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.methods.registry import method_colour
from apsnet_core.remembered import remembered
from apsnet_gui.colourings.colouring import Attention, Colours, Subject
from apsnet_gui.colourings.plain import PLAIN
from apsnet_gui.colourings.registry import named
from apsnet_gui.jobs.working_cloud import working_cloud
from apsnet_gui.state.document import Document, Look
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.state.result import Heat, Result, shows_heat
from apsnet_gui.state.selected import Mark
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.scene import (
    DARK,
    LIGHT,
    DepthCue,
    Float64,
    Layer,
    MeshLayer,
    PointLayer,
    Rgb,
    Scene,
    SphereLayer,
    UInt8,
    bounds,
    positions,
)
from apsnet_gui.views.fading import faded
from apsnet_gui.views.hidden_points import without_hidden
from apsnet_gui.views.lighting import lit
from apsnet_gui.views.marks import marked
from apsnet_gui.views.own_size import in_own_size, usual_size
from apsnet_gui.views.sample_size import sphere_radius
from apsnet_gui.views.surface import drawn_mesh, over_surface

LABELS_AT_MOST = 256
UNDER_HEAT = 0.6  # the relative size of samples while the attention is shown, which they must not hide
BY_HAND = 0.6  # the share of white in the colour of samples placed by hand
NOW = 1.6  # the relative size of the present step's sample


@dataclass(frozen=True, eq=False)
class ViewContents:
    """A scene, with its colour bar and the peak of the attention if there are any."""

    scene: Scene
    bar: ColorBar | None = None
    heat: Heat | None = None


def build(
    document: Document, result: Result | None, step: int, dark: bool, mark: Mark | None = None
) -> ViewContents:
    """The scene of all visible shapes, with the samples of the current shape up to ``step``.

    All shapes are at their absolute coordinates minus the offset of the current shape.
    """
    look, active = document.look, document.active
    background = {"dark": DARK, "light": LIGHT}.get(look.background, DARK if dark else LIGHT)
    if result is not None and (active is None or result.entry != active.id):
        result = None
    layers: list[Layer] = []
    bar, hot = None, None
    shown = [entry for entry in document.entries if entry.visible]
    first = active or next(iter(shown), None)
    origin, unit = (first.shape.offset, first.shape.unit) if first is not None else (np.zeros(3), "")
    for entry in shown:
        own = result if entry is active else None
        shape = drawn_shape(entry, own, document)
        if own is not None and shows_heat(entry, own):
            values = heat(own, None if look.attention_mode == "sum" else max(step, 1))
            peak = int(values.argmax())
            hot = Heat(step, look.attention_mode, peak, float(values[peak]))
            legend = heat_bar(values, look, step, background == DARK)
            attention = Attention(on_shape(values, own.cloud, shape), legend)
            subject = Subject(shape, rgb(entry.colour), entry.up, background == DARK, attention, entry.scale)
            colours = named(entry.colouring).paint(subject)
            layer = layer_of(entry.id, shape, without_hidden(colours, entry, shape))
        else:
            ground = background if own is not None and look.ghost and look.samples else None
            row = PLAIN if named(entry.colouring).waits(shape) else named(entry.colouring)
            plainly = shape, row.name, entry.colour, entry.up, background == DARK, entry.scale
            in_parts = own is not None and own.cloud is shape and own.sampling.parts is not None
            colours = faded(shape, colours_of(*plainly, own if in_parts else None), ground)
            layer = kept_layer(entry.id, shape, without_hidden(colours, entry, shape))
        if entry is active:
            bar = colours.legend
        layer = lit(layer, shape) if look.lit else layer
        layer = marked(moved(layer, shape.offset - origin), entry, shape, mark, background)
        layers.append(in_own_size(layer, entry))
    if result is not None and look.samples and active is not None and active.visible:
        layers += sample_layers(document, active, result, step)
    x, y, z = origin.tolist()
    depth = depth_cue(look, layers, bar is not None)
    size = usual_size(look, layers)
    scene = Scene(tuple(layers), size, background, document.up, look.axes, (x, y, z), depth, unit)
    bounds(scene)  # computed here on the worker thread, and cached
    return ViewContents(scene, bar, hot)


def depth_cue(look: Look, layers: Sequence[Layer], data: bool = False) -> DepthCue:
    """The depth cues for ``layers``: only clouds have any, with the strength from ``look``.

    Few points hide little of the points behind them, so they get no edges; they fade with the distance
    instead, unless their colours represent ``data``.
    """
    clouds = [layer for layer in layers if isinstance(layer, PointLayer) and layer.visible]
    if not clouds:
        return DepthCue()
    strength = look.depth / 100
    if sum(len(cloud.xyz) for cloud in clouds) > SPARSE:
        return DepthCue(edges=strength)
    return DepthCue(fade=0.0 if data else strength)


def scene_parts(document: Document) -> tuple[Hashable, ...]:
    """The parts of ``document`` on which scenes and headers depend: equal parts give equal scenes."""
    choice = document.choice
    return document.entries, document.current, document.look, document.what_if, choice.surface, choice.seed


def moved(layer: PointLayer | MeshLayer, by: Float64) -> PointLayer | MeshLayer:
    """The layer moved by ``by`` (3,). The same layer gives the same result, so nothing is sent twice."""
    return _moved(layer, tuple(by.tolist())) if by.any() else layer


@remembered(64)
def _moved(layer: PointLayer | MeshLayer, by: tuple[float, ...]) -> PointLayer | MeshLayer:
    xyz = np.empty_like(positions(layer))
    np.add(positions(layer), np.array(by), out=xyz, casting="same_kind")  # adds in float64, stores float32
    return replace(layer, xyz=xyz) if isinstance(layer, PointLayer) else replace(layer, vertices=xyz)


def drawn_shape(entry: OpenShape, own: Result | None, document: Document) -> Shape:
    """The shape to draw for an entry: the sampled cloud, the cloud itself, the mesh, or points of the mesh.

    A what-if changes only points, so a mesh is then shown as points.
    """
    changed = own is not None and bool(document.what_if.change)
    if entry.as_mesh and isinstance(entry.shape, TriangleMesh) and not changed:
        return drawn_mesh(entry.shape)
    return own.cloud if own is not None else working_cloud(entry.shape, document.choice)


def on_shape(values: Float32, cloud: PointCloud, shape: Shape) -> Float32:
    """The values of the points of ``cloud``, interpolated to the vertices if ``shape`` is a mesh."""
    return over_surface(values, cloud, shape) if isinstance(shape, TriangleMesh) else values


def layer_of(key: str, shape: Shape, colours: Colours) -> PointLayer | MeshLayer:
    """The layer of a cloud or a mesh; for a cloud only with the points in ``colours.shown``."""
    if isinstance(shape, TriangleMesh):
        return MeshLayer(key, shape.vertices, shape.faces, colours.rgb)
    if colours.shown is None:
        return PointLayer(key, shape.xyz, colours.rgb)
    rows = np.flatnonzero(colours.shown)
    return PointLayer(key, shape.xyz[rows], colours.rgb[rows], rows=rows)


kept_layer = remembered(16)(layer_of)  # equal arguments give the same layer, so nothing is sent twice


@remembered(16)
def colours_of(
    shape: Shape, colouring: str, colour: str, up: str, dark: bool, scale: FieldScale | None = None,
    result: Result | None = None,
) -> Colours:  # fmt: skip
    """The colours of the points or vertices, without attention; the parts are from the ``result``."""
    parts, checked = (None, None) if result is None else (result.sampling.parts, result.sampling.checked)
    subject = Subject(shape, rgb(colour), up, dark, scale=scale, parts=parts, checked=checked)
    return named(colouring).paint(subject)


def sample_layers(document: Document, active: OpenShape, result: Result, step: int) -> list[Layer]:
    """The samples up to ``step`` as spheres; the last one is larger while single steps are shown."""
    sampling, look, hot = result.sampling, document.look, shows_heat(active, result)
    radius = sphere_radius(result, look) * (UNDER_HEAT if hot else 1.0)
    colours = sample_colours(result, rgb(method_colour(result.choice.method)))
    stepping = step < sampling.m or (hot and look.attention_mode == "step")
    solid = isinstance(drawn_shape(active, result, document), TriangleMesh)
    front = look.ghost if solid else (look.ghost and not hot) or len(result.cloud) <= SPARSE
    shown = sampling.points[: step - 1 if stepping else sampling.m]
    numbered = look.order and len(shown) <= LABELS_AT_MOST
    labels = tuple(str(i) for i in range(1, len(shown) + 1)) if numbered else ()
    layers: list[Layer] = []
    if len(shown):
        layers.append(SphereLayer("samples", shown, colours[: len(shown)], radius, labels, in_front=front))
    if stepping:
        now = sampling.points[step - 1 : step]
        layers.append(
            SphereLayer("now", now, colours[step - 1 : step], radius * NOW, (str(step),), in_front=front)
        )
    return layers


def sample_colours(result: Result, colour: Rgb) -> UInt8:
    """The colours of the samples, (m, 3): the method's colour, lighter for samples placed by hand."""
    colours: UInt8 = np.tile(np.array(colour, np.uint8), (result.sampling.m, 1))
    if result.edit is not None:
        placed = dict(result.edit.placed)
        by_hand = [number in placed for number in result.edit.numbers]
        colours[by_hand] = (np.array(colour) * (1 - BY_HAND) + 255 * BY_HAND).astype(np.uint8)
    return colours


@remembered(64)
def heat(result: Result, step: int | None) -> Float32:
    """The attention (n,) of a step, or for None the sum over all steps."""
    return result.attention(step)


def heat_bar(values: Float32, look: Look, step: int, dark: bool) -> ColorBar:
    """The colour bar of attention ``values``, with the range set in ``look`` or else that of the values.

    A logarithmic scale shows at most six decades.
    """
    high = look.heat_to or float(values.max()) or 1.0
    low = look.heat_from or (max(float(values.min()), high * 1e-6) if look.logarithmic else 0.0)
    low = min(low, high * 0.999)
    title = "Attention, all steps" if look.attention_mode == "sum" else f"Attention, step {step}"
    return ColorBar(title, low, high, colormap.table(dark), "weight", look.logarithmic)


def rgb(colour: str) -> Rgb:
    """A colour ``#rrggbb`` as three integers from 0 to 255."""
    value = int(colour.lstrip("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255
