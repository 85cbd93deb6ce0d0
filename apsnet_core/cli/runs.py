"""`apsnet runs`: list, show, stop and delete trainings, and find the median of several seeds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.train import duration
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.training.run_state import RunState
    from apsnet_core.training.runs import Run

runs = typer.Typer(name="runs", help="List, show, stop and delete trainings.", no_args_is_help=True)

FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="The folder of the runs, if it is not in the list of folders.")
]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="The name or the folder of a run.")]


@runs.command("list")
def list_(folder: FolderOption = None, json: JsonOption = False) -> CommandResult:
    """List the trainings in a folder: running, finished, stopped, failed, or interrupted."""
    from apsnet_core.training.find_runs import all_runs, state_of
    from apsnet_core.training.runs import RunError
    from apsnet_core.weights.run_folders import run_folders

    folders = [folder] if folder else run_folders()
    rows: list[Values] = []
    for run in (run for folder in folders for run in all_runs(folder)):
        try:
            rows.append(_as_data(state_of(run)))
        except RunError as error:
            rows.append({"name": run.name, "folder": str(run.folder), "error": str(error)})

    def show() -> None:
        width = max((len(row["name"]) for row in rows), default=0)
        for row in rows:
            print(f"{row['name']:<{width}}  {row.get('error') or _line(row)}")
        if not rows:
            where = " or ".join(map(str, folders))
            print(f"There are no runs in {where}: apsnet train RECIPE starts one.")

    return CommandResult({"runs": rows, "folders": [str(folder) for folder in folders]}, show)


@runs.command()
def folders(
    first: Annotated[Path | None, typer.Option("--first", help="Put new runs into this folder.")] = None,
    add: Annotated[Path | None, typer.Option("--add", help="List the runs in this folder too.")] = None,
    drop: Annotated[
        Path | None, typer.Option("--drop", help="Stop listing the runs in this folder; its files stay.")
    ] = None,
    json: JsonOption = False,
) -> CommandResult:
    """Show or change the folders in which window and shell look for runs."""
    from apsnet_core.weights.run_folders import choose_run_folders, chosen_folders

    try:
        if first or add or drop:
            choose_run_folders(first, add, drop)
    except OSError as error:
        raise Failure(f"the list of folders cannot be written: {error.strerror}") from error
    known = [str(folder) for folder in chosen_folders()]
    return CommandResult({"folders": known}, lambda: print("\n".join(known)))


@runs.command("show")
def show_(name: RunArgument, folder: FolderOption = None, json: JsonOption = False) -> CommandResult:
    """Show the state of a training, its recipe and data, and its scores."""
    from apsnet_core.training.find_runs import state_of

    run = _found(name, folder)
    data = {**_as_data(state_of(run)), "config": run.config().model_dump(mode="json")}

    def show() -> None:
        print(f"{data['name']}  {_line(data)}")
        for key, value in data["metrics"].items():
            print(f"  {key:<22} {value:.4g}")
        if data["why"]:
            print(f"  {data['why']}")
        print(f"  {data['folder']}")

    return CommandResult(data, show)


@runs.command()
def median(folder: FolderOption = None, json: JsonOption = False) -> CommandResult:
    """Print the seed of median validation score among trainings that differ only in their seed.

    This is the seed to ship. Of two seeds, or of the middle two, it is the worse one.
    """
    from apsnet_core.training.find_runs import all_runs
    from apsnet_core.training.median_seed import median_seeds
    from apsnet_core.training.run_reader import RunReader
    from apsnet_core.weights.run_folders import run_folders

    folders = [folder] if folder else run_folders()
    states = [RunReader(run.folder).read() for each in folders for run in all_runs(each)]
    rows: list[Values] = [
        {
            "median": one.name,
            "folder": str(one.folder),
            "score": one.score,
            "seeds": [
                {"name": each.name, "seed": each.config["seed"], "score": each.score} for each in group
            ],
        }
        for one, group in median_seeds(states)
    ]

    def show() -> None:
        for row in rows:
            others = ", ".join(f"{each['name']} {each['score']:.4g}" for each in row["seeds"])
            print(f"{row['median']} is the median of {others}")
        if not rows:
            where = " or ".join(map(str, folders))
            print(f"No training in {where} was finished with several seeds.")

    return CommandResult({"medians": rows}, show)


@runs.command()
def stop(name: RunArgument, folder: FolderOption = None, json: JsonOption = False) -> CommandResult:
    """Stop a training after its next checkpoint."""
    from apsnet_core.training.find_runs import ask_to_stop

    run = _found(name, folder)
    pid = ask_to_stop(run)
    data = {"run": run.name, "pid": pid}
    return CommandResult(data, lambda: print(f"{run.name} ends after a checkpoint (process {pid})"))


@runs.command()
def delete(name: RunArgument, folder: FolderOption = None, json: JsonOption = False) -> CommandResult:
    """Move a training that is not running into the folder .trash beside it."""
    from apsnet_core.training.find_runs import discard

    run = _found(name, folder)
    place = discard(run)
    return CommandResult(
        {"run": run.name, "trash": str(place)}, lambda: print(f"{run.name} was moved to {place}")
    )


def _found(name: str, folder: Path | None) -> Run:
    from apsnet_core.training.find_runs import find_run
    from apsnet_core.weights.run_folders import run_folders

    return find_run(name, *([folder] if folder else run_folders()))


def _as_data(found: RunState) -> Values:
    return {
        "name": found.name,
        "folder": str(found.folder),
        "state": found.phase,
        "model": found.config["model"],
        "task": found.config["task"],
        "sizes": found.config["sizes"],
        "step": found.step,
        "steps": found.steps or None,
        "epoch": found.epochs_done,
        "epochs": found.epochs,
        "best_epoch": found.best_epoch,
        "metrics": found.metrics,
        "eta": found.eta,
        "why": found.why or None,
        "pid": found.process,
    }


def _line(row: Values) -> str:
    sizes = f" {','.join(map(str, row['sizes']))}" if row["sizes"] else ""
    what = f"{row['model'] if row['model'] != 'task' else 'task net'}{sizes} for {row['task']}"
    left = f", {duration(row['eta'])} left" if row["eta"] is not None else ""
    score = f", score {row['metrics']['score']:.4g}" if row["metrics"] else ""
    return f"{row['state']:<11}  {what}: epoch {row['epoch']}/{row['epochs']}{left}{score}"
