"""A view that shows the pictures of its scene from its camera, with text drawn over them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from apsnet_gui.viewport import overlay
from apsnet_gui.viewport.camera import FIRST, Camera, fit_scene, standard_view
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.draw_again import DrawAgain
from apsnet_gui.viewport.overlay import Caption
from apsnet_gui.viewport.projection import in_sight
from apsnet_gui.viewport.render_view import RenderedFrame
from apsnet_gui.viewport.scene import Scene, SphereLayer, bounds, positions
from apsnet_gui.viewport.shot import Shot

_REST = 140  # ms without a camera movement until the full picture is drawn
_RESIZED = 160  # ms after a resize until the full picture is drawn


class DrawnView(QWidget):
    """A view with a scene and a camera. Until the camera is set or moved, it is fitted to the scene."""

    frame_drawn = Signal(float)  # milliseconds that the renderer took
    settled = Signal()  # the full picture of the present scene and camera is shown

    def __init__(self, client: RenderClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._view = client.open_view()
        light = self.palette().color(QPalette.ColorRole.Window).lightness() > 127
        self._scene = Scene(background="light" if light else "dark")  # empty until `set_scene` is called
        self._view.set_scene(self._scene)
        self._camera = FIRST
        self._untouched = True  # the camera was never set or moved: it is fitted to the scene
        self._frame: RenderedFrame | None = None
        self._caption = Caption()  # for the scene that will be drawn
        self._drawn_caption = Caption()  # for the picture on the screen
        self._message: str | None = client.why_unavailable

        self._rest = self._timer(_REST, lambda: self._request(moving=False))
        self._resized = self._timer(_RESIZED, lambda: self._request(moving=False))
        self._view.frame.connect(self._on_frame)
        self.again = DrawAgain(self, client)
        client.unavailable.connect(self._on_unavailable)
        client.tried_again.connect(self._on_tried_again)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(96, 72)
        self.setAccessibleName("3D view")
        self.destroyed.connect(self._view.close)

    def _timer(self, interval: int, task: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=interval, singleShot=True)
        timer.timeout.connect(task)
        return timer

    # the scene and its text

    @property
    def scene(self) -> Scene:
        """The scene that was set last."""
        return self._scene

    def set_scene(self, scene: Scene) -> None:
        """Show ``scene``. Until the camera is set or moved, it is fitted to the scene."""
        turned_over = scene.up != self._scene.up and (self._untouched or bool(self._scene.layers))
        self._scene = scene
        self._view.set_scene(scene)
        if turned_over:
            self._camera = standard_view(self._camera, "isometric", scene.up)
        if self._untouched:
            self._camera = fit_scene(self._camera, scene, self.logical)
        self._request(moving=False)

    def set_header(self, title: str, detail: str = "") -> None:
        """Set the text in the upper left corner, for example a method and its sample size."""
        self._set_caption(replace(self._caption, title=title, detail=detail))
        self.setAccessibleName(f"3D view: {title} {detail}".strip() if title else "3D view")
        self.update()

    def set_color_bar(self, bar: ColorBar | None) -> None:
        """Show a colour bar, or none."""
        self._set_caption(replace(self._caption, bar=bar))

    @property
    def caption(self) -> Caption:
        """The text over the present picture."""
        return self._drawn_caption

    def _set_caption(self, caption: Caption) -> None:
        """Show the new text together with the picture that it belongs to."""
        self._caption = caption
        if self._frame is None or self._frame.scene is self._scene:
            self._drawn_caption = caption

    # the camera

    @property
    def camera(self) -> Camera:
        """The camera of the view."""
        return self._camera

    @camera.setter
    def camera(self, camera: Camera) -> None:
        """Set the camera by a program: no signal is emitted, and it cannot be undone."""
        self._untouched = False
        if camera != self._camera:
            self._camera = camera
            self._request(moving=True)

    @property
    def seen(self) -> tuple[Scene, Camera]:
        """The scene and camera of the picture on the screen, or of the first one while there is none."""
        frame = self._frame
        return (self._scene, self._camera) if frame is None else (frame.scene, frame.camera)

    @property
    def is_in_sight(self) -> bool:
        """Whether the scene is visible from the camera: in the picture, and larger than a dot."""
        return in_sight(self._camera, bounds(self._scene), self.logical)

    # pictures

    @property
    def frame(self) -> RenderedFrame | None:
        """The present picture, with the scene and the camera that it was drawn for."""
        return self._frame

    @property
    def is_settled(self) -> bool:
        """Whether the full picture of the present scene and camera is shown, or no picture is possible."""
        if self._message is not None:
            return True
        frame = self._frame
        return (
            frame is not None
            and frame.final
            and self._view.is_idle
            and frame.scene is self._scene
            and frame.camera == self._camera
            and frame.image.size() == self._pixels()
        )

    def snapshot(self, scale: float = 1.0, transparent: bool = False) -> Future[QImage]:
        """The view as a picture with text, ``scale`` times as large; resolved on the GUI thread."""
        return self.shot(scale).take(self._view, self._scene, self._caption, transparent)

    def shot(self, scale: float = 1.0) -> Shot:
        """The present camera, size and font, to take pictures of other scenes."""
        return Shot(self._camera, self.logical, self.devicePixelRatioF() * scale, self.font())

    @property
    def client(self) -> RenderClient:
        """The renderer of the view."""
        return self._client

    @property
    def logical(self) -> tuple[int, int]:
        """The size of the view in logical pixels."""
        return max(self.width(), 1), max(self.height(), 1)

    def _pixels(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))

    def _request(self, moving: bool) -> None:
        if moving:
            self._rest.start()
        if not self.isVisible():
            return
        size = self._pixels()
        self._view.draw(self._camera, (size.width(), size.height()), self.devicePixelRatioF(), moving)

    def _on_frame(self, frame: RenderedFrame) -> None:
        if self._is_worse(frame):
            return
        self._frame = frame
        if frame.scene is self._scene:
            self._drawn_caption = self._caption
        self.frame_drawn.emit(frame.milliseconds)
        self.update()
        if self.is_settled:
            self.settled.emit()

    def _is_worse(self, frame: RenderedFrame) -> bool:
        """Whether a full picture of the same clouds is shown, and ``frame`` is only a first pass of one.

        Then the picture stays until the next one is complete, because a large cloud would blink.
        """
        seen = self._frame
        return (
            seen is not None
            and seen.final
            and not frame.final
            and (seen.camera, seen.image.size()) == (frame.camera, frame.image.size())
            and _places(seen.scene) == _places(frame.scene)
        )

    def _on_unavailable(self, why: str) -> None:
        self._message = why
        self.update()

    def _on_tried_again(self) -> None:
        self._message = None
        self._request(moving=False)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(*self._scene.background_rgb))
            if self._message is not None:
                overlay.draw_message(painter, self._scene, self.logical, self._message)
                return
            frame = self._frame
            if frame is None:
                overlay.draw_message(painter, self._scene, self.logical, "Starting the 3D renderer")
                return
            # Full pictures need no smoothing: they have another size only for a moment, during a resize.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not frame.final)
            painter.drawImage(QRectF(self.rect()), frame.image)
            overlay.draw(painter, frame.image, frame.scene, frame.camera, self.logical, self._drawn_caption)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._untouched:
            self._camera = fit_scene(self._camera, self._scene, self.logical)
        self._request(moving=False)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._request(moving=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._untouched:
            self._camera = fit_scene(self._camera, self._scene, self.logical)
        self._resized.start()


def _places(scene: Scene) -> list[int]:
    """The ids of the position arrays of all clouds and meshes; they do not depend on colours and samples."""
    return [id(positions(layer)) for layer in scene.layers if not isinstance(layer, SphereLayer)]
