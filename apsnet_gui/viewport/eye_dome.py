"""Depth cues on a finished picture: eye-dome lighting, and fading with the distance."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from apsnet_core.colours.eye_dome import eye_dome
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.scene import DepthCue, Rgb

Image = npt.NDArray[np.float32]

_FAR = 0.75  # the share of the background's colour at the far end of the scene, at full strength


def with_depth(
    image: Image, depth: Image, cue: DepthCue, camera: Camera, background: Rgb, front: float = 0.0
) -> Image:
    """The picture (h, w, 3) with depth cues from the depth (h, w) of its pixels.

    Pixels of infinite depth are background and do not change. Slanted surfaces become darker than those that
    face the eye, and pixels behind an edge are darkest beside it. The fade increases from the nearest pixel
    to the farthest; pixels nearer than the scene's ``front`` belong to spheres in front, and do not fade.
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


def _levels(depth: Image, camera: Camera) -> Image:
    height = depth.shape[0]
    known = np.where(np.isfinite(depth) & (depth > 0), depth, np.float32(1e9))
    if camera.orthographic:
        return np.asarray(known * np.float32(height / (2 * camera.half_height)), np.float32)
    # The width of a pixel is proportional to the depth, so depth steps in pixels are steps of its logarithm.
    per_pixel = 2 * math.tan(math.radians(camera.fov) / 2) / height
    return np.asarray(np.log(known) * np.float32(1 / per_pixel), np.float32)
