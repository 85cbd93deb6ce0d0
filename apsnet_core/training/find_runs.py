"""Training runs: their state, and how to find, stop and delete them."""

from __future__ import annotations

import os
from pathlib import Path

from apsnet_core.training.run_reader import RunReader
from apsnet_core.training.run_state import RunState
from apsnet_core.training.runs import Run, RunError


def state_of(run: Run) -> RunState:
    """The state of ``run``. Raises `RunError` if its config or its events cannot be read."""
    run.config()
    found = RunReader(run.folder).read()
    if found.phase == "broken":
        raise RunError(found.why)
    return found


def all_runs(folder: Path) -> list[Run]:
    """The runs in ``folder``, by name."""
    return [Run(path.parent) for path in sorted(folder.glob("*/config.json"))]


def find_run(name: str, *folders: Path) -> Run:
    """Find the run called ``name`` in one of ``folders``, or with that path. It may be just starting.

    Raises `RunError` with a list of the runs if there is none.
    """
    for path in (*(folder / name for folder in folders), Path(name).expanduser()):
        if (path / "config.json").is_file() or Run(path).trained_by() is not None:
            return Run(path)
    names = ", ".join(run.name for folder in folders for run in all_runs(folder)) or "none"
    where = " or ".join(map(str, folders))
    raise RunError(f"{name} is neither a run in {where} nor the folder of one; there are {names}")


def ask_to_stop(run: Run) -> int:
    """Ask the process that trains ``run`` to stop after a checkpoint. Returns its process id."""
    pid = run.trained_by()
    if pid is None:
        raise RunError(f"{run.name} is not running: it is {state_of(run).phase}")
    run.stop_file.touch()
    return pid


def discard(run: Run) -> Path:
    """Move a run that is not being trained to `.trash` next to it. Returns its new path."""
    if (pid := run.trained_by()) is not None:
        raise RunError(f"{run.name} is being trained by process {pid}: apsnet runs stop {run.name}")
    folder = run.folder.resolve()
    trash = folder.parent / ".trash"
    trash.mkdir(exist_ok=True)
    place = trash / folder.name
    if place.exists():
        place = trash / f"{folder.name}-{os.urandom(3).hex()}"
    return folder.rename(place)
