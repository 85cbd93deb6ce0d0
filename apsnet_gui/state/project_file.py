"""Reads and writes project files, one JSON file for each project."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.units import with_unit
from apsnet_gui.state.document_json import check, real_path, real_source, to_json
from apsnet_gui.state.open_shape import restored
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.state.project_claim import Stamp, stamp
from apsnet_gui.state.read_request import ReadRequest
from apsnet_gui.state.session import Session
from apsnet_gui.state.unknown import Json
from apsnet_gui.viewport import camera as cameras
from apsnet_gui.viewport.camera import Camera

SUFFIX = ".apsnet"
LARGEST = 64 << 20  # bytes; each cut of a large scan may take some megabytes


@dataclass(frozen=True, eq=False)
class Project:
    """A project file: its JSON, the shapes to read by entry id, its camera, and the step that it shows.

    ``seen`` is the `stamp` of the file when it was read.
    """

    file: Path
    values: Json
    requests: dict[str, ReadRequest]
    camera: Camera | None
    seen: Stamp | None
    step: int | None = None


def save(session: Session, file: Path) -> None:
    """Write the session's document. Raises OSError, and the old file then stays unchanged."""
    write_text(file, as_text(session, file.parent))


def as_text(session: Session, folder: Path) -> str:
    """The session's document as the text of a project file in ``folder``."""
    values = to_json(session.document, folder)
    if session.result is not None and session.step < session.result.sampling.m:
        values["step"] = session.step
    if session.camera is not None:
        values["camera"] = json.loads(cameras.to_json(session.camera))
    return json.dumps(values, indent=1) + "\n"


def load(file: Path) -> Project:
    """Read a project file, without its shapes. Raises `ProjectError`."""
    seen = stamp(file)
    try:
        values = json.loads(_text(file))
    except OSError as why:
        raise ProjectError(f"it cannot be read ({why.strerror})") from None
    except RecursionError:
        raise ProjectError("it is nested too deeply to be a project") from None
    except ProjectError:
        raise
    except ValueError:
        raise ProjectError("this is not an APSNet Studio project") from None
    check(values)
    requests = {}
    for item in values["entries"]:
        item["path"] = real_path(item, file.parent)
        requests[item["id"]] = ReadRequest(
            item["path"], item.get("dataset"), item.get("row"), item.get("columns"), restored(item)["kept"]
        )
    if values.get("dataset") is not None:
        values["dataset"] = real_source(values["dataset"], file.parent)
    seen_from = values.get("camera")
    camera = None if seen_from is None else cameras.from_values(seen_from)
    return Project(file, values, requests, camera, seen, values.get("step"))


def _text(file: Path) -> str:
    """The text of the file. Raises `ProjectError` unless it is a regular file of at most `LARGEST` bytes."""
    info = file.stat()
    if not stat.S_ISREG(info.st_mode):
        raise ProjectError("it is not a regular file")
    if info.st_size > LARGEST:
        size = with_unit(f"{info.st_size / 2**20:.0f}", "MB")
        raise ProjectError(f"it has {size}, and a project at most {LARGEST >> 20}")
    return file.read_text(encoding="utf-8")
