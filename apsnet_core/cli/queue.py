"""`apsnet queue`: run all trainings of a table, one after another, and show their states."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.options import on_this_machine
from apsnet_core.cli.train import SettingsOption, duration, stopping
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.training.order import Order
    from apsnet_core.training.queue import Place, Queue

queue = typer.Typer(
    name="queue", help="Run all trainings of a table, one after another.", no_args_is_help=True
)

PlansArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PLAN...]",
        help="Plans by name (apsnet queue list), plan files, or recipes; by default the plan that "
        "FOLDER was begun with.",
    ),
]
FolderOption = Annotated[
    Path,
    typer.Option("-o", "--out", callback=on_this_machine, help="The folder for the runs: FOLDER/ROW/RUN."),
]
GridOption = Annotated[
    list[str] | None,
    typer.Option(
        "--each",
        metavar="KEY=[...]",
        help="For a recipe: one training for each value, such as seed=[0,1,2] or sizes=[8,16].",
    ),
]


@queue.command("list")
def list_(json: JsonOption = False) -> CommandResult:
    """List the plans that ship."""
    from apsnet_core.training.plans import planned, plans

    rows = [
        {"name": name, "title": plan.title, "trainings": len(planned(plan, Path()))}
        for name, plan in plans().items()
    ]
    width = max(len(str(row["name"])) for row in rows)

    def show() -> None:
        for row in rows:
            print(f"{row['name']:<{width}}  {row['title']}, {row['trainings']} trainings")

    return CommandResult({"plans": rows}, show)


@queue.command("run")
def run_(
    output: FolderOption,
    plans: PlansArgument = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data", metavar="[TASK=]DIR", help="The dataset, for all tasks or for one: classification=DIR."
        ),
    ] = None,
    changes: SettingsOption = None,
    grid: GridOption = None,
    at_once: Annotated[
        int | None,
        typer.Option(
            min=1, help="How many trainings run at the same time, sharing the cores; by default one."
        ),
    ] = None,
    json: JsonOption = False,
) -> CommandResult:
    """Run every training of PLAN that is not finished, the most urgent first.

    Ctrl-C, or apsnet queue stop, ends the queue after a checkpoint. The same command continues it, also after
    a kill or a restart of the machine. You may leave out PLAN then: FOLDER stores it.
    A training that fails does not stop the others; the next call tries it again.
    """
    from apsnet_core.cli import progress

    order = _order(plans, output, grid, changes, data, at_once)
    found = _queue(order, output)
    before: dict[Path, str] = {}

    def watch(places: list[Place]) -> None:
        for each in places:
            folder, phase = each.planned.folder, each.phase
            if before.get(folder) not in (None, phase) and not progress.quiet:
                _say(f"{each.planned.name}: {_line(each)}")
            before[folder] = phase

    with stopping() as stop:
        places = found.work(order, lambda: stop.by is not None, watch)
    failed = [each for each in places if each.phase in ("failed", "interrupted", "broken")]
    code = 128 + stop.by if stop.by else int(bool(failed))
    return CommandResult(_as_data(output, places), lambda: _show(places), exit_code=code)


@queue.command()
def show(
    output: FolderOption, plans: PlansArgument = None, grid: GridOption = None, json: JsonOption = False
) -> CommandResult:
    """Show which trainings are finished, running and waiting, and the seed of median validation score.

    This is the seed to ship. The last line is the command that makes a table of the finished trainings.
    """
    from apsnet_core.training.queue import evaluations, time_left

    order = _order(plans, output, grid)
    found = _queue(order, output)
    places = found.places()
    tables, left = evaluations(places), time_left(places, order.at_once)
    data = _as_data(output, places) | {"process": found.worked_on_by, "left": left, "evaluate": tables}

    def tell() -> None:
        _show(places, found.worked_on_by)
        if left:
            print(f"about {duration(left)} left")
        for line in tables:
            print(f"A table of what is finished: {line}")

    return CommandResult(data, tell)


@queue.command()
def stop(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the queue.")],
    json: JsonOption = False,
) -> CommandResult:
    """Stop a queue, its trainings after their next checkpoints."""
    from apsnet_core.training.runs import Run

    run = Run(folder)
    if (pid := run.trained_by()) is None:
        raise Failure(f"no queue is running in {folder}")
    run.stop_file.touch()
    return CommandResult(
        {"folder": str(folder), "pid": pid},
        lambda: print(f"{folder} ends once its trainings have written a checkpoint (process {pid})"),
    )


def _order(
    plans: list[str] | None,
    home: Path,
    grid: list[str] | None,
    changes: list[str] | None = None,
    data: list[str] | None = None,
    at_once: int | None = None,
) -> Order:
    """The order on the command line, or else the order stored in the folder with the changes on the line."""
    from apsnet_core.training.config import ConfigError
    from apsnet_core.training.order import Order, read_order

    if plans:
        where = _data_of_tasks(data or [])
        return Order(tuple(plans), tuple(grid or ()), tuple(changes or ()), where, at_once or 1)
    try:
        order = read_order(home)
    except ConfigError as error:
        raise Failure(str(error)) from error
    if grid or changes:
        raise Failure("--each and --set change a PLAN: name the PLAN with them")
    where = {**order.data, **_data_of_tasks(data or [])}
    return replace(order, data=where, at_once=at_once or order.at_once)


def _queue(order: Order, home: Path) -> Queue:
    from apsnet_core.training.config import ConfigError
    from apsnet_core.training.queue import Queue

    try:
        return Queue(home, order.work(home))
    except ConfigError as error:
        raise Failure(str(error)) from error


def _data_of_tasks(told: list[str]) -> dict[str, str]:
    """The data for each task, "" for all tasks; an existing folder becomes a full path, to be found later."""
    from apsnet_core.tasks.registry import tasks

    names = {row.name for row in tasks()}
    found = {}
    for text in told:
        head, equals, rest = text.partition("=")
        task, source = (head, rest) if equals and head in names else ("", text)
        path = Path(source).expanduser()
        found[task] = str(path.resolve()) if path.exists() else source
    return found


def _as_data(home: Path, places: list[Place]) -> Values:
    from apsnet_core.training.queue import medians

    median = medians(places)
    rows = [
        {
            "row": each.planned.row,
            "name": each.planned.name,
            "folder": str(each.planned.folder),
            "recipe": each.planned.recipe,
            "changes": list(each.planned.changes),
            "state": each.phase,
            "metrics": each.state.metrics if each.state else {},
            "why": (each.state.why or None) if each.state else None,
            "median": each.planned.folder in median,
        }
        for each in places
    ]
    return {"folder": str(home), "trainings": rows, "counts": dict(Counter(each.phase for each in places))}


def _show(places: list[Place], process: int | None = None) -> None:
    from apsnet_core.training.queue import medians

    median = medians(places)
    width = max(len(each.planned.name) for each in places)
    for each in places:
        told = ", the median of its seeds" if each.planned.folder in median else ""
        print(f"{each.planned.name:<{width}}  {_line(each)}{told}")
    counts = Counter(each.phase for each in places)
    print(", ".join(f"{number} {phase}" for phase, number in counts.items()) + f" of {len(places)}")
    if process is not None:
        print(f"process {process} works on it")


def _line(place: Place) -> str:
    state = place.state
    if state is None:
        nets = [folder.parent.name for folder in place.planned.nets[:1]]
        return place.phase + "".join(f", in front of the net of {row}" for row in nets)
    epochs = f", epoch {state.epochs_done}/{state.epochs}" if state.epochs else ""
    left = f", {duration(state.eta)} left" if state.eta is not None else ""
    score = f", validation {state.score:.4g}" if state.score is not None else ""
    why = f": {state.why}" if state.why else ""
    return f"{place.phase}{epochs}{left}{score}{why}"


def _say(text: str) -> None:
    import sys

    print(text, file=sys.stderr, flush=True)
