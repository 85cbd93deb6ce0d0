"""How a run stands, from its folder alone: whoever trains it, and whether anyone does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from apsnet_core.training.runs import Event, Run, RunError

State = Literal["waiting", "running", "paused", "finished", "stopped", "failed", "interrupted"]
_ENDED: dict[str, State] = {"done": "finished", "stopped": "stopped", "error": "failed"}


@dataclass(frozen=True)
class Standing:
    """A run as a list shows it; an ``interrupted`` one lost its process without a word: killed, or the power.

    ``metrics`` are those of the best validation, ``eta`` the seconds to the end of a running one, ``why`` the
    sentence of a failed one.
    """

    name: str
    folder: Path
    state: State
    model: str
    task: str
    sizes: list[int]
    step: int
    steps: int | None
    epoch: int
    epochs: int
    best_epoch: int | None
    metrics: dict[str, float]
    eta: float | None
    why: str | None
    pid: int | None


def standing(run: Run) -> Standing:
    """How ``run`` stands; `RunError` where its config cannot be read."""
    config, events, pid = run.config(), run.events(), run.trained_by()
    last: dict[str, Event] = {}
    best: Event | None = None
    for event in events:
        last[event["event"]] = event
        if event["event"] == "validation" and (
            best is None or config.keep == "last" or _better(event, best, config.lower_is_better)
        ):
            best = event
    ending = events[-1]["event"] if events else None
    state: State = _ENDED.get(ending or "", "interrupted")
    if pid:
        state = "paused" if run.paused() else "waiting" if ending == "waiting" else "running"
    step = last.get("step")
    eta = step["eta"] if step and state == "running" else None
    reached = next((event for event in reversed(events) if "step" in event), {"step": 0})
    return Standing(
        name=run.name,
        folder=run.folder,
        state=state,
        model=config.model,
        task=config.task,
        sizes=config.sizes,
        step=reached["step"],
        steps=last["start"].get("of") if "start" in last else None,
        epoch=1 + last["epoch"]["epoch"] if "epoch" in last else 0,
        epochs=config.optimisation.epochs,
        best_epoch=best["epoch"] if best else None,
        metrics=best["metrics"] if best else {},
        eta=eta,
        why=events[-1].get("why") if state == "failed" else None,
        pid=pid,
    )


def all_runs(folder: Path) -> list[Run]:
    """The runs in ``folder``, by name."""
    return [Run(path.parent) for path in sorted(folder.glob("*/config.json"))]


def find_run(name: str, *folders: Path) -> Run:
    """The run that is called ``name`` in one of ``folders``, or lies at that path.

    `RunError` lists what there is.
    """
    for path in (*(folder / name for folder in folders), Path(name).expanduser()):
        if (path / "config.json").is_file():
            return Run.open(path)
    names = ", ".join(run.name for folder in folders for run in all_runs(folder)) or "none"
    where = " or ".join(map(str, folders))
    raise RunError(f"{name} is neither a run in {where} nor the folder of one; there are {names}")


def ask_to_stop(run: Run) -> int:
    """Ask the process that trains ``run`` to end after a checkpoint; gives its number."""
    pid = run.trained_by()
    if pid is None:
        raise RunError(f"{run.name} is not running: it is {standing(run).state}")
    run.stop_file.touch()
    return pid


def discard(run: Run) -> Path:
    """Move a run that nobody trains into `.trash` beside it; gives its new place."""
    if (pid := run.trained_by()) is not None:
        raise RunError(f"{run.name} is being trained by process {pid}: apsnet runs stop {run.name}")
    folder = run.folder.resolve()
    trash = folder.parent / ".trash"
    trash.mkdir(exist_ok=True)
    place = trash / folder.name
    if place.exists():
        place = trash / f"{folder.name}-{secrets.token_hex(3)}"
    return folder.rename(place)


def _better(event: Event, best: Event, lower: bool) -> bool:
    ours, theirs = event["metrics"]["score"], best["metrics"]["score"]
    return bool(ours < theirs if lower else ours > theirs)
