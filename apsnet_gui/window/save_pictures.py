"""Writes pictures of a view, of the window, and of all steps of a sampling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from apsnet_core.atomic import atomic_path
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.state.session import Session
from apsnet_gui.window.central import CentralView

GIF_MS = 250
TRANSPARENT = (".png", ".webp")  # checked, because a typed name may have a suffix that the filter excludes


class PictureWriter(QObject):
    """Writes pictures on worker threads; a notice reports each result."""

    def __init__(
        self, session: Session, background: Background, central: CentralView, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._background, self._central, self._window = session, background, central, window

    def save_view(self, path: Path, scale: float = 2.0, transparent: bool = False) -> None:
        """Write a picture of the view at ``scale`` times its size."""
        if transparent and path.suffix.lower() not in TRANSPARENT:
            why = f"{path.suffix} has no transparency; .png has"
            self._session.tell("error", f"{path.name} was not written: {why}", path)
            return
        taken = self._central.snapshot(scale, transparent)
        taken.add_done_callback(lambda done: self._keep(done, path))

    def save_window(self, path: Path) -> None:
        """Write a picture of the window."""
        image = self._window.grab().toImage()  # on the GUI thread: no other thread may use a widget
        self._write(f"Writing {path.name}", path, lambda _: write_image(image, path))

    def _keep(self, done: Future[QImage], path: Path) -> None:
        if (why := done.exception()) is not None:
            self._session.tell("error", f"{path.name} was not written: {why}", path)
        else:
            image = done.result()
            self._write(f"Writing {path.name}", path, lambda _: write_image(image, path))

    def save_steps(self, path: Path) -> None:
        """Write an animated GIF, or a picture for each step as ``name-001.png`` and so on."""
        result = self._session.result
        if result is None:
            return
        film, files = self._central.film(result.sampling.m), self.steps_files(path)
        title = f"Writing {path.name}"
        job = self._write(title, path, lambda progress: write_series(film.frames(progress), files), files)
        job.ended.connect(film.close)

    def steps_files(self, path: Path) -> list[Path]:
        """The files that `save_steps` writes for ``path``."""
        result = self._session.result
        if result is None or path.suffix.lower() == ".gif":
            return [path]
        count = self._central.film_length(result.sampling.m)
        return [path.with_name(f"{path.stem}-{i:0{max(len(str(count)), 3)}}{path.suffix}")
                for i in range(1, count + 1)]  # fmt: skip

    def _write(
        self, title: str, path: Path, work: Callable[[JobProgress], object], files: Sequence[Path] = ()
    ) -> Job:
        job = self._background.start(title, work)
        first, *others = files or [path]
        last = f" to {others[-1].name}" if others else ""
        job.done.connect(lambda _: self._session.tell("info", f"Wrote {first}{last}", first))
        job.failed.connect(
            lambda why: self._session.tell("error", f"{path.name} was not written: {why}", path)
        )
        return job


def write_image(image: QImage, path: Path) -> None:
    """Write an image in the format of the suffix, such as PNG or JPEG. Raises OSError."""
    with atomic_path(path) as beside:
        _save(image, beside)


def write_series(images: Iterator[QImage], files: Sequence[Path]) -> None:
    """Write a GIF that repeats forever, or one image to each of ``files``; if one fails, write nothing."""
    with ExitStack() as together:  # the files are moved to their places once all are written
        if files[0].suffix.lower() == ".gif":
            _save_gif(images, together.enter_context(atomic_path(files[0])))
            return
        for image, file in zip(images, files, strict=True):
            _save(image, together.enter_context(atomic_path(file)))


def _save(image: QImage, beside: Path) -> None:
    if not image.save(str(beside)):
        known = [bytes(kind.data()).decode() for kind in QImageWriter.supportedImageFormats()]
        if beside.suffix[1:].lower() not in known:
            raise OSError(f"no picture's name ends in {beside.suffix}; .png and .jpg are accepted")
        raise OSError("the picture could not be written there")


def _save_gif(images: Iterator[QImage], beside: Path) -> None:
    from PIL import Image

    frames = []
    for image in images:
        rgb = image.convertToFormat(QImage.Format.Format_RGB888)
        pixels = bytes(rgb.constBits())
        frame = Image.frombytes("RGB", (rgb.width(), rgb.height()), pixels, "raw", "RGB", rgb.bytesPerLine())
        frames.append(frame.quantize(128, dither=Image.Dither.NONE))
    frames[0].save(beside, format="GIF", save_all=True, append_images=frames[1:], duration=GIF_MS, loop=0)
