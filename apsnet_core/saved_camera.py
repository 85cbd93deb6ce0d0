"""The camera format of the window's projects and the clipboard: read and checked in one place."""

from __future__ import annotations

import math
from typing import NamedTuple

NARROWEST, WIDEST = 6.0, 90.0  # degrees; Open3D treats 5 as orthographic and clips at 90
_FARTHEST = 1e30  # it is finite in single precision, and its square in double precision


class SavedCamera(NamedTuple):
    """A camera that looks at ``target`` from ``distance``, in the coordinates of the scene.

    ``orientation`` (w, x, y, z) is a unit quaternion, ``fov`` the vertical field of view in degrees.
    """

    target: tuple[float, float, float]
    distance: float
    orientation: tuple[float, float, float, float]
    fov: float
    orthographic: bool


def saved_camera(values: object) -> SavedCamera:
    """Read the camera from the JSON ``{"camera": {...}}``; ValueError with one sentence if it is invalid."""
    found = values.get("camera") if isinstance(values, dict) else None
    if not isinstance(found, dict):
        raise ValueError("it holds no camera")
    for name in SavedCamera._fields:
        if name not in found:
            raise ValueError(f"the camera lacks its {name}")
    x, y, z = _numbers(found["target"], 3, "target")
    w, i, j, k = _numbers(found["orientation"], 4, "orientation")
    [distance] = _numbers([found["distance"]], 1, "distance")
    [fov] = _numbers([found["fov"]], 1, "fov")
    length = math.hypot(w, i, j, k)
    if length == 0:
        raise ValueError("the camera's orientation must not be zero")
    if distance <= 0:
        raise ValueError("the camera's distance must be above 0")
    if not NARROWEST <= fov <= WIDEST:
        raise ValueError(f"the camera's fov must be from {NARROWEST:g} to {WIDEST:g} degrees")
    if not isinstance(found["orthographic"], bool):
        raise ValueError("the camera's orthographic must be true or false")
    turn = w / length, i / length, j / length, k / length
    return SavedCamera((x, y, z), distance, turn, fov, found["orthographic"])


def _numbers(values: object, count: int, name: str) -> list[float]:
    if isinstance(values, list) and len(values) == count:
        sound = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
        if len(sound) == count and all(abs(each) <= _FARTHEST for each in sound):  # False for NaN
            return [float(each) for each in sound]
    what = "a number" if count == 1 else f"{count} numbers"
    raise ValueError(f"the camera's {name} must be {what} of at most {_FARTHEST:g}")
