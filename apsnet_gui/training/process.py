"""The process of a training: the same command line that a shell would start, cut loose from the window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from apsnet_core import worker
from apsnet_core.atomic import write_text
from apsnet_core.training.run_log import OUTPUT
from apsnet_core.training.run_reader import RECIPE

Process = subprocess.Popen[bytes]


def start(folder: Path, toml: str, after: Sequence[Path] = ()) -> Process:
    """Train what ``toml`` describes in a new ``folder``, once nobody trains the runs ``after``.

    OSError where the folder cannot be written; then there is none.
    """
    folder.mkdir(parents=True)
    recipe = folder / RECIPE
    waits = [word for other in after for word in ("--after", str(other))]
    try:
        write_text(recipe, toml)
        return _launch(folder, "train", str(recipe), "--output", str(folder), *waits)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def resume(folder: Path) -> Process:
    """Go on from its last checkpoint."""
    return _launch(folder, "train", "--resume", str(folder))


def _launch(folder: Path, *arguments: str) -> Process:
    """In a session of its own, so that neither the window's end nor its terminal's reaches it."""
    with (folder / OUTPUT).open("ab") as output:
        return subprocess.Popen(
            worker.command("apsnet_core.cli:main", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=worker.environment(),
        )


def kill(pid: int) -> None:
    """End it at once."""
    os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def pause(pid: int) -> None:
    """Suspend it: it keeps its memory and uses no processor; OSError where that cannot be."""
    _suspend(pid, True)


def go_on(pid: int) -> None:
    """Let a suspended one run again; one that runs is left alone."""
    _suspend(pid, False)


def _suspend(pid: int, wanted: bool) -> None:
    import psutil

    try:
        process = psutil.Process(pid)
        process.suspend() if wanted else process.resume()
    except psutil.Error as why:
        raise OSError(str(why)) from why


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
