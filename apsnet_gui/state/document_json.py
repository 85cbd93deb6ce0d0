"""A document as the JSON of a project file, and back: no point is stored, a stranger's file is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from apsnet_core.assets import asset
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.state import what_if
from apsnet_gui.state.document import AXES, COLOURINGS, Choice, Document, Entry, Lineup, Loaded, Look

Record = TypeVar("Record", "Choice", "Look", "Lineup")

FORMAT, VERSION = "apsnet-project", 1
BUNDLED = "bundled:"
BENEATH = "./"  # before the folder of a dataset beneath the project: without it, it is a name or a whole path
MEASURED = ("shape", "extent", "upright")


class ProjectError(ValueError):
    """A project that cannot be read, said in one sentence."""


def to_json(document: Document, folder: Path | None = None) -> dict[str, Any]:
    """A project as JSON values; paths beneath ``folder`` are written relative to it. No point is stored."""
    entries = []
    for entry in document.entries:
        values = {f.name: getattr(entry, f.name) for f in fields(entry) if f.name not in MEASURED}
        entries.append(values | {"path": _portable(entry.path, folder)})
    return {
        "format": FORMAT,
        "version": VERSION,
        "entries": entries,
        "current": document.current,
        "choice": asdict(document.choice),
        "look": asdict(document.look),
        "lineup": asdict(document.lineup),
        "what_if": asdict(document.what_if),
        "dataset": _portable_source(document.dataset, folder),
        "browsed": document.browsed,
    }


def from_json(values: Any, shapes: Mapping[str, Loaded]) -> Document:
    """The document of a project's JSON with the shapes that could be read, by entry id.

    Entries without a shape are left out. Raises `ProjectError`.
    """
    check(values)
    try:
        entries = tuple(
            Entry(**item, **{name: getattr(shapes[item["id"]], name) for name in MEASURED})
            for item in values["entries"]
            if item["id"] in shapes
        )
    except TypeError as why:
        raise ProjectError(f"the project names a setting this version does not know ({why})") from None
    for entry in entries:
        if entry.colouring not in COLOURINGS or entry.up not in AXES:
            raise ProjectError(f"the project shows {entry.name} in a way this version does not know")
    current = values.get("current")
    if current not in {entry.id for entry in entries}:
        current = entries[0].id if entries else None
    lineup = _record(Lineup, values.get("lineup", {}))
    check_methods(lineup)
    try:
        supposed = what_if.from_json(values.get("what_if", {}))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise ProjectError("what the project supposes of its shapes is damaged") from None
    choice, look = _record(Choice, values["choice"]), _record(Look, values["look"])
    dataset, browsed = values.get("dataset"), values.get("browsed")
    if not all(isinstance(text, str | None) for text in (dataset, browsed)):
        raise ProjectError("the project's dataset is damaged")
    return Document(entries, current, choice, look, lineup, supposed, dataset, browsed)


def check_methods(lineup: Lineup) -> None:
    """Raise `ProjectError` unless every method is known and the selected one is among them."""
    try:
        known = [str(MethodSpec.parse(method)) for method in lineup.methods]
    except ValueError as why:
        raise ProjectError(f"the project compares what this version does not know: {why}") from None
    if len(set(known)) < len(known) or not 0 <= lineup.selected < len(known):
        raise ProjectError("the project's list of compared methods is damaged")
    sizes = lineup.sizes
    if not all(type(m) is int and m >= 1 for m in sizes) or not 0 <= lineup.row < max(len(sizes), 1):
        raise ProjectError("the project's list of compared sizes is damaged")


def check(values: Any) -> None:
    """Raise `ProjectError` unless ``values`` is a project this version can read."""
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ProjectError("this is not an APSNet Studio project")
    if values.get("version") != VERSION:
        raise ProjectError(
            f"it was made by a newer version (format {values.get('version')}, this one reads {VERSION})"
        )
    entries = values.get("entries")
    texts = ("id", "name", "path")
    if not isinstance(entries, list) or not all(
        isinstance(item, dict) and all(isinstance(item.get(key), str) for key in texts) for item in entries
    ):
        raise ProjectError("the project's list of shapes is damaged")
    if not all(isinstance(values.get(name, {}), dict) for name in ("choice", "look", "lineup")) or not (
        "choice" in values and "look" in values
    ):
        raise ProjectError("the project's settings are missing")


def real_path(path: str, folder: Path | None) -> str:
    """Where a path written in a project (lying in ``folder``) is on this machine."""
    if path.startswith(BUNDLED):
        parts = path.removeprefix(BUNDLED).split("/")
        return str(asset(*parts) if len(parts) > 1 else asset("shapes", *parts))
    return str((folder / path).resolve()) if folder and not Path(path).is_absolute() else path


def real_source(source: str, folder: Path | None) -> str:
    """The name or folder of a dataset written in a project that lies in ``folder``, on this machine."""
    beneath = source.startswith(BENEATH) and folder is not None
    return str((folder / source).resolve()) if beneath and folder else source


def _portable_source(source: str | None, folder: Path | None) -> str | None:
    if source is None or folder is None or not Path(source).is_relative_to(folder):
        return source
    return BENEATH + Path(source).relative_to(folder).as_posix()


def _portable(path: str, folder: Path | None) -> str:
    file = Path(path)
    if file.parent == asset("shapes"):
        return BUNDLED + file.name
    if file.is_relative_to(asset()):
        return BUNDLED + file.relative_to(asset()).as_posix()
    if folder and file.is_relative_to(folder):
        return file.relative_to(folder).as_posix()
    return path


def _record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """A record of ``values``, each of the type of the field's default; anything else is refused."""
    default = kind()
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    for name, value in values.items():
        if not hasattr(default, name):
            raise ProjectError(f"the project names a setting this version does not know ({name!r})")
        expected = getattr(default, name)
        if type(value) is not type(expected) and not (expected is None and isinstance(value, str)):
            raise ProjectError(f"the project's {name} is {value!r}, which is not a possible value")
    return kind(**values)
