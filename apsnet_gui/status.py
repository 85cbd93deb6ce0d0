"""The status bar: device, points, frame time, and the task that runs, with its progress and a way to stop it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from apsnet_gui.jobs.background import Background
from apsnet_gui.session import Session
from apsnet_gui.theme import Theme, tabular

QUIET_SECONDS = 0.4


class Status(QStatusBar):
    """A job is announced once it has taken ``QUIET_SECONDS``: the many short ones would only flicker."""

    def __init__(self, session: Session, background: Background, theme: Theme, cancel: Callable[[], None]) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._session, self._background = session, background
        self.device, self.points, self.frame = QLabel("CPU"), QLabel(), QLabel()
        for label, name in ((self.device, "Device"), (self.points, "Points"), (self.frame, "Frame time")):
            label.setAccessibleName(name)
            label.setFont(tabular(label.font()))
            self.addWidget(label)
        self.task = QLabel()
        self.task.setAccessibleName("Running task")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName("Progress")
        self.stop = QToolButton()
        self.stop.setText("Cancel")
        self.stop.setAccessibleName("Cancel the running task")
        self.stop.clicked.connect(cancel)
        self._running = QWidget()
        row = QHBoxLayout(self._running)
        row.setContentsMargins(0, 0, 8, 0)
        for widget in (self.task, self.bar, self.stop):
            row.addWidget(widget)
        self.addPermanentWidget(self._running)
        self._running.hide()
        session.changed.connect(self._count)
        session.sampled.connect(self._count)
        background.changed.connect(self._show_jobs)
        self._later = QTimer(self, singleShot=True, interval=round(QUIET_SECONDS * 1000) + 20)
        self._later.timeout.connect(self._show_jobs)
        self._count()

    def show_frame(self, milliseconds: float) -> None:
        self.frame.setText(f"{milliseconds:.0f} ms a frame")

    def show_device(self, text: str) -> None:
        self.device.setText(text)

    def _count(self, *_: object) -> None:
        shown = [entry for entry in self._session.document.entries if entry.visible]
        result = self._session.result
        points = sum(entry.count for entry in shown if not entry.is_mesh)
        if result is not None and any(entry.id == result.entry and entry.is_mesh for entry in shown):
            points += len(result.cloud)
        samples = f" · {result.sampling.m} samples" if result else ""
        self.points.setText(f"{points:,} points{samples}".replace(",", " ") if shown else "")

    def _show_jobs(self) -> None:
        now = time.monotonic()
        jobs = [job for job in self._background.jobs if now - job.started > QUIET_SECONDS]
        if len(jobs) < len(self._background.jobs) and not self._later.isActive():
            self._later.start()
        self._running.setVisible(bool(jobs))
        if jobs:
            job = jobs[0]
            more = f" (and {len(jobs) - 1} more)" if len(jobs) > 1 else ""
            self.task.setText(" · ".join(filter(None, [job.title, job.text])) + more)
            self.bar.setRange(0, 0 if job.fraction is None else 1000)
            self.bar.setValue(round((job.fraction or 0) * 1000))
