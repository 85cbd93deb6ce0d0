"""Where a camera has been, for going back and forth."""

from __future__ import annotations

from apsnet_gui.viewport.camera import Camera

_LENGTH = 100


class CameraHistory:
    """The cameras before the current one, and those that were gone back from."""

    def __init__(self) -> None:
        self._before: list[Camera] = []
        self._after: list[Camera] = []

    def leave(self, camera: Camera) -> None:
        """Remember ``camera``, which is about to be moved."""
        self._before = [*self._before, camera][-_LENGTH:]
        self._after = []

    def back(self, camera: Camera) -> Camera | None:
        """The camera before ``camera``, None at the first."""
        if not self._before:
            return None
        self._after.append(camera)
        return self._before.pop()

    def forth(self, camera: Camera) -> Camera | None:
        """The camera that ``back`` came from, None at the last."""
        if not self._after:
            return None
        self._before.append(camera)
        return self._after.pop()
