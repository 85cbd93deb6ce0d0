"""What a task net makes of a method's samples, as a scene: a shape rebuilt, or one laid on another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.palette import method_colour
from apsnet_gui.board import Whole
from apsnet_gui.document import Document
from apsnet_gui.scenes import Shown, rgb
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.overlay import ColorBar
from apsnet_gui.viewport.scene import DARK, LIGHT, PointLayer, Rgb, Scene, UInt8, Up, ghost

if TYPE_CHECKING:
    from apsnet_core.evaluation.answers import Reconstruction, Registration
    from apsnet_gui.board import Answer

FAR = 0.05  # of the diagonal: the reach of a sample's coverage is the end of the colours too
FAINT = 0.35
GREY = (140, 150, 163)


def answer_scene(
    document: Document, answer: Answer, whole: Whole, method: str | None, before: bool, dark: bool
) -> Shown:
    """``method`` None is the answer on the full cloud; ``before`` shows a registration's clouds unmoved."""
    up: Up = "z" if document.active is not None and document.active.up == "z" else "y"
    look = document.look
    background = {"dark": DARK, "light": LIGHT}.get(look.background, DARK if dark else LIGHT)
    bar = None
    if hasattr(answer, "nre"):
        layers, bar = rebuilt(answer, whole.cloud, background)  # type: ignore[arg-type]
    else:
        colour = rgb(method_colour(method)) if method else GREY
        layers = overlay(answer, whole, colour, before, background)  # type: ignore[arg-type]
    return Shown(Scene(layers, float(look.point_size), background, up, look.axes), bar)


def rebuilt(
    answer: Reconstruction, cloud: PointCloud, background: Rgb
) -> tuple[tuple[PointLayer, ...], ColorBar]:
    """The points rebuilt, coloured by their distance to the cloud; the same range for every method."""
    from scipy.spatial import cKDTree

    distances = np.asarray(cKDTree(cloud.xyz).query(answer.points)[0], np.float32)
    high = FAR * float(np.linalg.norm(cloud.xyz.max(0) - cloud.xyz.min(0)))
    dark = background == DARK
    colours = colormap.apply(distances, 0.0, high, dark=dark)
    bar = ColorBar("Off the cloud by", 0.0, high, colormap.table(dark), "units")
    return (PointLayer("rebuilt", answer.points, colours),), bar


def overlay(
    answer: Registration, whole: Whole, colour: Rgb, before: bool, background: Rgb
) -> tuple[PointLayer, ...]:
    """The cloud in grey and its turned copy in the method's colour, where it was or where it was laid."""
    assert whole.copy is not None
    moved = whole.copy.cloud.xyz if before else answer.aligned
    still = ghost(plain(whole.cloud.xyz, GREY), background, FAINT)
    return PointLayer("cloud", whole.cloud.xyz, still), PointLayer("copy", moved, plain(moved, colour))


def plain(xyz: Float32, colour: Rgb) -> UInt8:
    """One colour for all."""
    return np.tile(np.array(colour, np.uint8), (len(xyz), 1))
