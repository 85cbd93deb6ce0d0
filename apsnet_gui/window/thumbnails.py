"""Pictures of the bundled shapes, which the renderer draws once and a folder on the disk keeps."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from apsnet_core.arrays import np
from apsnet_core.cloud import TriangleMesh
from apsnet_gui.jobs.background import Background, JobProgress
from apsnet_gui.jobs.reader_process import ReaderProcess, Unreadable
from apsnet_gui.state.open_shape import Shape
from apsnet_gui.state.read_request import ReadRequest
from apsnet_gui.viewport.camera import Camera, fit, standard_view
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.render_view import RenderView
from apsnet_gui.viewport.scene import Layer, MeshLayer, PointLayer, Scene, bounds
from apsnet_gui.window.bundled import SIZE, bundled
from apsnet_gui.window.save_pictures import write_image

RATIO = 2.0
COLOUR = 142, 156, 176


class Thumbnails(QObject):
    """Emits ``ready(path, pixmap)`` for each bundled shape, from the disk or newly drawn.

    ``notice(level, text)`` is emitted once if the pictures cannot be stored.
    """

    ready = Signal(object, object)
    notice = Signal(str, str)
    _read = Signal(object, object)

    def __init__(self, background: Background, client: RenderClient, folder: Path) -> None:
        super().__init__(background)
        self._background, self._client, self._folder = background, client, folder
        self._waiting: list[tuple[Path, Shape]] = []
        self._started, self._drawing, self._closed = False, False, False
        self._again: set[Path] = set()
        self._keeps = True
        self._view: RenderView | None = None
        self._read.connect(self._draw_next_after, Qt.ConnectionType.QueuedConnection)
        client.ready.connect(self._draw_next)

    def start(self) -> None:
        """Show stored pictures and draw missing ones; only the first call does so."""
        if self._started:
            return
        self._started = True
        missing = []
        for path in bundled():
            picture = QPixmap(str(self._file(path)))
            if picture.isNull():
                missing.append(path)
            else:
                picture.setDevicePixelRatio(RATIO)
                self.ready.emit(path, picture)
        if missing:
            self._background.start(
                "Drawing the start page", lambda progress: self._load(missing, progress), at_once=True
            )

    def close(self) -> None:
        """Stop drawing."""
        self._closed = True
        self._waiting.clear()
        self._rest()

    def _rest(self) -> None:
        if self._view is not None:
            self._view.close()
            self._view = None

    def _file(self, path: Path) -> Path:
        return self._folder / f"{path.stem}-{path.stat().st_size}-{SIZE[0]}.png"

    def _load(self, paths: list[Path], progress: JobProgress) -> None:
        reader = ReaderProcess()
        try:
            for i, path in enumerate(paths):
                progress.report(i / len(paths), path.stem)
                try:
                    shape = reader.read(ReadRequest(str(path)), lambda _: progress.report())
                except Unreadable:
                    continue  # the card keeps its text; opening the shape reports the error
                self._read.emit(path, shape)
        finally:
            reader.close()

    @Slot(object, object)
    def _draw_next_after(self, path: Path, shape: Shape) -> None:
        self._waiting.append((path, shape))
        self._draw_next()

    def _draw_next(self) -> None:
        if self._closed or self._drawing or not self._waiting or not self._client.is_ready:
            return
        path, shape = self._waiting.pop(0)
        self._drawing = True
        if self._view is None:
            self._view = self._client.open_view()
        scene = Scene((layer_of(shape),), up="y", show_axes=False)
        camera = fit(standard_view(Camera(), "isometric", "y"), bounds(scene), SIZE, margin=0.85)
        size = (round(SIZE[0] * RATIO), round(SIZE[1] * RATIO))
        self._view.set_scene(scene)
        drawn = self._view.snapshot(camera, size, RATIO, True)
        drawn.add_done_callback(lambda done: self._drawn(path, shape, done))

    def _drawn(self, path: Path, shape: Shape, done: Future[QImage]) -> None:
        self._drawing = False
        if self._closed:
            return
        if done.exception() is None:
            self._keep(path, done.result())
            picture = QPixmap.fromImage(done.result())
            picture.setDevicePixelRatio(RATIO)
            self.ready.emit(path, picture)
        elif path not in self._again:  # the renderer stopped; the next one draws it, unless it stops too
            self._again.add(path)
            self._waiting.append((path, shape))
        self._draw_next()
        if not self._drawing and not self._waiting:
            self._rest()

    def _keep(self, path: Path, image: QImage) -> None:
        if not self._keeps:
            return
        title = f"Keeping the picture of {path.stem}"
        job = self._background.start(title, lambda _: self._write(path, image), at_once=True)
        job.failed.connect(self._keep_no_more)

    def _write(self, path: Path, image: QImage) -> None:
        """Store a picture. Call it on a worker thread, because a disk can be slow."""
        self._folder.mkdir(parents=True, exist_ok=True)
        write_image(image, self._file(path))

    def _keep_no_more(self, why: BaseException) -> None:
        if self._keeps:
            self._keeps = False
            self.notice.emit("warning", f"The pictures of the start page were not kept: {why}")


def layer_of(shape: Shape) -> Layer:
    """A layer with the shape in one muted colour."""
    if isinstance(shape, TriangleMesh):
        return MeshLayer("shape", shape.vertices, shape.faces, np.array(COLOUR, np.uint8))
    return PointLayer("shape", shape.xyz, np.tile(np.array(COLOUR, np.uint8), (len(shape), 1)))
