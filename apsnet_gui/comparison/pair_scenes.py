"""Two methods in one scene: the samples that moved, or the difference of their attention."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.colours.diverging import diverging, reach
from apsnet_core.colours.field_colours import LegendClass
from apsnet_core.difference_colours import BOTH, ends
from apsnet_gui.colourings.colouring import Colours
from apsnet_gui.state.document import Document, MethodAtSize
from apsnet_gui.state.result import Result
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.scene import (
    DARK,
    LIGHT,
    Layer,
    MeshLayer,
    Rgb,
    Scene,
    SphereLayer,
    UInt8,
    ghost,
)
from apsnet_gui.views.document_scene import UNDER_HEAT, ViewContents, depth_cue, layer_of, scene_parts
from apsnet_gui.views.fading import GHOST
from apsnet_gui.views.hidden_points import without_hidden
from apsnet_gui.views.own_size import in_own_size, usual_size
from apsnet_gui.views.sample_size import sphere_radius

THIN = 0.16  # the radius of a line between two samples, relative to the radius of a sample
SIDES = 6  # the number of sides of such a line, which is drawn as a prism


@dataclass(frozen=True, eq=False)
class Named:
    """A result with a name that differs from that of the other result."""

    result: Result
    name: str

    @classmethod
    def of(cls, place: MethodAtSize, other: MethodAtSize, result: Result) -> Named:
        """Name the ``result`` of ``place``; the name has the size only if ``other`` has another size."""
        label = place.method.label
        return cls(result, label if place.row == other.row else f"{label} · {result.sampling.m}")


@dataclass(frozen=True, eq=False)
class PairScene:
    """The input of the picture, which is collected on the GUI thread; any thread can make the scene of it.

    ``hidden`` are kinds of samples: 0 those in both, 1 only the reference's, 2 only the other's.
    """

    document: Document
    reference: Named
    shown: Named
    dark: bool
    hidden: frozenset[int] = frozenset()

    @property
    def parts(self) -> tuple[Hashable, ...]:
        """The values on which the picture depends: equal parts give equal pictures."""
        layout = self.document.lineup.layout
        return (
            *scene_parts(self.document),
            layout,
            self.reference.result,
            self.shown.result,
            self.dark,
            self.hidden,
        )

    @property
    def missing(self) -> str | None:
        """A sentence why there is no difference to show, None if there is one."""
        results = self.reference.result, self.shown.result
        if self.document.lineup.layout == "attention" and not all(each.has_attention for each in results):
            return "Only APSNet has attention: choose two of its weights, sizes, seeds or variants."
        return None

    def make(self) -> ViewContents:
        """The scene with its legend."""
        look = self.document.look
        background = {"dark": DARK, "light": LIGHT}.get(look.background, DARK if self.dark else LIGHT)
        cloud = self.shown.result.cloud
        attends = self.document.lineup.layout == "attention"
        if attends:
            colours, bar = self._attention(cloud, background == DARK)
        else:
            colours, bar = Colours(ghost(_plain(cloud.xyz, BOTH), background, GHOST)), None
        entry = self.document.entry(self.shown.result.entry)
        points = layer_of("cloud", cloud, colours if entry is None else without_hidden(colours, entry, cloud))
        points = in_own_size(points, entry)
        samples, legend = self._samples(background == DARK, attends)
        layers = (points, *samples) if look.samples or not attends else (points,)
        depth = depth_cue(look, layers, data=attends)
        size = usual_size(look, layers)
        scene = Scene(layers, size, background, self.document.up, look.axes, depth=depth)
        return ViewContents(scene, bar or legend)

    def _attention(self, cloud: PointCloud, dark: bool) -> tuple[Colours, ColorBar]:
        from apsnet_core.methods.attention import attention_difference

        one, other = self.shown, self.reference
        values = attention_difference(one.result.found, other.result.found, cloud)
        most, table = reach(values), diverging(dark)
        places = np.clip((values / most + 1) * 128, 0, 255).astype(np.uint8)
        words = f"{other.name} looked more", f"{one.name} looked more"
        title = "Mean attention of a step" if values.any() else "Both looked at the same"
        bar = ColorBar(title, -most, most, table, "weight", ends=words)
        return Colours(table[places]), bar

    def _samples(self, dark: bool, attends: bool) -> tuple[list[Layer], ColorBar]:
        """The samples of both: kept ones grey, lost and gained ones coloured, with lines between pairs."""
        from apsnet_core.evaluation.moved import moved

        found = moved(self.reference.result.sampling, self.shown.result.sampling)
        less, _, more = ends(dark)
        look = self.document.look
        radius = min(sphere_radius(each.result, look) for each in (self.reference, self.shown))
        radius *= UNDER_HEAT if attends else 1.0
        kinds = (
            ("in both", found.kept, BOTH),
            (f"only {self.reference.name}", found.lost, less),
            (f"only {self.shown.name}", found.gained, more),
        )
        layers: list[Layer] = [
            SphereLayer(name, points, _plain(points, colour), radius, in_front=not attends)
            for kind, (name, points, colour) in enumerate(kinds)
            if len(points) and kind not in self.hidden
        ]
        if len(found.pairs) and not attends and not self.hidden & {1, 2}:
            starts, stops = found.lost[found.pairs[:, 0]], found.gained[found.pairs[:, 1]]
            layers.append(lines(starts, stops, less, more, THIN * radius))
        classes = tuple(
            LegendClass(kind, f"{len(points)} {name}", colour, len(points), kind in self.hidden)
            for kind, (name, points, colour) in enumerate(kinds)
        )
        table = np.array([colour for _, _, colour in kinds], np.uint8)
        return layers, ColorBar("Samples", 0, len(kinds) - 1, table, classes=classes)


def lines(starts: Float32, stops: Float32, first: Rgb, last: Rgb, radius: float) -> MeshLayer:
    """Thin tubes from ``starts`` to ``stops``, (p, 3) each, with colours from ``first`` to ``last``."""
    along = (stops - starts).astype(np.float64)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-30)
    aside = np.eye(3)[np.abs(along).argmin(axis=1)]
    across = np.cross(along, aside)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    turns = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)[:, None]
    ring = np.cos(turns) * across[:, None] + np.sin(turns) * np.cross(along, across)[:, None]
    tubes = np.stack([starts[:, None] + radius * ring, stops[:, None] + radius * ring], axis=1)
    side = np.arange(SIDES)
    after = (side + 1) % SIDES
    near = (
        np.stack([side, after, side + SIDES], axis=1),
        np.stack([after, after + SIDES, side + SIDES], axis=1),
    )
    faces = np.concatenate(near)[None] + 2 * SIDES * np.arange(len(starts))[:, None, None]
    colours = np.repeat(np.array([first, last], np.uint8), SIDES, axis=0)
    return MeshLayer(
        "moves",
        tubes.reshape(-1, 3).astype(np.float32),
        faces.reshape(-1, 3),
        np.tile(colours, (len(starts), 1)),
    )


def _plain(xyz: Float32, colour: Rgb) -> UInt8:
    return np.full((len(xyz), 3), colour, np.uint8)
