"""The window's side of the renderer: one child process for all views, started again when it dies."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.changes import SentScene
from apsnet_gui.viewport.process import RendererProcess
from apsnet_gui.viewport.protocol import Array, Header
from apsnet_gui.viewport.scene import Scene

Size = tuple[int, int]

_REST_MS = 250  # after a picture, until the renderer gets ready for the next movement
_GIVE_UP_AFTER, _WITHIN = 3, 30.0  # deaths, seconds


@dataclass(frozen=True, eq=False)
class RenderedFrame:
    """A picture as the renderer drew it, with the camera and the scene it shows."""

    image: QImage
    camera: Camera
    scene: Scene
    final: bool
    milliseconds: float


@dataclass(frozen=True)
class _Request:
    camera: Camera
    size: Size
    ratio: float
    moving: bool


class RenderView(QObject):
    """One view at the renderer. Of many requests the newest is drawn; one is under way at a time."""

    frame = Signal(object)

    def __init__(self, client: RenderClient, number: int) -> None:
        super().__init__(client)
        self.number = number
        self._client = client
        self._scene = Scene()
        self._sent = SentScene()
        self._wanted: _Request | None = None
        self._last: _Request | None = None
        self._under_way: tuple[int, _Request, Scene] | None = None
        self._snapshots: dict[int, Future[QImage]] = {}
        self._at_rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._at_rest.timeout.connect(self._rehearse)

    @property
    def is_idle(self) -> bool:
        """Whether no picture is asked for that has not come."""
        return self._wanted is None and self._under_way is None

    def draw_again(self) -> None:
        """The same picture as the renderer draws it now."""
        if self._wanted is None and self._last is not None:
            self._wanted = replace(self._last, moving=False)
            self.advance()

    @property
    def moving(self) -> bool:
        """Whether the camera is being moved."""
        request = self._wanted or self._last
        return request is not None and request.moving

    def set_scene(self, scene: Scene) -> None:
        """Show another scene from the next picture on; what it shares with the last is not sent again."""
        self._scene = scene

    def draw(self, camera: Camera, size: Size, ratio: float = 1.0, moving: bool = False) -> None:
        """Ask for a picture of ``size`` device pixels; ``ratio`` of them are a logical pixel."""
        self._at_rest.stop()
        self._wanted = _Request(camera, size, ratio, moving)
        self._client.wake()

    def snapshot(self, camera: Camera, size: Size, ratio: float, transparent: bool) -> Future[QImage]:
        """A picture apart from those of the view. The future is resolved in the GUI thread."""
        future: Future[QImage] = Future()
        if not self._client.is_ready:
            future.set_exception(RuntimeError("the 3D renderer is not running"))
            return future
        self._send_scene()
        seq = self._client.next_number()
        self._snapshots[seq] = future
        request = _Request(camera, size, ratio, False)
        self._client.post({"do": "snapshot", "transparent": transparent, **self._order(request, seq)})
        return future

    def close(self) -> None:
        """Forget the view on both sides."""
        self._at_rest.stop()
        self._client.forget(self)

    def advance(self) -> None:
        """Send the newest request if the renderer is free for it."""
        if self._under_way is None and self._wanted is not None:
            request, self._wanted = self._wanted, None
            self._send_scene()
            seq = self._client.next_number()
            self._under_way, self._last = (seq, request, self._scene), request
            self._client.post({"do": "draw", **self._order(request, seq)})

    def answer(self, seq: int, image: QImage | None, final: bool, seconds: float) -> None:
        """Take the picture that was asked for with the number ``seq``."""
        if seq in self._snapshots:
            if image is not None:
                self._snapshots.pop(seq).set_result(image)
            return
        if self._under_way is None or self._under_way[0] != seq:
            return
        _, request, scene = self._under_way
        self._under_way = None
        if image is not None:
            self.frame.emit(RenderedFrame(image, request.camera, scene, final, 1000 * seconds))
        if not final and not request.moving and self._wanted is None and scene is self._scene:
            self._under_way = (seq, request, scene)
            self._client.post({"do": "refine", "view": self.number, "seq": seq})
        else:
            self.advance()
        if self._under_way is None:
            self._at_rest.start()

    def _rehearse(self) -> None:
        """Let the renderer prepare for camera moves."""
        if self._last is not None:
            self._client.post({"do": "rehearse", **self._order(self._last, 0)})

    def lost(self) -> None:
        """The renderer died: ask its successor for what was asked of it."""
        self._sent = SentScene()
        self._under_way = None
        self._at_rest.stop()
        if self._wanted is None and self._last is not None:
            self._wanted = replace(self._last, moving=False)
        for future in self._snapshots.values():
            future.set_exception(RuntimeError("the 3D renderer stopped while it drew the picture"))
        self._snapshots.clear()

    def _send_scene(self) -> None:
        message = self._sent.update(self._scene)
        if message is not None:
            header, arrays = message
            self._client.post({"do": "scene", "view": self.number, **header}, arrays)

    def _order(self, request: _Request, seq: int) -> Header:
        return {
            "view": self.number,
            "seq": seq,
            "camera": asdict(request.camera),
            "size": list(request.size),
            "ratio": request.ratio,
            "moving": request.moving,
            "movers": self._client.movers(),
        }


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
            prefix="apsnet-view-",
            dir="/dev/shm" if Path("/dev/shm").is_dir() else None,
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
        view = RenderView(self, next(self._numbers))
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
