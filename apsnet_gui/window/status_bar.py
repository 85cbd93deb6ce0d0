"""The status bar: device, points, frame time, and the running job with its progress and a Cancel button."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from apsnet_core.units import with_unit
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.messages import Messages
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import tabular
from apsnet_gui.widgets.form_rows import OneLine, counted
from apsnet_gui.widgets.qt_types import Ignored

if TYPE_CHECKING:
    from apsnet_gui.viewport.picking import Pick

QUIET_SECONDS = 0.4
AROUND_TEXT = 10  # pixels that a button needs in addition to a line of text


class Status(QStatusBar):
    """Shows a job only after ``QUIET_SECONDS``, because short jobs would flicker.

    Texts that come and go change neither the size of the window nor that of the picture.
    """

    def __init__(
        self,
        session: Session,
        background: Background,
        cancel: Callable[[], None],
        messages: Messages,
        show_messages: Callable[[], None],
    ) -> None:
        super().__init__()
        self._messages = messages
        self.setSizeGripEnabled(False)
        self._session, self._background = session, background
        self.device, self.points, self.frame, self.pick = QLabel("CPU"), QLabel(), QLabel(), OneLine()
        for label, name in (
            (self.device, "Device"),
            (self.points, "Points"),
            (self.frame, "Frame time"),
            (self.pick, "Point under the pointer"),
        ):
            label.setAccessibleName(name)
            label.setFont(tabular(label.font()))
            self.addWidget(label, int(label is self.pick))
        self._make_running(cancel)
        self.said = QToolButton()
        self.said.setToolTip("Show the messages of this session")
        self.said.clicked.connect(show_messages)
        self.said.hide()
        self.addPermanentWidget(self.said)
        messages.added.connect(self._count_messages)
        session.changed.connect(self._count)
        session.sampled.connect(self._count)
        background.changed.connect(self._show_jobs)
        self._later = QTimer(self, singleShot=True, interval=round(QUIET_SECONDS * 1000) + 20)
        self._later.timeout.connect(self._show_jobs)
        self._count()
        self._fit()
        self.setMinimumWidth(1)

    def _make_running(self, cancel: Callable[[], None]) -> None:
        """Make the part that shows the running job."""
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.fontMetrics().height() + AROUND_TEXT)

    def _count_messages(self, *_: Ignored) -> None:
        """Show the number of messages, after that of the errors, which should not be missed."""
        levels = [message.level for message in self._messages.all]
        errors = levels.count("error")
        words = [counted(errors, "error")] * bool(errors) + [counted(len(levels), "message")]
        self.said.setText(" · ".join(words))
        self.said.setAccessibleName(f"{', '.join(words)}: show them")
        self.said.show()

    def show_frame(self, milliseconds: float) -> None:
        """Show the time that a frame took."""
        self.frame.setText(f"{with_unit(f'{milliseconds:.0f}', 'ms')} a frame")

    def show_pick(self, pick: Pick | None) -> None:
        """Show the index of the point under the pointer, and its position in the file's coordinates."""
        from apsnet_gui.window.pick_text import describe

        self.pick.setText(describe(pick, self._session) if pick is not None else "")

    def show_device(self, text: str) -> None:
        """Show the device that networks run on."""
        self.device.setText(text)

    def _count(self, *_: Ignored) -> None:
        shown = [entry for entry in self._session.document.entries if entry.visible]
        result = self._session.result
        points = sum(entry.count for entry in shown if not entry.is_mesh)
        if result is not None and any(entry.id == result.entry and entry.is_mesh for entry in shown):
            points += len(result.cloud)
        samples = f" · {counted(result.sampling.m, 'sample')}" if result else ""
        self.points.setText(counted(points, "point") + samples if shown else "")

    def _show_jobs(self) -> None:
        now = time.monotonic()
        jobs = [job for job in self._background.jobs if now - job.started > QUIET_SECONDS]
        if len(jobs) < len(self._background.jobs) and not self._later.isActive():
            self._later.start()
        jobs.sort(key=lambda job: job.needed)  # jobs that can be cancelled come first
        self._running.setVisible(bool(jobs))
        self.stop.setVisible(any(not job.needed for job in jobs))
        if jobs:
            job = jobs[0]
            more = f" (and {len(jobs) - 1} more)" if len(jobs) > 1 else ""
            words = [job.title] + [job.text] * (job.text.lower() not in job.title.lower())
            self.task.setText(" · ".join(filter(None, words)) + more)
            self.bar.setRange(0, 0 if job.fraction is None else 1000)
            self.bar.setValue(round((job.fraction or 0) * 1000))
