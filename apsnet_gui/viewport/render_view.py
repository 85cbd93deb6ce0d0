"""A view at the renderer: which picture it waits for, and which requests are dropped for newer ones."""

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

_REST_MS = 250  # after a picture, until the renderer gets ready for the next movement


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


class Renderer(Protocol):
    """What a view needs of the one who owns the renderer."""

    @property
    def is_ready(self) -> bool:
        """Whether the renderer runs and draws."""

    def next_number(self) -> int:
        """A number for a request."""

    def movers(self) -> int:
        """How many views are being moved."""

    def post(self, header: Header, arrays: list[Array] | None = None) -> None:
        """Send an order to the renderer; without one it is dropped."""

    def wake(self) -> None:
        """Let every view send what it waits with."""

    def forget(self, view: RenderView) -> None:
        """Close a view on the renderer's side."""


class RenderView(QObject):
    """One view at the renderer. Of many requests the newest is drawn; one is under way at a time."""

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
        self._renderer.wake()

    def snapshot(self, camera: Camera, size: Size, ratio: float, transparent: bool) -> Future[QImage]:
        """A picture apart from those of the view. The future is resolved in the GUI thread."""
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
        """Forget the view on both sides."""
        self._at_rest.stop()
        self._renderer.forget(self)

    def advance(self) -> None:
        """Send the newest request if the renderer is free for it."""
        if self._under_way is None and self._wanted is not None:
            request, self._wanted = self._wanted, None
            self._send_scene()
            seq = self._renderer.next_number()
            self._under_way, self._last = (seq, request, self._scene), request
            self._renderer.post({"do": "draw", **self._order(request, seq)})

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
            self._renderer.post({"do": "refine", "view": self.number, "seq": seq})
        else:
            self.advance()
        if self._under_way is None:
            self._at_rest.start()

    def _rehearse(self) -> None:
        """Let the renderer prepare for camera moves."""
        if self._last is not None:
            self._renderer.post({"do": "rehearse", **self._order(self._last, 0)})

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
