"""Save a copy of the document after changes, in case the program crashes."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from apsnet_core.atomic import write_text
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.project_file import SUFFIX, as_text
from apsnet_gui.state.session import Session

AUTOSAVE_MS = 2_000
SLACK = 2  # seconds of error allowed in the system's start time of a process


class Autosave(QObject):
    """Writes the document shortly after each change, and removes the file on a clean exit.

    A worker thread writes, because a disk may be slow.
    """

    def __init__(self, session: Session, background: Background, folder: Path) -> None:
        super().__init__(session)
        self._session, self._background, self._folder = session, background, folder
        self._number = round(time.time())
        self._writing: set[Path] = set()  # the files that worker threads write now
        self._timer = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._timer.timeout.connect(self.write)
        session.changed.connect(lambda *_: self._timer.start())
        session.history_changed.connect(self._saved)

    @property
    def file(self) -> Path:
        """The file of the open document, named after this process and the time."""
        return self._folder / f"autosave-{os.getpid()}-{self._number}{SUFFIX}"

    def write(self) -> None:
        """Write the document now, or after a writing that has not ended; remove the file if all is saved."""
        if not self._session.modified:
            self.remove()
            return
        file = self.file
        if file in self._writing:
            self._timer.start()
            return
        self._writing.add(file)
        text = as_text(self._session, self._folder)
        # With at_once, it does not wait for the imports at the start, during which the window can also crash.
        job = self._background.start(
            "Saving what is open", lambda _: write_text(file, text), at_once=True, needed=True
        )
        job.failed.connect(lambda why: self._session.notice.emit("warning", f"Autosave failed: {why}"))
        job.ended.connect(lambda: self._written(file))

    def take_over(self, left: Path) -> None:
        """Rename the autosave ``left``, which another process wrote and which is open here, to this file.

        The copy then survives if this process crashes as well. The name is a new one, because a thread may
        still write the document that was open before to the old one.
        """
        self.remove()
        self._number += 1
        try:
            left.replace(self.file)
        except FileNotFoundError:  # another process has taken it over
            self.write()

    def remove(self) -> None:
        """Remove all files of this process."""
        self._timer.stop()
        for file in (self.file, *self._writing):
            file.unlink(missing_ok=True)

    def _written(self, file: Path) -> None:
        """Remove a written file if another document is open now, or if all is saved."""
        self._writing.discard(file)
        if file != self.file:
            file.unlink(missing_ok=True)
        self._saved()

    def _saved(self) -> None:
        if not self._session.modified:
            self.remove()


def left_behind(folder: Path) -> list[Path]:
    """The autosaves of processes that no longer run, the newest first."""
    found = [file for file in folder.glob(f"autosave-*{SUFFIX}") if _is_left(file)]
    return sorted(found, key=_modified, reverse=True)


def _modified(file: Path) -> float:
    """The modification time; 0 if another process has taken the file in the meantime."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _is_left(file: Path) -> bool:
    """Whether the process that wrote ``file`` has ended.

    If a process with its id runs, its start time tells whether it is the same one or a later one.
    """
    pid, _, named = file.stem.removeprefix("autosave-").partition("-")
    if not pid.isdigit() or not (named or "0").isdigit():
        return False
    born = _born(int(pid))
    return born is None or (bool(named) and born > int(named) + SLACK)


def _born(pid: int) -> float | None:
    """The start time of the process in seconds since 1970; None if there is no process with this id.

    A zombie, which is common in containers where no parent reaps killed processes, counts as no process.
    """
    import psutil  # imported here so that the window starts sooner

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None
