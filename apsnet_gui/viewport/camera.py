"""The camera of a view as a frozen value, and pure functions that return new ones. No Qt, no Open3D."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from typing import Literal, get_args

from apsnet_core.arrays import np, npt
from apsnet_core.ops.orientation import up_turn, up_vector
from apsnet_core.saved_camera import saved_camera
from apsnet_gui.viewport.scene import Bounds, Float64, Scene, SphereLayer, Up, bounds, positions

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
StandardView = Literal["front", "back", "left", "right", "top", "bottom", "isometric"]

_CLOSEST, _FARTHEST = 1e-6, 1e9
_FITTED = 20_000  # this many points are enough to find the nearest distance
_POLE = math.radians(89.9)


@dataclass(frozen=True)
class Camera:
    """A camera that looks at ``target`` from ``distance``.

    The quaternion ``orientation`` (w, x, y, z) rotates the camera's axes (x right, y up, z towards the eye)
    into the scene's. ``fov`` is the vertical field of view in degrees; an orthographic camera has at every
    depth the scale that the perspective camera has at the depth of its target.
    """

    target: Vector = (0.0, 0.0, 0.0)
    distance: float = 3.0
    orientation: Quaternion = (1.0, 0.0, 0.0, 0.0)
    fov: float = 35.0
    orthographic: bool = False

    @property
    def axes(self) -> Float64:
        """The camera's axes, (3, 3) float64: rows are right, up, and backwards (from target to eye)."""
        w, x, y, z = self.orientation
        return np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
                [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
                [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
            ]
        )

    @property
    def eye(self) -> Float64:
        """The position of the camera, (3,)."""
        eye: Float64 = np.asarray(self.target) + self.distance * self.axes[2]
        return eye

    @property
    def half_height(self) -> float:
        """Half of the height that the picture covers at the depth of the target, in scene units."""
        return self.distance * math.tan(math.radians(self.fov) / 2)


FIRST = Camera(orientation=(0.8041911193888269, 0.49367099187379904, 0.1731704335039106, 0.2820950127856793))
"""The isometric `standard_view` for z up, as constants, so that a view starts without importing numpy."""


def _vector(values: npt.ArrayLike) -> Vector:
    x, y, z = np.asarray(values, dtype=np.float64).tolist()
    return (x, y, z)


def _orientation(axes: Float64) -> Quaternion:
    """The quaternion of orthonormal rows (right, up, back): the eigenvector of the largest eigenvalue."""
    m = axes.T
    trace = np.trace(m)
    k = np.zeros((4, 4))
    k[0, 0] = trace
    k[0, 1:] = k[1:, 0] = [m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]]
    k[1:, 1:] = m + m.T - trace * np.eye(3)
    w, x, y, z = (np.linalg.eigh(k)[1][:, -1]).tolist()
    return (w, x, y, z) if w >= 0 else (-w, -x, -y, -z)


def _looking_along(back: Float64, up: Float64) -> Quaternion:
    right = np.cross(up, back)
    right /= np.linalg.norm(right)
    return _orientation(np.stack([right, np.cross(back, right), back]))


def orbit(camera: Camera, yaw: float, pitch: float, up: Up) -> Camera:
    """Turn the camera around the target, by ``yaw`` and ``pitch`` in radians.

    Yaw turns about the scene's up axis; pitch changes the elevation above the horizon. The elevation is
    clamped at the poles, so that the scene's up axis never points down in the picture.
    """
    vertical = up_vector(up)
    right, above, back = camera.axes
    elevation = math.asin(float(np.clip(back @ vertical, -1, 1)))
    pitch = min(max(elevation + pitch, -_POLE), _POLE) - elevation
    # At a pole "back" has no horizontal direction; the picture's up axis still has one.
    flat = back - (back @ vertical) * vertical
    if np.linalg.norm(flat) < 1e-3:
        flat = np.cross(right, vertical) if abs(right @ vertical) < 0.9 else above
    flat /= np.linalg.norm(flat)
    turned = math.cos(yaw) * flat + math.sin(yaw) * np.cross(vertical, flat)
    elevation += pitch
    return replace(
        camera,
        orientation=_looking_along(math.cos(elevation) * turned + math.sin(elevation) * vertical, vertical),
    )


def pan(camera: Camera, dx: float, dy: float, height: int) -> Camera:
    """Move the scene by (dx, dy) pixels, y down, in a picture ``height`` pixels high."""
    right, above, _ = camera.axes
    per_pixel = 2 * camera.half_height / height
    return replace(camera, target=_vector(camera.target - (dx * right - dy * above) * per_pixel))


def zoom_to(camera: Camera, factor: float, at: tuple[float, float], size: tuple[int, int]) -> Camera:
    """Divide the distance by ``factor``; the point at pixel ``at`` at the target's depth does not move."""
    distance = min(max(camera.distance / factor, _CLOSEST), _FARTHEST)
    shift = 1 - distance / camera.distance
    width, height = size
    right, above, _ = camera.axes
    per_pixel = 2 * camera.half_height / height
    offset = ((at[0] - width / 2) * right - (at[1] - height / 2) * above) * per_pixel
    return replace(camera, distance=distance, target=_vector(np.asarray(camera.target) + shift * offset))


def center_on(camera: Camera, point: npt.ArrayLike) -> Camera:
    """The same orientation and distance, with ``point`` in the middle of the picture."""
    return replace(camera, target=_vector(point))


def fit(camera: Camera, ball: Bounds, size: tuple[int, int], margin: float = 1.05) -> Camera:
    """The same orientation, with all of ``ball`` in a picture of ``size`` pixels."""
    width, height = size
    half = math.radians(camera.fov) / 2
    narrow = math.atan(math.tan(half) * min(1.0, width / height))
    reach = ball.radius * margin
    distance = reach / (math.tan(narrow) if camera.orthographic else math.sin(narrow))
    return replace(camera, target=ball.center, distance=max(distance, _CLOSEST))


def fit_scene(camera: Camera, scene: Scene, size: tuple[int, int], margin: float = 1.08) -> Camera:
    """The same orientation, as near as possible with all visible layers inside the picture.

    The target is the centre of the scene's bounds. The distance is at least 0.6 of that for the bounding
    sphere, so that most of a long shape that is seen from its end stays in the picture after a turn.
    """
    loose = fit(camera, bounds(scene), size)
    half = math.tan(math.radians(camera.fov) / 2)
    halves = np.array([half * size[0] / size[1], half])
    nearest = 0.6 * loose.distance
    for layer in scene.layers:
        xyz = positions(layer)
        if not layer.visible or not len(xyz):
            continue
        reach = layer.radius if isinstance(layer, SphereLayer) else 0.0
        local = (xyz[:: max(len(xyz) // _FITTED, 1)] - np.asarray(loose.target)) @ camera.axes.T
        needed = ((np.abs(local[:, :2]) + reach) * margin / halves).max(axis=1)
        nearest = max(nearest, float((needed if camera.orthographic else needed + local[:, 2] + reach).max()))
    return replace(loose, distance=min(nearest, loose.distance))


def standard_view(camera: Camera, view: StandardView, up: Up) -> Camera:
    """Look from a standard side. The front is at -y where z is up, and at +z where y is up."""
    turn = up_turn(up, "z")
    vertical, front = turn[2], -turn[1]
    right = np.cross(vertical, front)
    if view in ("top", "bottom"):
        sign = 1.0 if view == "top" else -1.0
        return replace(camera, orientation=_looking_along(sign * vertical, -sign * front))
    sides = {"front": front, "back": -front, "left": -right, "right": right}
    back = sides.get(view, front + 0.8 * right + 0.65 * vertical)
    return replace(camera, orientation=_looking_along(back / np.linalg.norm(back), vertical))


def to_json(camera: Camera) -> str:
    """The camera as JSON text, for the clipboard and for projects."""
    return json.dumps({"camera": asdict(camera)})


def from_json(text: str) -> Camera:
    """The camera of a text written by ``to_json``; raises ValueError for any other text."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("this text is not a camera copied from a view") from error
    return from_values(values)


def from_values(values: object) -> Camera:
    """The camera of the parsed JSON of ``to_json``; raises ValueError with one sentence for other values."""
    return Camera(*saved_camera(values))


STANDARD_VIEWS: tuple[StandardView, ...] = get_args(StandardView)
