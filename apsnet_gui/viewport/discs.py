"""Clouds drawn as round points; Open3D can only draw squares of one size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from apsnet_core.colours.discs import LARGEST, Int32, area, in_picture, in_steps, nearest_discs
from apsnet_core.types import Float64
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.canvas import AMBIENT, Image, Size
from apsnet_gui.viewport.drawing import Drawing
from apsnet_gui.viewport.geometry import CHUNK, Array, Points
from apsnet_gui.viewport.projection import pixels_across, project

SECONDS_PER_LOOK, SECONDS_PER_POINT, SECONDS_PER_PIXEL = 30e-9, 100e-9, 8e-9  # on a slow machine
_TRIED = 4096  # points of a cloud from which the share of its points in the picture is estimated


class Discs(NamedTuple):
    """Points in a picture: their centres (n, 2), depths (n,), integer diameters (n,) and colours (n, 3)."""

    pixels: Float64
    away: Float64
    diameters: Int32
    colours: Array

    def put(self, image: Image, depth: Image, back: float) -> tuple[Image, Image]:
        """The picture (h, w, 3) and its depth (h, w) with the discs drawn where they are nearer.

        The depth of the picture is measured from a point at distance ``back`` behind the eye.
        """
        height, width = depth.shape
        rows = nearest_discs(self.pixels, self.away, self.diameters, (width, height))
        at = np.flatnonzero(rows.ravel() >= 0)
        row = rows.ravel()[at]
        away = (self.away[row] + back).astype(np.float32)
        nearer = away < depth.ravel()[at]
        at, row = at[nearer], row[nearer]
        image, depth = image.copy(), depth.copy()
        image.reshape(-1, 3)[at] = self.colours[row] * np.float32(1 / 255)
        depth.ravel()[at] = away[nearer]
        return image, depth


@dataclass(frozen=True, eq=False)
class _Cloud:
    """A cloud with the size of its points: in pixels, or in units of the scene where ``world`` is not 0."""

    shape: Points
    pixels: float
    world: float

    def seconds(self, camera: Camera, size: Size) -> float:
        """The estimated seconds to draw the cloud, from some of its points."""
        count = len(self.shape.xyz)
        rows = self.shape.order[:: -(-count // _TRIED)]
        diameters, times = np.unique(self.discs(rows, camera, size).diameters, return_counts=True)
        pixels = np.array([area(each) for each in diameters.tolist()])
        seen = times @ (SECONDS_PER_POINT + SECONDS_PER_PIXEL * pixels)
        return float(count * (SECONDS_PER_LOOK + seen / len(rows)))

    def discs(self, rows: slice | Array, camera: Camera, size: Size) -> Discs:
        """The discs of those of the points in ``rows`` that are in the picture."""
        pixels, away = project(camera, self.shape.xyz[rows], size)
        if self.world:
            diameters = in_steps(pixels_across(camera, self.world, away, size[1]))
        else:
            whole = min(max(round(self.pixels), 1), LARGEST)
            diameters = np.full(len(away), whole, np.int32)
        seen = in_picture(pixels, diameters, size)
        if not camera.orthographic:
            seen &= away > 0
        colours = self.shape.colors[rows][seen]
        if self.shape.normals is not None:
            facing = np.abs(self.shape.normals[rows][seen] @ camera.axes[2].astype(np.float32))
            colours = colours * (AMBIENT + (1 - AMBIENT) * facing)[:, None]
        return Discs(pixels[seen], away[seen], diameters[seen], colours)


def discs_of(drawing: Drawing, camera: Camera, size: Size, larger: float, seconds: float) -> Discs | None:
    """The visible clouds in a picture of ``size``, None if drawing them would take more than ``seconds``.

    Point sizes are in logical pixels; ``larger`` is the number of the picture's pixels in each of them.
    """
    clouds = [_Cloud(shape, pixels * larger, world) for shape, pixels, world in drawing.clouds]
    if not clouds or sum(cloud.seconds(camera, size) for cloud in clouds) > seconds:
        return None
    parts = [
        cloud.discs(slice(first, first + CHUNK), camera, size)
        for cloud in clouds
        for first in range(0, len(cloud.shape.xyz), CHUNK)
    ]
    pixels, away, diameters, colours = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Discs(pixels, away, diameters, colours)
