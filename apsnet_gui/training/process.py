"""Starts and ends the process of a training: the shell's own command line.

A training is independent of the window. One that is only timed ends with it.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.child import ChildProcess
from apsnet_core.serving import end_with_parent
from apsnet_core.training.launch import Process, launch
from apsnet_core.training.run_log import OUTPUT
from apsnet_core.training.run_reader import RECIPE
from apsnet_core.training.runs import Run


def start(folder: Path, toml: str, after: Sequence[Path] = ()) -> Process:
    """Train what ``toml`` describes in a new ``folder``, once the runs ``after`` have ended.

    OSError where the folder cannot be written; no folder is left then.
    """
    folder.mkdir(parents=True)
    waits = [word for other in after for word in ("--after", str(other))]
    try:
        process = launch(folder, *_training(folder, toml), *waits)
        Run(folder).note_process(process.pid)  # it loads for seconds: the next one may wait for it already
        return process
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def try_out(folder: Path, toml: str) -> ChildProcess:
    """Train what ``toml`` describes in a new ``folder``, until the caller ends: nobody wants the result."""
    folder.mkdir(parents=True)
    with (folder / OUTPUT).open("ab") as output:
        number = output.fileno()
        return ChildProcess(f"{__name__}:tried_out", *_training(folder, toml), output=number, errors=number)


def tried_out() -> None:
    """The process of `try_out`."""
    end_with_parent()
    from apsnet_core.cli import main

    main()


def _training(folder: Path, toml: str) -> tuple[str, ...]:
    """The arguments of the command line, once the recipe is written."""
    recipe = folder / RECIPE
    write_text(recipe, toml)
    return "train", str(recipe), "--output", str(folder)


def start_queue(home: Path) -> Process:
    """Work through the queue in ``home``, which holds its order, from where it stands.

    `RunError` where another window, or the shell, has begun that meanwhile.
    """
    with Run(home).claiming():
        Run(home).stop_file.unlink(missing_ok=True)  # a wish that nobody heard
        process = launch(home, "queue", "run", "--out", str(home))
        Run(home).note_process(process.pid)  # it loads for seconds, and is there already
        return process


def resume(folder: Path) -> Process:
    """Go on from the last checkpoint of a run; `RunError` where another window has begun that meanwhile."""
    with Run(folder).claiming():
        process = launch(folder, "train", "--resume", str(folder))
        Run(folder).note_process(process.pid)  # it loads for seconds
        return process


def kill(pid: int) -> None:
    """End a training at once."""
    os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def pause(pid: int) -> None:
    """Suspend a process: it keeps its memory and uses no processor; OSError where that is impossible."""
    _suspend(pid, True)


def go_on(pid: int) -> None:
    """Resume a suspended process; a running one is left alone."""
    _suspend(pid, False)


def _suspend(pid: int, wanted: bool) -> None:
    import psutil

    try:
        process = psutil.Process(pid)
        process.suspend() if wanted else process.resume()
    except psutil.Error as why:
        raise OSError(str(why)) from why


def run_folders(home: Path) -> list[Path]:
    """All run folders in ``home``, the oldest first, those included that failed to start."""
    if not home.is_dir():
        return []
    found = []
    for folder in home.iterdir():
        present = [at for mark in ("config.json", RECIPE) if (at := _written(folder / mark)) is not None]
        if present and not folder.name.startswith("."):
            found.append((min(present), folder))
    return [folder for _, folder in sorted(found)]


def _written(file: Path) -> float | None:
    """When; None for one that is not there, or was moved away meanwhile."""
    try:
        return file.stat().st_mtime
    except OSError:
        return None
