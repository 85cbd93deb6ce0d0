"""The window's side of the renderer: one child process for all views, restarted when it dies."""

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

_GIVE_UP_AFTER, _WITHIN = 3, 30.0  # so many deaths in so many seconds end the restarts


class RenderClient(QObject):
    """The owner of the renderer's process and of all views. No call waits for the renderer."""

    ready = Signal()
    restarted = Signal(str)  # with the sentence to show
    unavailable = Signal(str)  # with the sentence to show
    flat = Signal(str)  # emitted once if pictures cannot show depth, with the sentence to show
    tried_again = Signal()

    _heard = Signal(object, object, object)
    _ended = Signal(object, str)

    def __init__(self, parent: QObject | None = None, at_once: bool = True) -> None:
        """Start the renderer, unless ``at_once`` is false: then `start` must be called."""
        # Without a parent, Python's garbage collector would own the object, and it may run in any thread.
        application = QCoreApplication.instance()
        super().__init__(parent or application)
        self._views: dict[int, RenderView] = {}
        self._numbers = itertools.count(1)
        self._deaths: deque[float] = deque(maxlen=_GIVE_UP_AFTER)
        self._why_not: str | None = None
        self._is_ready = False
        self._told_flat, self._is_shut = False, False
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
        if at_once:
            self.start()

    @property
    def is_ready(self) -> bool:
        """Whether the renderer runs and can draw."""
        return self._is_ready

    @property
    def why_unavailable(self) -> str | None:
        """A sentence why 3D views are not available; None if they are, or while the renderer starts."""
        return self._why_not

    @property
    def process_id(self) -> int | None:
        """The process id of the renderer, None while there is no renderer."""
        return self._process.popen.pid if self._process else None

    @property
    def folder(self) -> Path:
        """The folder through which pictures are exchanged."""
        return Path(self._folder.name)

    def open_view(self) -> RenderView:
        """Open a view in the renderer."""
        view = RenderView(self, next(self._numbers), self)
        self._views[view.number] = view
        return view

    def forget(self, view: RenderView) -> None:
        """Close a view in the renderer."""
        if self._views.pop(view.number, None) is not None:
            self.post({"do": "close", "view": view.number})
            view.deleteLater()

    def shutdown(self) -> None:
        """End the renderer and remove its files."""
        process, self._process, self._is_shut = self._process, None, True
        self._is_ready = False
        if process is not None:
            process.stop()
        self._folder.cleanup()

    def next_number(self) -> int:
        """Return a new number for a request."""
        return next(self._numbers)

    def movers(self) -> int:
        """Return the number of views whose camera moves."""
        return sum(view.moving for view in self._views.values())

    def post(self, header: Header, arrays: list[Array] | None = None) -> None:
        """Send an order to the renderer; the order is dropped while there is no renderer."""
        if self._process is not None:
            self._process.post(header, arrays or [])

    def wake(self) -> None:
        """Let every view send its waiting request."""
        if self._is_ready:
            for view in self._views.values():
                view.advance()

    def start(self) -> None:
        """Start the renderer unless it runs or was shut down."""
        if self._process is None and not self._is_shut:
            self._process = RendererProcess(self.folder, self._heard, self._ended)

    @Slot(object, object, object)
    def _on_heard(self, process: RendererProcess, header: Header, image: QImage | None) -> None:
        if process is not self._process:
            return
        if header["say"] == "ready":
            self._is_ready = True
            self.ready.emit()
            if not header["depth"] and not self._told_flat:
                self._told_flat = True
                self.flat.emit(
                    "The graphics of this computer do not provide depth: clouds are drawn without depth cues."
                )
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
        self.start()
        self.restarted.emit("The 3D renderer stopped and was started again; scene and camera are kept.")

    def draw_again(self) -> None:
        """Start the renderer again after too many failures; the views keep their scenes."""
        if self._why_not is not None:
            self._why_not = None
            self._deaths.clear()
            self.start()
            self.tried_again.emit()

    def _give_up(self, why: str) -> None:
        self._why_not = why
        self.unavailable.emit(why)
