"""Start and end the process of a training, which runs the command line program.

A training is independent of the window. A training that is only timed ends with the window.
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
    """Start the training that ``toml`` describes in a new ``folder``; it waits until ``after`` have ended.

    Raises OSError if the folder cannot be written, and leaves no folder behind.
    """
    folder.mkdir(parents=True)
    waits = [word for other in after for word in ("--after", str(other))]
    try:
        process = launch(folder, *_training(folder, toml), *waits)
        # The process takes seconds to load; write its id now, because another training may wait for it.
        Run(folder).note_process(process.pid)
        return process
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def try_out(folder: Path, toml: str) -> ChildProcess:
    """Start the training that ``toml`` describes in a new ``folder``; it ends with the calling process.

    Use this for a training whose result is discarded.
    """
    folder.mkdir(parents=True)
    with (folder / OUTPUT).open("ab") as output:
        number = output.fileno()
        return ChildProcess(f"{__name__}:tried_out", *_training(folder, toml), output=number, errors=number)


def tried_out() -> None:
    """The main function of the child process of `try_out`."""
    end_with_parent()
    from apsnet_core.cli import main

    main()


def _training(folder: Path, toml: str) -> tuple[str, ...]:
    """Write the recipe and return the command line arguments that train it."""
    recipe = folder / RECIPE
    write_text(recipe, toml)
    return "train", str(recipe), "--output", str(folder)


def start_queue(home: Path) -> Process:
    """Start or continue the queue in the folder ``home``, which holds its order.

    Raises `RunError` if another window or the command line has started it in the meantime.
    """
    with Run(home).claiming():
        Run(home).stop_file.unlink(missing_ok=True)  # a request to stop that no process has read
        process = launch(home, "queue", "run", "--out", str(home))
        Run(home).note_process(process.pid)  # the process takes seconds to load and writes its id only then
        return process


def resume(folder: Path) -> Process:
    """Continue a run from its last checkpoint; raises `RunError` if another window has already done so."""
    with Run(folder).claiming():
        process = launch(folder, "train", "--resume", str(folder))
        Run(folder).note_process(process.pid)  # the process takes seconds to load and writes its id only then
        return process


def kill(pid: int) -> None:
    """End the process of a training immediately, with SIGKILL where the system has it."""
    os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def pause(pid: int) -> None:
    """Suspend a process, which keeps its memory and uses no CPU; raises OSError if that fails."""
    _suspend(pid, True)


def go_on(pid: int) -> None:
    """Resume a suspended process; this does nothing to a running one. Raises OSError if it fails."""
    _suspend(pid, False)


def _suspend(pid: int, wanted: bool) -> None:
    import psutil

    try:
        process = psutil.Process(pid)
        process.suspend() if wanted else process.resume()
    except psutil.Error as why:
        raise OSError(str(why)) from why


def run_folders(home: Path) -> list[Path]:
    """All run folders in ``home``, the oldest first, including runs that failed to start."""
    if not home.is_dir():
        return []
    found = []
    for folder in home.iterdir():
        present = [at for mark in ("config.json", RECIPE) if (at := _written(folder / mark)) is not None]
        if present and not folder.name.startswith("."):
            found.append((min(present), folder))
    return [folder for _, folder in sorted(found)]


def _written(file: Path) -> float | None:
    """The modification time of ``file``; None if it does not exist or was moved in the meantime."""
    try:
        return file.stat().st_mtime
    except OSError:
        return None
