"""Projects on disk: one JSON file, and one saved by itself in between in case the program dies."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from apsnet_core.atomic import write_text
from apsnet_gui.document_json import ProjectError, check, real_path, real_source, to_json
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.reader_process import Request
from apsnet_gui.session import Session
from apsnet_gui.viewport import camera as cameras
from apsnet_gui.viewport.camera import Camera

SUFFIX = ".apsnet"
AUTOSAVE_MS = 2_000


@dataclass(frozen=True, eq=False)
class Project:
    """A project file as read: its JSON, the shapes to read for it by entry id, its camera."""

    file: Path
    values: dict[str, Any]
    requests: dict[str, Request]
    camera: Camera | None


def save(session: Session, file: Path) -> None:
    """Write the session's document; OSError where that is not possible, with what stood there untouched."""
    write_text(file, as_text(session, file.parent))


def as_text(session: Session, folder: Path) -> str:
    """The session's document as a project that lies in ``folder``."""
    values = to_json(session.document, folder)
    if session.camera is not None:
        values["camera"] = json.loads(cameras.to_json(session.camera))
    return json.dumps(values, indent=1) + "\n"


def load(file: Path) -> Project:
    """Read a project, not yet its shapes. Raises `ProjectError`."""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except OSError as why:
        raise ProjectError(f"it cannot be read ({why.strerror})") from None
    except ValueError:
        raise ProjectError("this is not an APSNet Studio project") from None
    check(values)
    requests = {}
    for item in values["entries"]:
        item["path"] = real_path(item["path"], file.parent)
        requests[item["id"]] = Request(item["path"], item.get("dataset"), item.get("row"))
    if isinstance(values.get("dataset"), str):
        values["dataset"] = real_source(values["dataset"], file.parent)
    try:
        camera = cameras.from_json(json.dumps(values["camera"])) if "camera" in values else None
    except ValueError as why:
        raise ProjectError(str(why)) from None
    return Project(file, values, requests, camera)


class Autosave(QObject):
    """Writes the document shortly after each change, and removes it on a clean exit.

    On a worker thread: a disk may take its time to confirm what it has written.
    """

    def __init__(self, session: Session, background: Background, folder: Path) -> None:
        super().__init__(session)
        self._session, self._background, self._folder = session, background, folder
        self.file = folder / f"autosave-{os.getpid()}{SUFFIX}"
        self._timer = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._timer.timeout.connect(self.write)
        session.changed.connect(lambda *_: self._timer.start())
        session.history_changed.connect(self._saved)

    def write(self) -> None:
        if not self._session.modified:
            self.remove()
            return
        text = as_text(self._session, self._folder)
        job = self._background.start("Saving what is open", lambda _: write_text(self.file, text))
        job.failed.connect(lambda why: self._session.notice.emit("warning", f"Autosave failed: {why}"))
        job.ended.connect(self._saved)

    def remove(self) -> None:
        self._timer.stop()
        self.file.unlink(missing_ok=True)

    def _saved(self) -> None:
        if not self._session.modified:
            self.remove()


def left_behind(folder: Path) -> list[Path]:
    """Autosaves of programs that no longer run, newest first."""
    found = []
    for file in folder.glob(f"autosave-*{SUFFIX}"):
        number = file.stem.partition("-")[2]
        if number.isdigit() and not _runs(int(number)):
            found.append(file)
    return sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)


def _runs(pid: int) -> bool:
    import psutil

    return pid == os.getpid() or psutil.pid_exists(pid)
