"""The previous cameras of a view, to go back and forth between them."""

from __future__ import annotations

from apsnet_gui.viewport.camera import Camera

_LENGTH = 100


class CameraHistory:
    """The cameras before the present one, and the later ones after the user has gone back."""

    def __init__(self) -> None:
        self._before: list[Camera] = []
        self._after: list[Camera] = []

    def leave(self, camera: Camera) -> None:
        """Remember ``camera`` before it is moved."""
        self._before = [*self._before, camera][-_LENGTH:]
        self._after = []

    def back(self, camera: Camera) -> Camera | None:
        """Return the camera before ``camera``, None if ``camera`` is the first."""
        if not self._before:
            return None
        self._after.append(camera)
        return self._before.pop()

    def forth(self, camera: Camera) -> Camera | None:
        """Return the camera from which the user went back, None if ``camera`` is the last."""
        if not self._after:
            return None
        self._before.append(camera)
        return self._after.pop()
