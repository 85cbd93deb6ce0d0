"""Converts a document to the JSON of a project file, without points, and back, with a check of the values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path

from apsnet_core.assets import asset
from apsnet_gui.state.document import Document, MethodAtSize
from apsnet_gui.state.open_shape import Loaded, Missing, OpenShape, restored
from apsnet_gui.state.project_check import MEASURED, ProjectError, as_now, checked
from apsnet_gui.state.setting_aside import PLUGINS, set_aside, sources
from apsnet_gui.state.unknown import Json

FORMAT, VERSION = "apsnet-project", 1
BUNDLED = "bundled:"
BENEATH = "./"  # marks a dataset's folder below the project's; other texts are names or absolute paths


def to_json(document: Document, folder: Path | None = None) -> Json:
    """A project as JSON values, without points.

    Paths below ``folder`` are written relative to it, and other absolute paths on its drive both absolute and
    relative. Paths of bundled files begin with `BUNDLED`.
    """
    entries = []
    for entry in document.entries:
        values = {f.name: getattr(entry, f.name) for f in fields(entry) if f.name not in MEASURED}
        values |= {"kept": asdict(entry.kept) if entry.kept else None, "cuts": list(entry.cuts)}
        values |= {"hidden": asdict(entry.hidden) if entry.hidden else None}
        values |= {"scale": asdict(entry.scale) if entry.scale else None}
        entries.append(values | _portable(entry.path, folder))
    for missing in sorted(document.missing, key=lambda each: each.at):
        entries.insert(missing.at, missing.values | _portable(missing.path, folder))
    values = {
        "format": FORMAT,
        "version": VERSION,
        "entries": entries,
        "current": document.current,
        "choice": {**asdict(document.choice), "spec": str(document.choice.spec)},
        "look": asdict(document.look),
        "lineup": {
            **asdict(document.lineup),
            "methods": [str(method) for method in document.lineup.methods],
            "apart": [str(method) for method in document.lineup.apart],
            "reference": _place(document.lineup.reference),
        },
        "what_if": asdict(document.what_if),
        "dataset": _portable_source(document.dataset, folder),
        "browsed": document.browsed,
    }
    document.unknown.put_back(values)
    return values | ({PLUGINS: plugins} if (plugins := sources(document)) else {})


def from_json(values: Json, shapes: Mapping[str, Loaded], why: Mapping[str, str] | None = None) -> Document:
    """The document of a project's JSON, with the ``shapes`` that could be read, by entry id.

    Entries without a shape become `Missing`; ``why`` gives the reason for each. Raises `ProjectError`.
    """
    check(values)
    project = checked(values)
    known, unknown = set_aside(as_now(values))
    entries, missing = [], []
    for at, item in enumerate(known["entries"]):
        own = {name: value for name, value in item.items() if name != "relative"}
        if item["id"] in shapes:
            own |= restored(item)
            entries.append(OpenShape(**own, **{name: getattr(shapes[item["id"]], name) for name in MEASURED}))
        else:
            reason = (why or {}).get(item["id"], "there is no such file")
            missing.append(Missing(item["id"], item["name"], item["path"], at, reason, own))
    current = project.current
    if current not in {entry.id for entry in entries}:
        current = entries[0].id if entries else None
        entries[:1] = [replace(entry, visible=True) for entry in entries[:1]]  # the view must not be empty
    return Document(
        tuple(entries),
        current,
        project.choice,
        project.look,
        project.lineup,
        project.what_if,
        project.dataset,
        project.browsed,
        tuple(missing),
        unknown,
    )


def _place(place: MethodAtSize | None) -> list[str | int] | None:
    return None if place is None else [str(place.method), place.row]


def check(values: object) -> None:
    """Raise `ProjectError` unless ``values`` is a project this version can read."""
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ProjectError("this is not an APSNet Studio project")
    if values.get("version") != VERSION:
        raise ProjectError(
            f"it was made by a newer version (format {values.get('version')!s:.40}, this one reads {VERSION})"
        )
    checked(values)


def real_path(item: Json, folder: Path | None) -> str:
    """The path of an entry's file on this machine, for a project in ``folder``.

    The relative path is tried first, so that a project that was moved together with its files finds them.
    """
    path = str(item["path"])
    if path.startswith(BUNDLED):
        parts = path.removeprefix(BUNDLED).split("/")
        return str(asset(*parts) if len(parts) > 1 else asset("shapes", *parts))
    if folder is None:
        return path
    beside = os.path.normpath(folder / item.get("relative", path))
    return beside if not Path(path).is_absolute() or Path(beside).is_file() else path


def real_source(source: str, folder: Path | None) -> str:
    """The dataset's name, or its folder on this machine, for a project in ``folder``."""
    beneath = source.startswith(BENEATH) and folder is not None
    return str((folder / source).resolve()) if beneath and folder else source


def _portable_source(source: str | None, folder: Path | None) -> str | None:
    if source is None or folder is None or not Path(source).is_relative_to(folder):
        return source
    return BENEATH + Path(source).relative_to(folder).as_posix()


def _portable(path: str, folder: Path | None) -> dict[str, str]:
    file = Path(path)
    if file.parent == asset("shapes"):
        return {"path": BUNDLED + file.name}
    if file.is_relative_to(asset()):
        return {"path": BUNDLED + file.relative_to(asset()).as_posix()}
    if folder and file.is_relative_to(folder):
        return {"path": file.relative_to(folder).as_posix()}
    if folder and file.is_absolute() and file.drive == folder.drive:
        return {"path": path, "relative": Path(os.path.relpath(file, folder)).as_posix()}
    return {"path": path}
