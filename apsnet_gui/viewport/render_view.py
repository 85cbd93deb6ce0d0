"""The requests of one view to the renderer; a new request replaces an older one that still waits."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.changes import SentScene
from apsnet_gui.viewport.protocol import Array, Header
from apsnet_gui.viewport.scene import Scene

Size = tuple[int, int]

_REST_MS = 250  # the time after a picture until the renderer prepares for the next movement


@dataclass(frozen=True, eq=False)
class RenderedFrame:
    """A picture, with the camera and the scene that it was drawn for."""

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


class Renderer(Protocol):
    """The interface that a view needs from the owner of the renderer."""

    @property
    def is_ready(self) -> bool:
        """Whether the renderer runs and can draw."""

    def next_number(self) -> int:
        """Return a new number for a request."""

    def movers(self) -> int:
        """Return the number of views whose camera moves."""

    def post(self, header: Header, arrays: list[Array] | None = None) -> None:
        """Send an order to the renderer; the order is dropped while there is no renderer."""

    def wake(self) -> None:
        """Let every view send its waiting request."""

    def forget(self, view: RenderView) -> None:
        """Close a view in the renderer."""


class RenderView(QObject):
    """One view. Only one request is in progress at a time; of the requests that wait, the newest is kept."""

    frame = Signal(object)

    def __init__(self, renderer: Renderer, number: int, parent: QObject) -> None:
        super().__init__(parent)
        self.number = number
        self._renderer = renderer
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
        """Whether no request waits or is in progress."""
        return self._wanted is None and self._under_way is None

    def draw_again(self) -> None:
        """Request the last picture again, because the renderer would now draw it differently."""
        if self._wanted is None and self._last is not None:
            self._wanted = replace(self._last, moving=False)
            self.advance()

    @property
    def moving(self) -> bool:
        """Whether the camera moves."""
        request = self._wanted or self._last
        return request is not None and request.moving

    def set_scene(self, scene: Scene) -> None:
        """Use another scene for the next picture; only the layers that have changed are sent."""
        self._scene = scene

    def draw(self, camera: Camera, size: Size, ratio: float = 1.0, moving: bool = False) -> None:
        """Request a picture of ``size`` device pixels; a logical pixel is ``ratio`` device pixels wide."""
        self._at_rest.stop()
        self._wanted = _Request(camera, size, ratio, moving)
        self._renderer.wake()

    def snapshot(self, camera: Camera, size: Size, ratio: float, transparent: bool) -> Future[QImage]:
        """Request a picture that is not shown in the view; the future is resolved on the GUI thread."""
        future: Future[QImage] = Future()
        if not self._renderer.is_ready:
            future.set_exception(RuntimeError("the 3D renderer is not running"))
            return future
        self._send_scene()
        seq = self._renderer.next_number()
        self._snapshots[seq] = future
        request = _Request(camera, size, ratio, False)
        self._renderer.post({"do": "snapshot", "transparent": transparent, **self._order(request, seq)})
        return future

    def close(self) -> None:
        """Close the view in the window and in the renderer."""
        self._at_rest.stop()
        self._renderer.forget(self)

    def advance(self) -> None:
        """Send the newest request if none is in progress."""
        if self._under_way is None and self._wanted is not None:
            request, self._wanted = self._wanted, None
            self._send_scene()
            seq = self._renderer.next_number()
            self._under_way, self._last = (seq, request, self._scene), request
            self._renderer.post({"do": "draw", **self._order(request, seq)})

    def answer(self, seq: int, image: QImage | None, final: bool, seconds: float) -> None:
        """Receive the picture for the request with the number ``seq``."""
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
            self._renderer.post({"do": "refine", "view": self.number, "seq": seq})
        else:
            self.advance()
        if self._under_way is None:
            self._at_rest.start()

    def _rehearse(self) -> None:
        """Let the renderer prepare for the next camera move."""
        if self._last is not None:
            self._renderer.post({"do": "rehearse", **self._order(self._last, 0)})

    def lost(self) -> None:
        """Prepare for the next renderer after this one died: repeat the last picture, fail the snapshots."""
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
            self._renderer.post({"do": "scene", "view": self.number, **header}, arrays)

    def _order(self, request: _Request, seq: int) -> Header:
        return {
            "view": self.number,
            "seq": seq,
            "camera": asdict(request.camera),
            "size": list(request.size),
            "ratio": request.ratio,
            "moving": request.moving,
            "movers": self._renderer.movers(),
        }
