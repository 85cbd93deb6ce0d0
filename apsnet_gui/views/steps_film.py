"""Pictures of all steps of a sampling, which do not depend on later changes of the view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.views.document_scene import ViewContents

_LOOK_SECONDS = 0.1  # between two checks for a cancellation


class StepsFilm(QObject):
    """Draws steps 1..m with the present camera of ``view``, in a separate view of the renderer.

    ``scene_of`` makes the scene of a step, on the thread that calls `frames`.
    """

    _asked = Signal(object, object)

    def __init__(self, view: ViewWidget, scene_of: Callable[[int], ViewContents], m: int) -> None:
        super().__init__(view.client)
        self._scene_of, self._m = scene_of, m
        self._shot, self._caption = view.shot(), view.caption
        self._view = view.client.open_view()
        self._asked.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def frames(self, progress: JobProgress) -> Iterator[QImage]:
        """Yield the pictures; call this on a worker thread. Raises `Cancelled`, or the renderer's error."""
        for step in range(1, self._m + 1):
            so_far = (step - 1) / self._m, f"step {step} of {self._m}"
            progress.report(*so_far)
            picture: Future[QImage] = Future()
            self._asked.emit(self._scene_of(step), picture)
            while not picture.done():
                progress.report(*so_far)
                with suppress(TimeoutError):
                    picture.exception(timeout=_LOOK_SECONDS)
            yield picture.result()

    def close(self) -> None:
        """Close the renderer's view; call this on the GUI thread."""
        self._view.close()
        self.deleteLater()

    @Slot(object, object)
    def _take(self, shown: ViewContents, picture: Future[QImage]) -> None:
        self._view.set_scene(shown.scene)

        def hand_on(done: Future[QImage]) -> None:
            why = done.exception()
            picture.set_exception(why) if why is not None else picture.set_result(done.result())

        try:
            caption = replace(self._caption, bar=shown.bar)
            self._shot.take(self._view, shown.scene, caption).add_done_callback(hand_on)
        except ValueError as why:
            picture.set_exception(why)
