"""Camera moves for drags, the wheel and keys: a table of keys and pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from apsnet_gui.viewport.camera import (
    STANDARD_VIEWS,
    Camera,
    StandardView,
    orbit,
    pan,
    standard_view,
    zoom_to,
)
from apsnet_gui.viewport.scene import Up

Size = tuple[int, int]

_TURN = math.pi  # radians for a drag over the whole height of the view
_STEP = math.radians(15)


@dataclass(frozen=True)
class ViewKey:
    """A key of the view: its id, its text in menus, the key, and the function that moves the camera."""

    id: str
    text: str
    key: str
    move: Callable[[Camera, Size, Up], Camera]


def turned(camera: Camera, dx: float, dy: float, size: Size, up: Up) -> Camera:
    """The camera after a drag of (dx, dy) pixels that turns the scene."""
    return orbit(camera, -dx / size[1] * _TURN, dy / size[1] * _TURN, up)


def shifted(camera: Camera, dx: float, dy: float, size: Size) -> Camera:
    """The camera after a drag of (dx, dy) pixels that moves the scene."""
    return pan(camera, dx, dy, size[1])


def wheeled(camera: Camera, notches: float, at: tuple[float, float], size: Size) -> Camera:
    """The camera after ``notches`` of the wheel at the pixel ``at``; five notches halve the distance."""
    return zoom_to(camera, 1.15**notches, at, size)


def _side(view: StandardView) -> ViewKey:
    number = STANDARD_VIEWS.index(view) + 1
    return ViewKey(
        f"view.{view}",
        "Isometric view" if view == "isometric" else f"Look from the {view}",
        str(number),
        lambda camera, _, up: standard_view(camera, STANDARD_VIEWS[number - 1], up),
    )


def _centre(size: Size) -> tuple[float, float]:
    return size[0] / 2, size[1] / 2


VIEW_KEYS: tuple[ViewKey, ...] = (
    *(_side(view) for view in STANDARD_VIEWS),
    ViewKey("view.projection", "Perspective or parallel projection", "P", lambda camera, _, __: replace(
        camera, orthographic=not camera.orthographic)),
    ViewKey("view.turn_left", "Turn left", "Left", lambda camera, _, up: orbit(camera, -_STEP, 0, up)),
    ViewKey("view.turn_right", "Turn right", "Right", lambda camera, _, up: orbit(camera, _STEP, 0, up)),
    ViewKey("view.turn_up", "Look from higher", "Up", lambda camera, _, up: orbit(camera, 0, _STEP, up)),
    ViewKey("view.turn_down", "Look from lower", "Down", lambda camera, _, up: orbit(camera, 0, -_STEP, up)),
    ViewKey("view.pan_left", "Move left", "Shift+Left", lambda eye, size, _: pan(eye, -40, 0, size[1])),
    ViewKey("view.pan_right", "Move right", "Shift+Right", lambda eye, size, _: pan(eye, 40, 0, size[1])),
    ViewKey("view.pan_up", "Move up", "Shift+Up", lambda eye, size, _: pan(eye, 0, -40, size[1])),
    ViewKey("view.pan_down", "Move down", "Shift+Down", lambda eye, size, _: pan(eye, 0, 40, size[1])),
    ViewKey("view.nearer", "Come nearer", "+", lambda eye, size, _: wheeled(eye, 1, _centre(size), size)),
    ViewKey("view.farther", "Go farther", "-", lambda eye, size, _: wheeled(eye, -1, _centre(size), size)),
)  # fmt: skip
