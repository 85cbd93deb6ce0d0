"""Projects points into the picture of a camera, and pixels back into the scene."""

from __future__ import annotations

import math

from apsnet_core.arrays import np, npt
from apsnet_gui.viewport.camera import Camera, Vector
from apsnet_gui.viewport.scene import Bounds, Float64


def project(
    camera: Camera, points: npt.NDArray[np.floating], size: tuple[int, int]
) -> tuple[Float64, Float64]:
    """Project points (n, 3) into a picture of ``size``: pixels (n, 2), y down, and depth (n,) from the eye.

    The pixel position (0, 0) is the upper left corner of the upper left pixel. Behind the eye of a
    perspective camera depth is not positive, and the pixels of such points are meaningless.
    """
    width, height = size
    axes = camera.axes
    # Computed by columns, because in a product of such narrow matrices BLAS threads wait for each other.
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
    """The pixels (n,) that ``length`` covers at each ``depth`` (n,), in a picture ``height`` pixels high."""
    at = camera.distance if camera.orthographic else np.maximum(depth, 1e-12)
    return np.asarray(length * camera.distance * height / (2 * camera.half_height) / at + 0 * depth)


def point_across(camera: Camera, length: float, height: float) -> float:
    """The drawn size in pixels of a point as wide as ``length`` at the depth of the camera's target."""
    from apsnet_core.colours.discs import LARGEST  # here, because the window is painted before numpy loads

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
    """The transform (4, 4) float64 from scene to computer-vision camera (x right, y down, z forward)."""
    rotation = camera.axes * np.array([[1.0], [-1.0], [-1.0]])
    matrix = np.eye(4)
    matrix[:3, :3] = rotation
    matrix[:3, 3] = -rotation @ camera.eye
    return matrix


def intrinsic(camera: Camera, size: tuple[int, int]) -> Float64:
    """The intrinsic matrix (3, 3) float64 of a perspective camera; as in Open3D, pixel centres are whole."""
    width, height = size
    focal = height / 2 / math.tan(math.radians(camera.fov) / 2)
    return np.array([[focal, 0, width / 2 - 0.5], [0, focal, height / 2 - 0.5], [0, 0, 1]])


def in_sight(camera: Camera, ball: Bounds, size: tuple[int, int]) -> bool:
    """Whether ``ball`` is visible in a picture of ``size``: its centre is inside, and it is not tiny.

    Its radius must be more than 0.1 and less than 4 times half the height of the picture at its depth, so a
    ball that surrounds the picture does not count as visible.
    """
    pixels, depth = project(camera, np.array([ball.center]), size)
    if not camera.orthographic and depth[0] <= 0:
        return False
    reach = camera.half_height if camera.orthographic else depth[0] * math.tan(math.radians(camera.fov) / 2)
    inside = bool(((pixels[0] >= 0) & (pixels[0] < size)).all())
    return inside and 0.1 < ball.radius / reach < 4.0
