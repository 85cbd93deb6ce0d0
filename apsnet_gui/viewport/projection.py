"""Where a camera shows a point, and which point it shows at a pixel."""

from __future__ import annotations

import math

from apsnet_core.arrays import np, npt
from apsnet_gui.viewport.camera import Camera, Vector
from apsnet_gui.viewport.scene import Bounds, Float64


def project(
    camera: Camera, points: npt.NDArray[np.floating], size: tuple[int, int]
) -> tuple[Float64, Float64]:
    """Where points (n, 3) lie in a picture of ``size``: pixels (n, 2), y down, and depth (n,) from the eye.

    Pixel (0, 0) is the upper left corner of the upper left pixel. Depth is not positive behind the eye of
    a perspective camera; the pixels of such points are meaningless.
    """
    width, height = size
    axes = camera.axes
    # Column by column: a product of matrices so narrow makes the threads of the BLAS wait for each other.
    columns, eye = points.T, (axes @ camera.eye).tolist()
    across, up, back = (
        columns[0] * x + columns[1] * y + columns[2] * z - start
        for (x, y, z), start in zip(axes.tolist(), eye, strict=True)
    )
    depth = -back.astype(np.float64)
    if camera.orthographic:
        scale: Float64 | float = height / 2 / camera.half_height
    else:
        focal = height / 2 / math.tan(math.radians(camera.fov) / 2)
        scale = focal / np.where(depth > 0, depth, np.inf)
    x = width / 2 + across * scale
    y = height / 2 - up * scale
    return np.stack([x, y], axis=1), depth


def pixels_across(camera: Camera, length: float, depth: Float64, height: float) -> Float64:
    """How many pixels of a picture ``height`` pixels high a ``length`` takes at each ``depth`` (n,)."""
    at = camera.distance if camera.orthographic else np.maximum(depth, 1e-12)
    return np.asarray(length * camera.distance * height / (2 * camera.half_height) / at + 0 * depth)


def point_across(camera: Camera, length: float, height: float) -> float:
    """How many pixels a point as wide as ``length`` takes where the camera looks, as points are drawn."""
    from apsnet_core.colours.discs import LARGEST  # the window is painted before numpy is imported

    return float(np.clip(pixels_across(camera, length, np.array(camera.distance), height), 1, LARGEST))


def at_depth(camera: Camera, pixel: tuple[float, float], depth: float, size: tuple[int, int]) -> Vector:
    """The point in the scene that `project` maps to this pixel and depth."""
    width, height = size
    nearness = 1.0 if camera.orthographic else depth / camera.distance
    per_pixel = 2 * camera.half_height / height * nearness
    across, down = (pixel[0] - width / 2) * per_pixel, (pixel[1] - height / 2) * per_pixel
    right, above, back = camera.axes
    x, y, z = (camera.eye + across * right - down * above - depth * back).tolist()
    return x, y, z


def extrinsic(camera: Camera) -> Float64:
    """(4, 4) float64 from the scene to a computer-vision camera (x right, y down, z forward)."""
    rotation = camera.axes * np.array([[1.0], [-1.0], [-1.0]])
    matrix = np.eye(4)
    matrix[:3, :3] = rotation
    matrix[:3, 3] = -rotation @ camera.eye
    return matrix


def intrinsic(camera: Camera, size: tuple[int, int]) -> Float64:
    """(3, 3) float64 of the perspective camera; the principal point as Open3D counts it (pixel centres)."""
    width, height = size
    focal = height / 2 / math.tan(math.radians(camera.fov) / 2)
    return np.array([[focal, 0, width / 2 - 0.5], [0, focal, height / 2 - 0.5], [0, 0, 1]])


def in_sight(camera: Camera, ball: Bounds, size: tuple[int, int]) -> bool:
    """Whether ``ball`` is visible in a picture of ``size``: its centre is inside, and it is no dot.

    A ball that surrounds the picture does not count as visible.
    """
    pixels, depth = project(camera, np.array([ball.center]), size)
    if not camera.orthographic and depth[0] <= 0:
        return False
    reach = camera.half_height if camera.orthographic else depth[0] * math.tan(math.radians(camera.fov) / 2)
    inside = bool(((pixels[0] >= 0) & (pixels[0] < size)).all())
    return inside and 0.1 < ball.radius / reach < 4.0
