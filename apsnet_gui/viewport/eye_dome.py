"""Depth made visible: eye-dome lighting (Boucheny 2009) and a fade of what is far, on a finished picture."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.scene import DepthCue, Rgb

Image = npt.NDArray[np.float32]

_STEEPEST = 8.0  # pixels of depth for a pixel across: what is steeper counts as an edge, and all edges alike
_STEEP = 0.7  # how fast the response darkens
_DARKEST = 0.9  # what an edge loses of its light at full strength: all of it would make specks of gaps
_FAR = 0.75  # how much of the background is mixed in at the far end of the scene at full strength


def with_depth(
    image: Image, depth: Image, cue: DepthCue, camera: Camera, background: Rgb, front: float = 0.0
) -> Image:
    """The picture (h, w, 3) with the depth (h, w) of its pixels shown; infinite depth is background.

    The background itself does not change. A surface seen at a slant is darker than one seen from the front,
    and what lies behind an edge is darkest beside it. The fade goes from the nearest pixel to the farthest;
    what is nearer than the scene's ``front`` was brought there to be seen, and does not fade.
    """
    there = np.isfinite(depth)
    if not cue or not there.any():
        return image
    shaded = image
    if cue.edges:
        shaded = image * eye_dome(_levels(depth, camera), cue.edges)[:, :, None]
    if cue.fade:
        fading = there & (depth >= front)
        near = depth.min(where=fading, initial=np.float32(np.finfo(np.float32).max))
        far = depth.max(where=fading, initial=near)
        share = np.where(fading, depth - near, np.float32(0)) * np.float32(_FAR * cue.fade)
        share = (share / max(far - near, 1e-9))[:, :, None]
        shaded = shaded + share * (np.asarray(background, np.float32) / 255 - shaded)
    return np.asarray(np.where(there[:, :, None], shaded, image), np.float32)


def eye_dome(levels: Image, strength: float) -> Image:
    """The factor (h, w) of each pixel's colour: how far its eight neighbours stand out in front of it.

    ``levels`` (h, w) are depths in units of a pixel's width at that depth.
    """
    response = np.zeros_like(levels)
    for (here, there), length in _NEIGHBOURS:
        apart = levels[here] - levels[there]
        apart *= 1 / length
        np.clip(apart, -_STEEPEST, _STEEPEST, out=apart)
        response[here] += np.maximum(apart, 0)
        response[there] -= np.minimum(apart, 0)
    factor: Image = 1 - np.float32(_DARKEST * strength) * (1 - np.exp(response * np.float32(-_STEEP / 8)))
    return factor


def _levels(depth: Image, camera: Camera) -> Image:
    height = depth.shape[0]
    known = np.where(np.isfinite(depth) & (depth > 0), depth, np.float32(1e9))
    if camera.orthographic:
        return np.asarray(known * np.float32(height / (2 * camera.half_height)), np.float32)
    # A pixel is as wide as the depth times a constant: a small step of depth over it is one of its logarithm.
    per_pixel = 2 * math.tan(math.radians(camera.fov) / 2) / height
    return np.asarray(np.log(known) * np.float32(1 / per_pixel), np.float32)


_Part = tuple[slice, slice]
_ALL, _FIRST, _LAST = slice(None), slice(None, -1), slice(1, None)
# Each pair of neighbours once: right, below, and the two diagonals.
_NEIGHBOURS: tuple[tuple[tuple[_Part, _Part], float], ...] = (
    (((_ALL, _FIRST), (_ALL, _LAST)), 1.0),
    (((_FIRST, _ALL), (_LAST, _ALL)), 1.0),
    (((_FIRST, _FIRST), (_LAST, _LAST)), math.sqrt(2)),
    (((_FIRST, _LAST), (_LAST, _FIRST)), math.sqrt(2)),
)
