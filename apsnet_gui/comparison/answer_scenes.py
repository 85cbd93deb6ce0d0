"""The task net's answer for a method's samples as a scene: a reconstruction, or an aligned pair of clouds."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.methods.registry import method_colour
from apsnet_core.placing import corners
from apsnet_core.tasks.answer import Answer
from apsnet_core.tasks.registration import Registration
from apsnet_gui.comparison.results import MethodResult, WholeCloud
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.scene import (
    DARK,
    LIGHT,
    Layer,
    PointLayer,
    Rgb,
    Scene,
    SphereLayer,
    UInt8,
    ghost,
)
from apsnet_gui.views.document_scene import ViewContents, depth_cue, rgb
from apsnet_gui.views.hidden_points import hidden_among
from apsnet_gui.views.own_size import in_own_size, usual_size
from apsnet_gui.views.sample_size import sphere_radius

FAR = 0.05  # the end of the colour range relative to the diagonal: the radius of the coverage metric
FAINT = 0.35  # the strength of the colour of the cloud's points
COPY = 0.55  # the strength of the colour of the copy's points
SMALL = 0.8  # the relative size of samples where there are two sets of them
GREY = (140, 150, 163)
WHOLE = (110, 162, 255)


def cloud_scene(document: Document, cloud: PointCloud, dark: bool) -> ViewContents:
    """The scene of only the cloud, in the style of the answers."""
    look = document.look
    background = {"dark": DARK, "light": LIGHT}.get(look.background, DARK if dark else LIGHT)
    layer = _cloud("cloud", cloud.xyz, plain(cloud.xyz, GREY), document.active, cloud)
    return ViewContents(_scene((layer,), document, background))


def answer_scene(
    document: Document, answer: Answer, whole: WholeCloud, part: MethodResult | None, before: bool, dark: bool
) -> ViewContents:
    """The scene of an ``answer``; ``part`` is None for the answer for the full cloud.

    ``before`` shows the two clouds of a registration as they were before it. Raises ValueError if the answer
    has nothing to draw.
    """
    look = document.look
    background = {"dark": DARK, "light": LIGHT}.get(look.background, DARK if dark else LIGHT)
    bar = None
    layers: tuple[Layer, ...]
    if isinstance(answer, Registration) and whole.copy is not None:
        layers = overlay(answer, whole.cloud, whole.copy.cloud, part, before, document, background)
    elif answer.drawn is None:
        raise ValueError(f"a {type(answer).__name__} has nothing to draw")
    else:
        points, bar = rebuilt(answer.drawn, whole.cloud, background)
        layers = (in_own_size(points, document.active),)
    return ViewContents(_scene(layers, document, background, bar is not None), bar)


def _scene(layers: tuple[Layer, ...], document: Document, background: Rgb, data: bool = False) -> Scene:
    look, size = document.look, usual_size(document.look, layers)
    depth = depth_cue(look, layers, data)
    return Scene(layers, size, background, document.up, look.axes, depth=depth)


def rebuilt(points: Float32, cloud: PointCloud, background: Rgb) -> tuple[PointLayer, ColorBar]:
    """The reconstructed points, coloured by their distance to the cloud in one range for all methods."""
    from scipy.spatial import cKDTree

    distances = np.asarray(cKDTree(cloud.xyz).query(points)[0], np.float32)
    lowest, highest = corners(cloud.xyz)
    high = FAR * float(np.linalg.norm(highest - lowest))
    dark = background == DARK
    colours = colormap.apply(distances, 0.0, high, dark=dark)
    bar = ColorBar("Distance from the cloud", 0.0, high, colormap.table(dark), cloud.unit or "units")
    return PointLayer("rebuilt", points, colours), bar


def overlay(
    answer: Registration,
    cloud: PointCloud,
    copy: PointCloud,
    part: MethodResult | None,
    before: bool,
    document: Document,
    background: Rgb,
) -> tuple[Layer, ...]:
    """The ``cloud`` in grey and its ``copy`` in the method's colour, before or after the registration.

    The samples of both are highlighted, because they were the only input of the network.
    """
    result, look = part.result if part else None, document.look
    source = document.entry(document.what_if.other) or document.active
    colour = rgb(method_colour(result.choice.method)) if result else WHOLE
    moved = copy.xyz if before else answer.aligned
    clouds = (
        _cloud("cloud", cloud.xyz, ghost(plain(cloud.xyz, GREY), background, FAINT), document.active, cloud),
        _cloud("copy", moved, ghost(plain(moved, colour), background, COPY), source, copy),
    )
    if part is None or result is None or part.partner is None or not look.samples:
        return clouds
    radius = sphere_radius(result, look) * SMALL
    own, other = result.sampling.points, part.partner.points
    if not before:
        other = (other @ answer.rotation.T + answer.translation).astype(np.float32)
    return (
        *clouds,
        SphereLayer("of the cloud", own, plain(own, GREY), radius, in_front=True),
        SphereLayer("of the copy", other, plain(other, colour), radius, in_front=True),
    )


def _cloud(key: str, xyz: Float32, colours: UInt8, entry: OpenShape | None, cloud: PointCloud) -> PointLayer:
    """The layer of a ``cloud`` at ``xyz`` (n, 3), with its ``entry``'s point size, without hidden points."""
    hidden = hidden_among(entry, cloud) if entry is not None else None
    if hidden is None:
        return in_own_size(PointLayer(key, xyz, colours), entry)
    rows = np.flatnonzero(~hidden)
    return in_own_size(PointLayer(key, xyz[rows], colours[rows], rows=rows), entry)


def plain(xyz: Float32, colour: Rgb) -> UInt8:
    """Colours (n, 3) uint8: the same ``colour`` for every point."""
    return np.full((len(xyz), 3), colour, np.uint8)
