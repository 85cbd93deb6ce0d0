"""`apsnet train`: train a network from a recipe. Progress is shown, and stopping loses nothing."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apsnet_core.cli import progress
from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.options import on_this_machine
from apsnet_core.percent import SIGN
from apsnet_core.placing import counted
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.training.config import TrainConfig
    from apsnet_core.training.runs import Run

# The settings that a resumed run cannot change, because its steps or its network depend on them.
_FIXED = ("model", "task", "classes", "points", "sizes", "seed", "task_net", "normalisation", "pairs",
          "pairs_per_shape", "split", "optimisation.batch_size", "weights_average")  # fmt: skip

SettingsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a setting: optimisation.epochs=20, sizes=[32]; can be repeated.",
    ),
]


def train(
    recipe: Annotated[
        str | None,
        typer.Argument(metavar="CONFIG.toml", help="A recipe: a file, or one of those that --list shows."),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", help="The dataset: a folder, or a name from apsnet data list."),
    ] = None,
    changes: SettingsOption = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="RUN", help="Resume this run, by name or folder.")
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option("--after", metavar="RUN", help="Begin when the training of this run has ended."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            callback=on_this_machine,
            help="The folder of the run; by default NAME in the folder for new runs.",
        ),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the recipes that ship.")] = False,
    json: JsonOption = False,
) -> CommandResult:
    """Train a task net or a sampler; the best weights have the name of the run.

    Ctrl-C, or apsnet runs stop, ends the training after a checkpoint; --resume continues it.
    For several processes: torchrun --nproc-per-node 2 -m apsnet_core.cli train CONFIG.toml
    """
    from apsnet_core.training.config import ConfigError
    from apsnet_core.training.find_runs import find_run
    from apsnet_core.training.recipes import configured
    from apsnet_core.training.runs import RunError, free_folder
    from apsnet_core.weights.run_folders import run_folders, runs_folder

    if list_:
        return _recipes()
    if (recipe is None) == (resume is None):
        raise typer.BadParameter("name a recipe, or a run to continue with --resume")
    if resume is not None and output is not None:
        raise typer.BadParameter("a resumed run stays in its own folder: leave --output out")
    changes = [*(changes or []), *([f"data={dumps(data)}"] if data is not None else [])]
    try:
        if resume is not None:
            run = find_run(resume, *run_folders())
            config, folder = _changed(run, changes), run.folder
        else:
            config = configured(str(recipe), changes, output)
            folder = output or free_folder(runs_folder() / config.name)
        others = [find_run(name, *run_folders()).folder for name in after or []]
    except (ConfigError, RunError) as error:
        raise Failure(str(error)) from error
    return _train(config, folder, resume is not None, others)


def _recipes() -> CommandResult:
    from apsnet_core.training.recipes import recipes

    rows = list(recipes().values())
    keys = ("name", "title", "model", "task", "data", "epochs", "minutes", "needs")
    data = {"recipes": [{key: getattr(row, key) for key in keys} for row in rows]}

    def show() -> None:
        width = max(len(row.name) for row in rows)
        for row in rows:
            time = f", {row.minutes:g} min on two cores" if row.minutes else ""
            needs = f", needs {' and '.join(row.needs)}" if row.needs else ""
            print(f"{row.name:<{width}}  {row.title}{time}{needs}")

    return CommandResult(data, show)


def _train(config: TrainConfig, folder: Path, resume: bool, after: list[Path]) -> CommandResult:
    with stopping() as stop, _progress() as watch:
        from apsnet_core.training.config import ConfigError
        from apsnet_core.training.failures import TrainingFailed
        from apsnet_core.training.memory import keep_memory
        from apsnet_core.training.run_training import leave_group, on_gpu, start
        from apsnet_core.training.runs import RunError

        if not on_gpu(config):
            keep_memory()
        try:
            progress = start(
                config, folder, resume=resume, after=after, stop=lambda: stop.by is not None, watch=watch
            )
        except (TrainingFailed, ConfigError, RunError) as error:
            raise Failure(str(error)) from error
        leave_group()
    if os.environ.get("RANK", "0") != "0":
        raise typer.Exit(0)  # only the first process prints the result
    from apsnet_core.training.runs import Run

    stopped = Run(folder).events()[-1]["event"] == "stopped"
    data: Values = {
        "run": folder.name,
        "folder": str(folder),
        "state": "stopped" if stopped else "finished",
        "step": progress.step,
        "best_epoch": progress.best_epoch,
        "metrics": progress.scores,
        "weights": str(folder / "best.safetensors") if progress.scores else None,
    }
    return CommandResult(data, lambda: _show(data), exit_code=128 + stop.by if stopped and stop.by else 0)


def _changed(run: Run, changes: list[str]) -> TrainConfig:
    """The config of a resumed run with ``changes``; raises `Failure` for a setting that must stay.

    The paths of its data and networks may change if the run has recorded digests of them.
    """
    from apsnet_core.training.config import make_config, override
    from apsnet_core.training.made_from import ELSEWHERE, made_from

    begun, known = run.config().model_dump(mode="json"), made_from(run)
    wanted = override(begun, changes)
    for key in (*_FIXED, *(name for name in ELSEWHERE if name not in known)):
        if _setting(wanted, key) != _setting(begun, key):
            raise Failure(f"{key} cannot be changed in a resumed run: start another one")
    return make_config(wanted, "--set")


def _setting(values: Values, key: str) -> Any:
    """The value of a dotted key, set by itself or as a part of its table."""
    table, _, inner = key.partition(".")
    found = values.get(table)
    return _setting(found, inner) if inner and isinstance(found, dict) else found


class Stop:
    """The signal that requested a stop; None if there was none."""

    by: int | None = None


@contextmanager
def stopping() -> Iterator[Stop]:
    """Context manager in which Ctrl-C and SIGTERM request a stop; a second Ctrl-C ends at once."""
    stop = Stop()

    def asked(number: int, _frame: object) -> None:
        if stop.by is not None and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.by = number
        print("stopping after a checkpoint ...", file=sys.stderr)

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress() -> Iterator[Callable[[Values], None]]:
    """Context manager that shows a bar, epoch, loss, score and time left on one line of a terminal.

    Without a terminal it prints one line for each validation.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn

    console = Console(stderr=True, quiet=progress.quiet)
    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f}" + SIGN), TextColumn("{task.description}"))
    task: TaskID | None = None
    epochs, score = 0, ""

    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:

        def watch(event: Values) -> None:
            nonlocal task, epochs, score
            match event["event"]:
                case "waiting":
                    console.print(f"waiting for {', '.join(event['after'])} ...", soft_wrap=True)
                case "start":
                    epochs = event["epochs"]
                    task = bar.add_task("", total=event["of"], completed=event["step"])
                    if event["notes"]:
                        console.print(f"note: {event['notes']}", soft_wrap=True, markup=False)
                case "step" if task is not None:
                    left, loss = duration(event["eta"]), event["metrics"]["loss"]
                    told = f"epoch {event['epoch'] + 1}/{epochs} · loss {loss:.4g}{score} · {left} left"
                    bar.update(task, completed=event["step"], description=told)
                case "validation":
                    metrics = {k: v for k, v in event["metrics"].items() if k != "score"}
                    score = f" · score {event['metrics']['score']:.4g}"
                    if not console.is_terminal:
                        said = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())
                        console.print(f"epoch {event['epoch'] + 1}/{epochs}: {said}", soft_wrap=True)

        yield watch


def duration(seconds: float) -> str:
    """A time in seconds as text, such as "2:05 min" or "1 h 05 min"."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes}:{seconds:02} min"


def _show(data: Values) -> None:
    print(f"{data['run']}: {data['state']} after {counted(data['step'], 'step')}")
    if data["metrics"]:
        said = ", ".join(f"{k} {v:.4g}" for k, v in data["metrics"].items() if k != "score")
        print(f"best epoch {data['best_epoch'] + 1}: {said}")
        print(data["weights"])
    if data["state"] == "stopped":
        print(f"apsnet train --resume {data['folder']} continues it")
