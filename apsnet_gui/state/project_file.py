"""Projects on disk: one JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apsnet_core.atomic import write_text
from apsnet_gui.state.document_json import ProjectError, check, real_path, real_source, to_json
from apsnet_gui.state.read_request import ReadRequest
from apsnet_gui.state.session import Session
from apsnet_gui.viewport import camera as cameras
from apsnet_gui.viewport.camera import Camera

SUFFIX = ".apsnet"


@dataclass(frozen=True, eq=False)
class Project:
    """A project file as read: its JSON, the shapes to read for it by entry id, its camera."""

    file: Path
    values: dict[str, Any]
    requests: dict[str, ReadRequest]
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
        requests[item["id"]] = ReadRequest(item["path"], item.get("dataset"), item.get("row"))
    if isinstance(values.get("dataset"), str):
        values["dataset"] = real_source(values["dataset"], file.parent)
    try:
        camera = cameras.from_json(json.dumps(values["camera"])) if "camera" in values else None
    except ValueError as why:
        raise ProjectError(str(why)) from None
    return Project(file, values, requests, camera)
