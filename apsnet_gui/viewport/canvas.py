"""Hidden Open3D windows of a fixed size, in which the renderer's process draws."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import open3d as o3d

from apsnet_core.types import Foreign
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.geometry import Geometry
from apsnet_gui.viewport.scene import Bounds, Rgb

Size = tuple[int, int]
Image = npt.NDArray[np.float32]

_ORTHOGRAPHIC = 5.0  # the field of view in degrees for which Open3D uses a parallel projection
AMBIENT = 0.55  # the least brightness of a slanted surface; a surface that faces the eye has brightness 1
_LEAST_SHRINK = 0.2
_PARKED, _PARKED_PIXELS = 8, 6_000_000  # windows kept for a later view of the same size, and their pixels


class NoWindow(RuntimeError):
    """Raised when Open3D could not create a window to draw into."""


class Canvas:
    """A hidden window and its geometry. If the window is lost, another one is opened and filled."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._window: Foreign = None
        self._shown: dict[int, Geometry] = {}
        self.fresh = True  # the next picture includes the time for uploads
        self.new = True  # the next picture is the window's first, and includes the time for its shaders
        self.shrink, self.lift = 1.0, 0.0  # these bring a sphere in front of everything, see `look`
        self.has_depth = False  # whether depths are comparable after the last `look`
        self.front = 0.0  # the depth at which the scene of the last `look` begins
        self.back = 0.0  # the distance of Open3D's eye, from which depth is measured, behind the camera's eye
        self._parallel: tuple[float, float] | None = None  # near and far plane of a parallel projection

    def _open(self) -> Foreign:
        if self._window is None:
            window = o3d.visualization.Visualizer()
            if not window.create_window(width=self.size[0], height=self.size[1], visible=False):
                raise NoWindow("Open3D could not create an OpenGL window")
            options = window.get_render_option()
            _light(options)
            options.mesh_shade_option = o3d.visualization.MeshShadeOption.Color  # Open3D's name for smooth
            options.mesh_color_option = o3d.visualization.MeshColorOption.Color
            for geometry in self._shown.values():
                window.add_geometry(geometry, reset_bounding_box=False)
            self._window = window
            self.fresh = self.new = True
        return self._window

    def show(self, geometries: list[Geometry]) -> None:
        """Show exactly these geometries; those that the window already has are not uploaded again."""
        window = self._open()
        wanted = {id(geometry): geometry for geometry in geometries}
        for key in self._shown.keys() - wanted.keys():
            window.remove_geometry(self._shown.pop(key), reset_bounding_box=False)
        for key in wanted.keys() - self._shown.keys():
            window.add_geometry(wanted[key], reset_bounding_box=False)
            self._shown[key] = wanted[key]
            self.fresh = True

    def refresh(self, geometries: list[Geometry]) -> None:
        """Upload changed ``geometries`` again, if the canvas shows them."""
        for geometry in geometries:
            if id(geometry) in self._shown and self._window is not None:
                self._window.update_geometry(geometry)

    def look(
        self, camera: Camera, ball: Bounds, background: Rgb, point_size: float, keep_front: bool = False
    ) -> None:
        """Set up the camera, background and point size for the next picture of a scene inside ``ball``.

        ``keep_front`` reserves depth in front of the scene for spheres that nothing may cover: they are
        scaled towards the eye by ``shrink``, or moved nearer by ``lift`` in a parallel projection.
        """
        window = self._open()
        options = window.get_render_option()
        options.background_color = np.asarray(background) / 255.0
        options.point_size = float(point_size)
        control = window.get_view_control()
        back = camera.axes[2]
        extent = 2 * ball.radius
        distance = camera.distance
        if camera.orthographic:  # Open3D moves the camera back for its small field of view
            distance = camera.half_height / np.tan(np.radians(_ORTHOGRAPHIC / 2))
        self.back = distance - camera.distance
        middle = distance + float((np.asarray(camera.target) - np.asarray(ball.center)) @ back)
        near, far = middle - 1.2 * ball.radius, middle + 1.2 * ball.radius
        self.front = middle - 1.1 * ball.radius
        if not camera.orthographic:
            far = max(far, 1e-3 * distance)
            near = max(near, 1e-3 * far)
        self.shrink, self.lift = 1.0, 0.0
        if keep_front and camera.orthographic:
            self.lift = 2.5 * ball.radius
            near -= self.lift
        elif keep_front:
            # Inside a scene near / far is tiny, and a smaller scale would exhaust the depth buffer.
            self.shrink = max(near / far, _LEAST_SHRINK)
            near *= self.shrink
        self.has_depth = near > 0
        self._parallel = (near, far) if camera.orthographic else None
        if near > 0:
            control.set_constant_z_near(near)
            control.set_constant_z_far(far)
        else:  # a parallel projection may start behind its eye, which only Open3D's default planes allow
            control.unset_constant_z_near()
            control.unset_constant_z_far()
        window.set_view_status(_status(camera, ball, extent))

    def picture(self) -> Image:
        """Draw the picture, (h, w, 3) float32 in 0..1."""
        image = np.asarray(self._open().capture_screen_float_buffer(True))
        self.fresh = self.new = False
        return image

    def picture_and_depth(self) -> tuple[Image, Image]:
        """Draw the picture and its depth, (h, w) float32, which is infinite in the background."""
        window = self._open()
        depth = np.asarray(window.capture_depth_float_buffer(True))
        image = np.asarray(window.capture_screen_float_buffer(False))
        self.fresh = self.new = False
        nothing = depth == 0
        if self._parallel is not None:
            depth = _parallel_depth(np.where(nothing, np.float32(1), depth), *self._parallel)
        return image, np.where(nothing, np.float32(np.inf), depth)

    def clear(self) -> None:
        """Remove all geometry."""
        self.show([])

    def lose_window(self) -> None:
        """Close the window; the canvas opens another one when it is used again."""
        if self._window is not None:
            self._window.destroy_window()
            self._window = None


def _light(options: Foreign) -> None:
    """Set the lights, which Open3D reads only from a file.

    Its default lights have a specular and no ambient part: surfaces that face the eye become white, and
    slanted surfaces black.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "options.json"
        options.save_to_json(str(file))
        values = json.loads(file.read_text()) | {"light_ambient_color": [AMBIENT] * 3}
        for number in range(4):
            values[f"light{number}_diffuse_power"] = (1 - AMBIENT) / 2  # two lights reach a surface
            values[f"light{number}_specular_power"] = 0.0
        file.write_text(json.dumps(values))
        options.load_from_json(str(file))


def _parallel_depth(told: Image, near: float, far: float) -> Image:
    """The depth of a parallel projection; ``told`` is Open3D's, which assumes a perspective projection."""
    share = (far + near - 2 * near * far / told) / (2 * (far - near)) + 0.5
    return np.asarray(near + share * (far - near), np.float32)


def _status(camera: Camera, ball: Bounds, extent: float) -> str:
    center = np.asarray(ball.center)
    _, up, back = camera.axes
    return json.dumps(
        {
            "class_name": "ViewTrajectory",
            "interval": 29,
            "is_loop": False,
            "version_major": 1,
            "version_minor": 0,
            "trajectory": [
                {
                    "boundingbox_min": (center - extent / 2).tolist(),
                    "boundingbox_max": (center + extent / 2).tolist(),
                    "field_of_view": _ORTHOGRAPHIC if camera.orthographic else camera.fov,
                    "front": back.tolist(),
                    "lookat": list(camera.target),
                    "up": up.tolist(),
                    "zoom": camera.half_height / extent,
                }
            ],
        }
    )


class CanvasPool:
    """Canvases that are kept for later use, because closing one EGL window turns all others black.

    When too many are kept, every window is closed, and canvases in use open a window again.
    """

    def __init__(self) -> None:
        self._used: list[Canvas] = []
        self._parked: list[Canvas] = []

    def take(self, size: Size) -> Canvas:
        """Return an unused canvas of this size."""
        canvas = next((parked for parked in self._parked if parked.size == size), None)
        if canvas is None:
            canvas = Canvas(size)
        else:
            self._parked.remove(canvas)
        self._used.append(canvas)
        return canvas

    def give_back(self, canvas: Canvas) -> None:
        """Keep a canvas for the next `take`."""
        canvas.clear()
        self._used.remove(canvas)
        self._parked.append(canvas)
        pixels = sum(parked.size[0] * parked.size[1] for parked in self._parked)
        if len(self._parked) > _PARKED or pixels > _PARKED_PIXELS:
            for each in self._used + self._parked:
                each.lose_window()
            self._parked.clear()
