"""A dense cloud drawn as pixels: near points hide far ones, and edges are dark, as in the window."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from apsnet_core.cloud import Float64
from apsnet_core.colours.discs import nearest_discs
from apsnet_core.colours.eye_dome import SPARSE, eye_dome
from apsnet_core.evaluation.figures.camera import Camera
from apsnet_core.types import UInt8

_EDGES, _NOWHERE = 0.6, 1e6  # the darkness of edges, as in the window; the distance of an empty pixel


def is_dense(points: Float64) -> bool:
    """Whether ``points`` (n, 2) are so many that they hide the points behind them."""
    return len(points) > SPARSE


def draw_dense(
    axes: Axes,
    flat: Float64,
    depth: Float64,
    rgb: UInt8,
    camera: Camera,
    width: int,
    fade: tuple[float, float] = (1.0, 1.0),
) -> None:
    """Fill ``axes`` with the points ``flat`` (n, 2), as a picture ``width`` pixels wide.

    Their opacity goes from the first value of ``fade`` at ``depth`` (n,) 0 to the second at 1.
    """
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    first, last = np.array([left, bottom]), np.array([right, top])
    seen = ((flat >= first) & (flat <= last)).all(axis=1)
    near, far = fade
    opacity = (255 * (near + (far - near) * depth[seen])).astype(np.uint8)
    image = nearest_pixels(flat[seen], depth[seen], rgb[seen], first, last, width, camera, opacity)
    axes.imshow(image, extent=(left, right, bottom, top), interpolation="antialiased")
    axes.set_aspect("equal")


def nearest_pixels(
    flat: Float64,
    depth: Float64,
    rgb: UInt8,
    first: Float64,
    last: Float64,
    width: int,
    camera: Camera,
    opacity: UInt8 | None = None,
) -> UInt8:
    """An image (h, width, 4) whose pixels have the colour of their nearest point, or are transparent.

    If there are few points, each is drawn as a disc of pixels, so that a surface has no gaps; if there are
    many, edges are dark. ``opacity`` (n,) belongs to the points, and is full by default.
    """
    step = (last[0] - first[0]) / width
    height = max(round(float((last[1] - first[1]) / step)), 1)
    side = int(np.clip(round((2 * width * height / max(len(flat), 1)) ** 0.5), 1, 6))
    places = np.column_stack([flat[:, 0] - first[0], last[1] - flat[:, 1]]) / step
    near = nearest_discs(places, depth, np.full(len(flat), side, np.int32), (width, height))
    image = np.zeros((height, width, 4), dtype=np.uint8)
    there = near >= 0
    image[there, :3] = rgb[near[there]]
    if is_dense(flat):
        away = np.full((height, width), _NOWHERE)
        away[there] = camera.away(depth[near[there]])
        pixel = float(step) * camera.distance
        levels = away / pixel if camera.parallel else np.log(away) / float(step)
        image[..., :3] = (image[..., :3] * eye_dome(levels.astype(np.float32), _EDGES)[..., None]).astype(
            np.uint8
        )
    image[there, 3] = 255 if opacity is None else opacity[near[there]]
    return image
