"""The cameras that a view had, for going back and forth."""

from __future__ import annotations

from apsnet_gui.viewport.camera import Camera

_LENGTH = 100


class CameraHistory:
    """The cameras before the present one, and those after it once the user went back."""

    def __init__(self) -> None:
        self._before: list[Camera] = []
        self._after: list[Camera] = []

    def leave(self, camera: Camera) -> None:
        """Remember ``camera`` before it is moved."""
        self._before = [*self._before, camera][-_LENGTH:]
        self._after = []

    def back(self, camera: Camera) -> Camera | None:
        """The camera before ``camera``, None at the first one."""
        if not self._before:
            return None
        self._after.append(camera)
        return self._before.pop()

    def forth(self, camera: Camera) -> Camera | None:
        """The camera from which the user went back, None at the last one."""
        if not self._after:
            return None
        self._before.append(camera)
        return self._after.pop()
