"""A folder that contains only a report, so that the next report may replace it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from apsnet_core.atomic import write_folder
from apsnet_core.strict_json import strict
from apsnet_core.types import Values

_LIST = "table.json"
"""The file that lists all files of a report, including itself."""


def may_be_written(folder: Path) -> bool:
    """Whether the folder is missing, empty, or contains only a report."""
    return not folder.is_dir() or not any(folder.iterdir()) or bool(_report_in(folder))


def command_of(folder: Path) -> str:
    """The command line that made the report in ``folder``; empty if there is no report."""
    return str(json.loads((folder / _LIST).read_bytes()).get("command", "")) if _report_in(folder) else ""


def write_report_files(folder: Path, document: Values, files: Mapping[str, bytes]) -> list[Path]:
    """Write a report atomically, ``document`` as table.json; other files of an old report are removed."""
    before, names = _report_in(folder), sorted([*files, _LIST])
    paths = write_folder(folder, {**files, _LIST: json_of(document | {"files": names})})
    for name in before - set(names):
        (folder / name).unlink(missing_ok=True)
    return paths


def json_of(document: Values) -> bytes:
    """Encode ``document`` as strict JSON: numbers that are not finite become null."""
    return (json.dumps(strict(document), indent=2, allow_nan=False) + "\n").encode()


def _report_in(folder: Path) -> set[str]:
    """The files of the report in ``folder``; none if the folder contains anything else."""
    try:
        named = set(json.loads((folder / _LIST).read_bytes())["files"])
        found = {entry.name for entry in folder.iterdir()}
        whole = all(entry.is_file() for entry in folder.iterdir())
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return found if whole and {_LIST} <= found <= named else set()
