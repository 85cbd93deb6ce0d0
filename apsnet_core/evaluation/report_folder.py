"""A folder that holds a report and nothing else: the next one may take its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from apsnet_core.atomic import write_all

_ALWAYS = {"index.html", "table.json", "table.csv", "plot.png"}
_SOMETIMES = {"table.md", "shapes.csv", "leaderboard.json"}


def may_be_written(folder: Path) -> bool:
    """Whether nothing is there, or a report alone, whose own files its table.json lets one tell."""
    return not folder.is_dir() or not any(folder.iterdir()) or bool(_report_in(folder))


def write_report_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write a report whole or not at all; what an earlier one alone had goes with it."""
    before = _report_in(folder)
    paths = write_all(folder, files)
    for name in before - files.keys():
        (folder / name).unlink(missing_ok=True)
    return paths


def picture_name(method: str) -> str:
    """The file of a method's picture."""
    return re.sub(r"[^A-Za-z0-9]+", "_", method).strip("_") + ".png"


def _report_in(folder: Path) -> set[str]:
    """The files of the report that ``folder`` holds; none where it holds anything else."""
    try:
        rows = json.loads((folder / "table.json").read_bytes())["rows"]
        pictures = {picture_name(str(row["method"])) for row in rows}
        found = {entry.name for entry in folder.iterdir() if entry.is_file()}
        others = any(not entry.is_file() for entry in folder.iterdir())
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return found if not others and _ALWAYS <= found <= _ALWAYS | _SOMETIMES | pictures else set()
