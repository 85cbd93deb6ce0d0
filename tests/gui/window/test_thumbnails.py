"""The start page's pictures, with a fake renderer: drawn, kept in files, drawn again after a crash."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from apsnet_gui.jobs.background import Background
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.window.bundled import bundled
from apsnet_gui.window.thumbnails import Thumbnails


class PlayedRenderer(QObject):
    """A fake renderer and view; it stops at the first ``fatal`` pictures and restarts each time."""

    ready = Signal()

    def __init__(self, fatal: int) -> None:
        super().__init__()
        self.is_ready, self.fatal, self.asked = True, fatal, 0

    def open_view(self) -> PlayedRenderer:
        return self

    def set_scene(self, scene: object) -> None: ...

    def close(self) -> None: ...

    def snapshot(self, camera: object, size: tuple[int, int], *_: Any) -> Future[QImage]:
        self.asked += 1
        drawn: Future[QImage] = Future()
        if self.asked <= self.fatal:
            self.is_ready = False
            QTimer.singleShot(0, self, self._come_back)
            drawn.set_exception(RuntimeError("the 3D renderer stopped while it drew the picture"))
        else:
            image = QImage(*size, QImage.Format.Format_RGB32)
            image.fill(0xFF336699)
            drawn.set_result(image)
        return drawn

    def _come_back(self) -> None:
        self.is_ready = True
        self.ready.emit()


def start(background: Background, renderer: PlayedRenderer, folder: Path) -> tuple[Thumbnails, list[Path]]:
    thumbnails = Thumbnails(background, cast(RenderClient, renderer), folder)
    shown: list[Path] = []
    thumbnails.ready.connect(lambda path, _: shown.append(path))
    thumbnails.start()
    return thumbnails, shown


def test_a_picture_lost_with_the_renderer_is_drawn_after_its_restart(
    qtbot: QtBot, background: Background, tmp_path: Path
) -> None:
    renderer = PlayedRenderer(fatal=1)
    _, shown = start(background, renderer, tmp_path)
    qtbot.waitUntil(lambda: len(shown) == len(bundled()))
    assert sorted(shown) == bundled()
    qtbot.waitUntil(lambda: not background.jobs)
    assert len(list(tmp_path.glob("*.png"))) == len(bundled())

    other = PlayedRenderer(fatal=0)
    _, again = start(background, other, tmp_path)
    assert again == bundled()
    assert other.asked == 0


def test_a_shape_that_stops_the_renderer_is_tried_only_twice(
    qtbot: QtBot, background: Background, tmp_path: Path
) -> None:
    renderer = PlayedRenderer(fatal=1000)
    _, shown = start(background, renderer, tmp_path)
    qtbot.waitUntil(lambda: renderer.asked == 2 * len(bundled()))
    qtbot.waitUntil(lambda: renderer.is_ready and not background.jobs)
    assert renderer.asked == 2 * len(bundled())
    assert shown == []


def test_pictures_that_cannot_be_stored_are_shown_with_one_warning(
    qtbot: QtBot, background: Background, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    thumbnails = Thumbnails(background, cast(RenderClient, PlayedRenderer(0)), tmp_path / "taken")
    told, shown = [], []
    thumbnails.notice.connect(lambda *said: told.append(said))
    thumbnails.ready.connect(lambda path, _: shown.append(path))
    thumbnails.start()
    qtbot.waitUntil(lambda: len(shown) == len(bundled()) and not background.jobs)
    [(level, text)] = told
    assert level == "warning"
    assert "not kept" in text
