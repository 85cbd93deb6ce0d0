"""The camera of a still picture: by name, by angles, or from a project of the window."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.saved_camera import saved_camera

PROJECT = ".apsnet"  # the suffix of the window's projects
_LARGEST = 8 << 20  # bytes of a project
_AWAY = 2.6  # the default distance, in radii of the shape
_NAMED = {
    "usual": (-52.0, 22.0),
    "front": (-90.0, 0.0),
    "back": (90.0, 0.0),
    "left": (180.0, 0.0),
    "right": (0.0, 0.0),
    "top": (-90.0, 89.9),
    "bottom": (-90.0, -89.9),
    "isometric": (-45.0, 35.26),
}
NAMES = tuple(_NAMED)


@dataclass(frozen=True, eq=False)
class Camera:
    """Looks at ``target`` (3,) from ``distance``, both in radii of the shape, with its centre at 0 and z up.

    ``axes`` (3, 3) are the rows right, up, and back. ``zoom`` enlarges a picture that is framed to fit the
    shape; ``half`` instead fixes half the height of the picture, divided by the distance. ``parallel`` means
    an orthographic projection.
    """

    axes: Float64
    target: Float64
    distance: float = _AWAY
    zoom: float = 1.0
    half: float | None = None
    parallel: bool = False

    def project(self, xyz: Float64) -> tuple[Float64, Float64]:
        """Project points (n, 3) to places (n, 2) and depths (n,), 0 near to 1 far over the unit ball."""
        local = (xyz - self.target) @ self.axes.T
        away = self.distance - local[:, 2]
        scale = np.full_like(away, self.distance) if self.parallel else np.maximum(away, 1e-6)
        return local[:, :2] / scale[:, None], np.clip((away - self._middle + 1) / 2, 0, 1)

    def away(self, depth: Float64) -> Float64:
        """The distance from the eye, in radii of the shape, for a ``depth`` (n,) of `project`."""
        return np.maximum(2 * depth - 1 + self._middle, 1e-6)

    @property
    def _middle(self) -> float:
        return self.distance + float(self.target @ self.axes[2])

    @property
    def crops(self) -> bool:
        """Whether a picture may show only a part of the shape."""
        return self.zoom > 1 or self.half is not None

    def framed(self, low: Float64, high: Float64) -> tuple[Float64, Float64]:
        """The corners of a picture whose projected points are all between ``low`` (2,) and ``high``."""
        if self.half is not None:
            return np.full(2, -self.half), np.full(2, self.half)
        half = (high - low) / 2 / self.zoom
        middle = (low + high) / 2
        return middle - half, middle + half

    def turned(self, degrees: float) -> Camera:
        """This camera, turned by ``degrees`` about the vertical axis through the centre of the shape."""
        a = math.radians(degrees)
        turn = np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1.0]])
        return Camera(
            self.axes @ turn.T, turn @ self.target, self.distance, self.zoom, self.half, self.parallel
        )


def by_angles(azimuth: float, elevation: float, zoom: float = 1.0) -> Camera:
    """A camera at ``azimuth`` degrees around z (0 is +x, -90 the front) and ``elevation`` above ground."""
    a, e = math.radians(azimuth), math.radians(elevation)
    right = np.array([-math.sin(a), math.cos(a), 0.0])
    back = np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)])
    return Camera(np.stack([right, np.cross(back, right), back]), np.zeros(3), zoom=zoom)


USUAL = by_angles(*_NAMED["usual"])


def camera_of(text: str, turn: Float64, centre: Float64, radius: float) -> Camera:
    """The camera of ``text``: a name, "AZIMUTH,ELEVATION[,ZOOM]", or the path of a project.

    A project's camera is in the coordinates of its cloud: the rotation ``turn`` (3, 3) makes z point up,
    ``centre`` (3,) and ``radius`` are those of the rotated shape. ValueError with one sentence if the text
    is invalid.
    """
    if text in _NAMED:
        return by_angles(*_NAMED[text])
    if text.endswith(PROJECT):
        return _of_project(Path(text), turn, centre, radius)
    try:
        azimuth, elevation, *more = (float(part) for part in text.split(","))
        zoom = more[0] if more else 1.0
        known = len(more) < 2 and math.isfinite(azimuth) and abs(elevation) <= 90 and 0 < zoom < 1e3
    except ValueError:
        known = False
    if not known:
        raise ValueError(
            f"{text!r} is not a camera: give {', '.join(NAMES)}, degrees such as -52,22 with a zoom such as "
            f"-52,22,1.5, or a project that ends in {PROJECT}"
        )
    return by_angles(azimuth, float(np.clip(elevation, -89.9, 89.9)), zoom)


def _of_project(file: Path, turn: Float64, centre: Float64, radius: float) -> Camera:
    try:
        if file.stat().st_size > _LARGEST:
            raise ValueError("it is larger than a project can be")
        values = json.loads(file.read_text(encoding="utf-8"))
        found = saved_camera(values.get("camera") if isinstance(values, dict) else None)
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError(f"{file} is not a project of the window") from None
    except ValueError as why:
        raise ValueError(f"{file}: {why}; save the project from the window again") from None
    w, x, y, z = found.orientation
    target, fov = np.array(found.target), math.radians(found.fov)
    axes = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
            [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
            [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    return Camera(
        axes @ turn.T, (turn @ target - centre) / radius, found.distance / radius, half=math.tan(fov / 2),
        parallel=found.orthographic,
    )  # fmt: skip
