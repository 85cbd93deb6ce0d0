"""Start the application with its command line arguments."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from apsnet_core import plugins
from apsnet_core.assets import asset
from apsnet_gui.colourings.colouring import points_of
from apsnet_gui.colourings.registry import colourings
from apsnet_gui.start.splash import FirstFrame
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme

if TYPE_CHECKING:
    from apsnet_gui.state.document import Document
    from apsnet_gui.window.window import Window

GIVE_UP_SECONDS = 120
MORE_PER_MILLION = 30  # additional seconds for each million points
HURRY_SECONDS = 5


def run(options: argparse.Namespace) -> int:
    """Run the application and return its exit status."""
    if sys.flags.dev_mode:
        from apsnet_gui.jobs.widget_guard import guard_widgets

        guard_widgets()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("APSNet Studio")
    app.setDesktopFileName("apsnet-studio")
    app.setWindowIcon(QIcon(str(asset("icon", "apsnet-studio.svg"))))
    with _settings(for_picture=bool(options.screenshot)) as settings:
        for file in [*settings.plugins(), *(options.plugin or [])]:
            plugins.add_file(file)
        theme = Theme(
            app,
            options.theme or settings.text("theme", "system"),
            options.text_size or settings.number("text size", 100),
            dressed=False,
        )
        frame = None if options.screenshot else FirstFrame(settings, theme)
        if frame is not None:
            frame.show_now()
        # These imports take most of the time of the start, so they follow after the frame is shown.
        from apsnet_gui.start.crash_report import CrashReport
        from apsnet_gui.window.window import Window

        report = CrashReport(settings.folder)
        window = Window(settings, theme)
        theme.dress()
        report.happened.connect(window.messages.fail)
        _apply(options, window)
        if options.files:
            window.client.start()  # its process starts while the files are read
            window.opening.open_paths(options.files)
        if frame is not None:
            frame.give_place_to(window)
        window.show()
        colourings()
        app.commitDataRequest.connect(window.end_session, Qt.ConnectionType.DirectConnection)
        if frame is not None:
            QTimer.singleShot(0, frame, frame.close)
        shot = Screenshot(window, options.screenshot) if options.screenshot else None
        if shot is not None:
            report.happened.connect(shot.hurry)
        if shot is None:
            window.seen.connect(lambda: window.restoring.offer())
        status = app.exec()
        report.close()
        return status


@contextmanager
def _settings(for_picture: bool) -> Iterator[Settings]:
    """The user's settings, or empty ones for a screenshot, which must not depend on them or change them."""
    if not for_picture:
        yield Settings()
        return
    from apsnet_core.scratch import prefix

    with tempfile.TemporaryDirectory(prefix=prefix("window")) as scratch:
        yield Settings(Path(scratch))


def _apply(options: argparse.Namespace, window: Window) -> None:
    from apsnet_core.methods.spec import MethodSpec

    document = window.session.document
    choice = document.choice
    if options.method:
        try:
            spec = MethodSpec.parse(options.method)
        except ValueError as why:
            sys.exit(f"apsnet-gui: {why}")
        choice = replace(choice, spec=spec)
    sizes = _sizes(options.sizes) if options.sizes else (choice.m,)
    choice = replace(choice, m=sizes[0])
    if options.task:
        choice = replace(choice, task=options.task)
    document = replace(document, choice=choice)
    if options.compare:
        try:
            methods = dict.fromkeys(MethodSpec.parse(text) for text in options.compare.split(","))
        except ValueError as why:
            sys.exit(f"apsnet-gui: {why}")
        several = sizes if len(sizes) > 1 else ()
        document = document.with_lineup(methods=tuple(methods), sizes=several, shown=True)
    if document != window.session.document:
        window.session.replace_all(document, None, None)


def _sizes(text: str) -> tuple[int, ...]:
    try:
        sizes = sorted({int(part) for part in text.split(",")})
    except ValueError:
        sizes = [0]
    if sizes[0] < 1:
        sys.exit(
            f"apsnet-gui: sizes must be whole numbers from 1, separated by commas, such as 8,32, not {text!r}"
        )
    return tuple(sizes)


def patience(document: Document) -> float:
    """The timeout of a screenshot in seconds, which grows with the number of points."""
    points = sum(len(points_of(entry.shape)) for entry in document.entries)
    return GIVE_UP_SECONDS + MORE_PER_MILLION * points / 1e6


class Screenshot(QObject):
    """Waits until the window shows everything that was requested, saves a picture of it, and quits."""

    def __init__(self, window: Window, path: Path) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        self._began, self._hurried = time.monotonic(), False
        self._calm = 0
        self._timer = QTimer(self, interval=50)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def hurry(self) -> None:
        """Shorten the timeout after an exception, because the remaining work may never finish."""
        if not self._hurried:
            self._hurried, self._began = True, time.monotonic()

    def look(self) -> None:
        """Save the picture and quit if everything is drawn or the timeout has passed."""
        seconds = HURRY_SECONDS if self._hurried else patience(self._window.session.document)
        if time.monotonic() - self._began > seconds:
            left = ", ".join(job.title for job in self._window.background.jobs) or "drawing"
            why = f"not everything was ready after {seconds:.0f} seconds (still at work: {left})"
            self._end(f"{why}; the picture shows what there was", 1)
            return
        # It must be complete three times in a row, because the end of one job may start the next.
        self._calm = self._calm + 1 if self._window.is_complete else 0
        if self._calm >= 3:
            self._end(None, 0)

    def _end(self, complaint: str | None, status: int) -> None:
        self._timer.stop()
        window = self._window
        if not window.grab().save(str(self._path)):
            complaint, status = f"{self._path} could not be written", 1
        for level, text in window.toasts.messages:
            if level == "error":
                complaint, status = text, 1
        if complaint:
            print(f"apsnet-gui: {complaint}", file=sys.stderr)
        window.session.saved_as(None)  # marks it as saved, so that closing does not ask about changes
        window.close()
        QApplication.exit(status)
