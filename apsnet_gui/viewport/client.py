"""The window's side of the renderer: one child process for all views, started again when it dies."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import deque
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from apsnet_core import scratch
from apsnet_gui.viewport.process import RendererProcess
from apsnet_gui.viewport.protocol import Array, Header
from apsnet_gui.viewport.render_view import RenderView

_GIVE_UP_AFTER, _WITHIN = 3, 30.0  # deaths, seconds


class RenderClient(QObject):
    """Owns the renderer. Every view of the program is opened here; none ever waits for it."""

    ready = Signal()
    restarted = Signal(str)  # also the sentence to show
    unavailable = Signal(str)
    tried_again = Signal()

    _heard = Signal(object, object, object)
    _ended = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        # without a parent it would belong to Python, whose garbage collector may run in any thread
        application = QCoreApplication.instance()
        super().__init__(parent or application)
        self._views: dict[int, RenderView] = {}
        self._numbers = itertools.count(1)
        self._deaths: deque[float] = deque(maxlen=_GIVE_UP_AFTER)
        self._why_not: str | None = None
        self._is_ready = False
        self._process: RendererProcess | None = None
        self._folder = tempfile.TemporaryDirectory(
            prefix=scratch.prefix("view"),
            dir=scratch.MEMORY if scratch.MEMORY.is_dir() else None,
            ignore_cleanup_errors=True,
        )
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        if application is not None:
            application.aboutToQuit.connect(self.shutdown)
        self._start()

    @property
    def is_ready(self) -> bool:
        """Whether the renderer runs and draws."""
        return self._is_ready

    @property
    def why_unavailable(self) -> str | None:
        """The sentence to show where there is no 3D here; None where there is, or may soon be."""
        return self._why_not

    @property
    def process_id(self) -> int | None:
        """The renderer's process, None while there is none."""
        return self._process.popen.pid if self._process else None

    @property
    def folder(self) -> Path:
        """Where the pictures are exchanged."""
        return Path(self._folder.name)

    def open_view(self) -> RenderView:
        """A new view, drawn by the same renderer."""
        view = RenderView(self, next(self._numbers), self)
        self._views[view.number] = view
        return view

    def forget(self, view: RenderView) -> None:
        """Close a view on the renderer's side."""
        if self._views.pop(view.number, None) is not None:
            self.post({"do": "close", "view": view.number})
            view.deleteLater()

    def shutdown(self) -> None:
        """Stop the renderer and take its files away."""
        process, self._process = self._process, None
        self._is_ready = False
        if process is not None:
            process.stop()
        self._folder.cleanup()

    def next_number(self) -> int:
        """A number for a request."""
        return next(self._numbers)

    def movers(self) -> int:
        """How many views are being moved."""
        return sum(view.moving for view in self._views.values())

    def post(self, header: Header, arrays: list[Array] | None = None) -> None:
        """Send an order to the renderer; without one it is dropped."""
        if self._process is not None:
            self._process.post(header, arrays or [])

    def wake(self) -> None:
        """Let every view send what it waits with."""
        if self._is_ready:
            for view in self._views.values():
                view.advance()

    def _start(self) -> None:
        self._process = RendererProcess(self.folder, self._heard, self._ended)

    @Slot(object, object, object)
    def _on_heard(self, process: RendererProcess, header: Header, image: QImage | None) -> None:
        if process is not self._process:
            return
        if header["say"] == "ready":
            self._is_ready = True
            self.ready.emit()
            self.wake()
        elif header["say"] == "unavailable":
            self._give_up(f"3D views are not available here: {header['why']}.")
        elif (view := self._views.get(header["view"])) is not None:
            for other in header.get("unlike", ()):
                if other in self._views:
                    self._views[other].draw_again()
            view.answer(header["seq"], image, header["final"], header["seconds"])

    @Slot(object, str)
    def _on_ended(self, process: RendererProcess, why: str) -> None:
        if process is not self._process:
            return
        self._process, self._is_ready = None, False
        for view in self._views.values():
            view.lost()
        if self._why_not is not None:
            return
        now = time.monotonic()
        self._deaths.append(now)
        if len(self._deaths) == _GIVE_UP_AFTER and now - self._deaths[0] < _WITHIN:
            times = f"the renderer stopped {_GIVE_UP_AFTER} times in a row"
            self._give_up(f"3D views are off: {times}; {why}.")
            return
        self._start()
        self.restarted.emit("The 3D renderer stopped and was started again; scene and camera are kept.")

    def draw_again(self) -> None:
        """After it was given up: start it anew, with all that the views were to show."""
        if self._why_not is not None:
            self._why_not = None
            self._deaths.clear()
            self._start()
            self.tried_again.emit()

    def _give_up(self, why: str) -> None:
        self._why_not = why
        self.unavailable.emit(why)
