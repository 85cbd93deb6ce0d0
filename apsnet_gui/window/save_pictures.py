"""Pictures of a view, of the window, and of all steps of a sampling one after another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from apsnet_core.atomic import atomic_path
from apsnet_gui.jobs.background import Background, Progress
from apsnet_gui.state.session import Session
from apsnet_gui.window.central import Stage

GIF_MS = 250


class Pictures(QObject):
    """``save_steps`` plays the steps in the view and takes a picture of each."""

    def __init__(self, session: Session, background: Background, stage: Stage, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._background, self._stage, self._window = session, background, stage, window
        self.busy = False

    def save_view(self, path: Path, scale: float = 2.0, transparent: bool = False) -> None:
        """The view at ``scale`` times its size."""
        taken = self._stage.view.snapshot(scale, transparent)
        taken.add_done_callback(lambda done: self._keep(done, path))

    def save_window(self, path: Path) -> None:
        """The window as it stands."""
        image = self._window.grab().toImage()  # here: no other thread may touch a widget
        self._write(f"Writing {path.name}", path, lambda _: write_image(image, path))

    def _keep(self, done: Future[QImage], path: Path) -> None:
        if (why := done.exception()) is not None:
            self._session.notice.emit("error", f"{path.name} was not written: {why}")
        else:
            image = done.result()
            self._write(f"Writing {path.name}", path, lambda _: write_image(image, path))

    def save_steps(self, path: Path) -> None:
        """An animated GIF, or ``name-001.png`` and so on, one picture for each step."""
        result = self._session.result
        if result is None or self.busy:
            return
        self.busy = True
        before = self._session.step
        images: list[QImage] = []
        steps = iter(range(1, result.sampling.m + 1))

        def take() -> None:
            self._stage.view.snapshot().add_done_callback(keep)

        def keep(done: Future[QImage]) -> None:
            if (why := done.exception()) is not None:
                self._session.notice.emit("error", f"{path.name} was not written: {why}")
                finish()
            else:
                images.append(done.result())
                advance()

        def advance() -> None:
            t = next(steps, None)
            if t is None or self._session.result is not result:
                finish()
                self._write(
                    f"Writing {path.name}", path, lambda progress: write_series(images, path, progress)
                )
                return
            self._session.set_step(t)
            self._stage.shown.when_scene_is_set(take)

        def finish() -> None:
            self.busy = False
            self._session.set_step(before)

        advance()

    def _write(self, title: str, path: Path, work: Callable[[Progress], None]) -> None:
        job = self._background.start(title, work)
        job.done.connect(lambda _: self._session.notice.emit("info", f"Wrote {path}"))
        job.failed.connect(
            lambda why: self._session.notice.emit("error", f"{path.name} was not written: {why}")
        )


def write_image(image: QImage, path: Path) -> None:
    """PNG or JPEG by the suffix; OSError where it cannot be written."""
    with atomic_path(path) as beside:
        if not image.save(str(beside)):
            raise OSError("the picture could not be written there")


def write_series(images: list[QImage], path: Path, progress: Progress) -> None:
    """A GIF that repeats for ever, or a numbered PNG for each image."""
    if path.suffix.lower() != ".gif":
        for i, image in enumerate(images, 1):
            progress.report(i / len(images))
            write_image(image, path.with_name(f"{path.stem}-{i:03}{path.suffix}"))
        return
    from PIL import Image

    frames = []
    for i, image in enumerate(images, 1):
        progress.report(i / len(images))
        rgb = image.convertToFormat(QImage.Format.Format_RGB888)
        pixels = bytes(rgb.constBits())
        frame = Image.frombytes("RGB", (rgb.width(), rgb.height()), pixels, "raw", "RGB", rgb.bytesPerLine())
        frames.append(frame.quantize(128, dither=Image.Dither.NONE))
    with atomic_path(path) as beside:
        frames[0].save(beside, format="GIF", save_all=True, append_images=frames[1:], duration=GIF_MS, loop=0)
