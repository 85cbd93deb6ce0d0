"""The process of a training: the same command line that a shell would start, cut loose from the window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_gui.jobs.training_folder import OUTPUT, RECIPE

Process = subprocess.Popen[bytes]


def start(folder: Path, toml: str) -> Process:
    """Train what ``toml`` describes in a new ``folder``; OSError where that cannot be written."""
    folder.mkdir(parents=True)
    recipe = folder / RECIPE
    write_text(recipe, toml)
    return _launch(folder, "train", str(recipe), "--output", str(folder))


def resume(folder: Path) -> Process:
    """Go on from its last checkpoint."""
    return _launch(folder, "train", "--resume", str(folder))


def _launch(folder: Path, *arguments: str) -> Process:
    """In a session of its own, so that neither the window's end nor its terminal's reaches it."""
    with (folder / OUTPUT).open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "apsnet_core.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def kill(pid: int) -> None:
    """End it at once."""
    os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def run_folders(home: Path) -> list[Path]:
    """All that were started in ``home``, the oldest first, those that failed to start among them."""
    if not home.is_dir():
        return []
    found = []
    for folder in home.iterdir():
        marks = [folder / "config.json", folder / RECIPE]
        present = [mark.stat().st_mtime for mark in marks if mark.exists()]
        if present and not folder.name.startswith("."):
            found.append((min(present), folder))
    return [folder for _, folder in sorted(found)]
