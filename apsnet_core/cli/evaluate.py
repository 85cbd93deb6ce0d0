"""`apsnet evaluate`: Table 1, 2 or 5 of the paper for a dataset, with intervals and paired tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.column_blocks import blocks, width_of
from apsnet_core.cli.figures import FigureOptions
from apsnet_core.cli.groups import spread
from apsnet_core.cli.options import (
    AllSizesOption,
    DeviceOption,
    ForceOption,
    MethodsOption,
    NetOption,
    SizesOption,
    all_sizes_of,
    check_room,
    command_line,
    on_this_machine,
    parse_methods,
    parse_sizes,
    task_option,
    use_device,
)
from apsnet_core.cli.progress import progress
from apsnet_core.cli.sharing import Sharing
from apsnet_core.cli.typed import typed
from apsnet_core.evaluation.report_folder import command_of
from apsnet_core.tasks.registry import DEFAULT, metric
from apsnet_core.tasks.registry import task as task_named

if TYPE_CHECKING:
    from apsnet_core.batch.run import Where
    from apsnet_core.evaluation.table.table import Table, TableRow

# The folder that keeps the scores of finished methods until the table is complete.
_UNFINISHED = "unfinished"
_LABEL = 18  # labels are folded, but not below this width in terminal columns


@spread
def evaluate(
    context: typer.Context,
    data: Annotated[str, typer.Option("--data", help="A folder, or a name from apsnet data list.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", callback=on_this_machine, help="The folder for the table.")
    ],
    *,
    table: Annotated[
        Literal["1", "2", "3", "5", "fig3"] | None,
        typer.Option(
            help="Take the task, the methods and the sizes of this table or figure of the paper as defaults."
        ),
    ] = None,
    task: Annotated[str, task_option("What the samples are for")] = DEFAULT,
    methods: MethodsOption = "random,farthest_point,samplenet:g,samplenet:m,apsnet,apsnet:m,apsnet_kd",
    sizes: SizesOption = "8,16,32,64",
    all_sizes: AllSizesOption = False,
    seeds: Annotated[
        int, typer.Option(min=1, help="The number of runs of each method with a random start.")
    ] = 3,
    paired: Annotated[
        list[str] | None,
        typer.Option(
            help="METHOD,METHOD: test one method against the other; can be repeated. all: test every pair."
        ),
    ] = None,
    net: NetOption = None,
    classes: Annotated[str | None, typer.Option(help="Use only these classes: car,chair.")] = None,
    pairs: Annotated[
        Literal["exact", "resampled"],
        typer.Option(
            help="Registration: both clouds of a pair have the same points (exact) or "
            "different points (resampled)."
        ),
    ] = "exact",
    turns: Annotated[
        int, typer.Option(min=1, help="Registration: the number of fixed rotations of each shape.")
    ] = 1,
    shapes: Annotated[
        int | None, typer.Option(min=1, help="Use at most this many test shapes, evenly spread.")
    ] = None,
    split: Annotated[
        Literal["test", "validation", "train", "all"], typer.Option(help="The part of the dataset.")
    ] = "test",
    separate: Annotated[
        bool, typer.Option(help="Add APSNet trained for each size separately (Fig. 3).")
    ] = False,
    ablation: Annotated[bool, typer.Option(help="Add APSNet without parts of Eq. 7 (Table 3).")] = False,
    up: Annotated[
        Literal["auto", "y", "z"],
        typer.Option(help="The up axis of the dataset; auto measures it."),
    ] = "auto",
    fold: Annotated[
        str | None,
        typer.Option(help="2/5: the second of five parts of a cross-validation, as split.fold in a recipe."),
    ] = None,
    facing: Annotated[
        Literal["stored", "known"],
        typer.Option(
            help="known: turn each class about the vertical to the direction that the task net recognises."
        ),
    ] = "stored",
    sharing: Sharing,
    device: DeviceOption = "cpu",
    drawing: FigureOptions,
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Score methods and sizes on the test part of a dataset, as in Tables 1, 2 and 5 of the paper.

    METHOD@FOLDER takes all finished trainings in a folder; those of the same size are the seeds of one row.

    OUT receives index.html with everything, the table as md, csv, json, tex and xlsx, the plot as pdf, svg
    and png, shapes.csv and leaderboard.json. After an interruption, the same command continues.
    """
    use_device(device)
    specs = parse_methods(methods)
    spelt = all_sizes or table is None or typed("sizes", context)
    unfinished = out / _UNFINISHED
    if not force and not unfinished.is_dir():
        check_room(out)
        if sharing.place.shard and _unshared(command_of(out)) == _unshared(command_line()):
            return _of_share(out, sharing.place, 0)
    figure_place = drawing.place(force=force)

    from apsnet_core.batch.evaluation import Evaluation
    from apsnet_core.evaluation.table.report import as_data, write_table

    place = sharing.place
    try:
        opened = Evaluation(
            data=data,
            table=table,
            methods=specs if table is None or typed("methods", context) else None,
            sizes=(all_sizes_of(specs, task) if all_sizes else parse_sizes(sizes)) if spelt else None,
            task=task if table is None or typed("task", context) else None,
            net=net,
            seeds=seeds,
            shapes=shapes,
            split=split,
            classes=classes.split(",") if classes else None,
            paired=paired or (),
            pairs=pairs,
            turns=turns,
            up=_axis(up),
            fold=fold,
            facing=facing,
            separate=separate,
            ablation=ablation,
        ).open()
        if place.shard or place.dask:
            with progress("Pieces") as way:
                others = opened.share(unfinished, place, way.update)
            if others:
                return _of_share(out, place, others)
        with progress("Evaluating") as way:
            measured = opened.measure(unfinished, way.update)
    except ValueError as error:
        raise Failure(str(error)) from error
    write_table(measured, out, command_line())
    shutil.rmtree(unfinished, ignore_errors=True)
    found = {**as_data(measured), "report": str(out / "index.html"), "figures": []}
    times: list[str] = []
    if figure_place is not None:
        from apsnet_core.evaluation.table.figures import figures
        from apsnet_core.evaluation.table.times import time_figures, times_of

        timed = times_of(measured)
        found["times"], times = timed.as_data(), [timed.about, *timed.left_out]
        found["figures"] = figure_place.write([*figures(measured), *time_figures(measured, timed)])
    return CommandResult(found, lambda: _show(measured, out / "index.html", times))


def _of_share(out: Path, place: Where, others: int) -> CommandResult:
    """The result if other shares are not done yet, or if all were done before and the table exists."""
    report = None if others else str(out / "index.html")
    data = {"out": str(out), "shard": str(place.shard), "left": others, "report": report}
    told = f"Share {place.shard} is done, {others} pieces are left to others; the last one writes the table."
    if report:
        told = f"Share {place.shard} was done before, the table is {report}; --force does it anew."
    return CommandResult(data, lambda: print(told))


def _unshared(command: str) -> str:
    """The command line without --shard, which is the same for all shares."""
    return re.sub(r" --shard[ =]\S+", "", command)


def _axis(up: Literal["auto", "y", "z"]) -> Literal["y", "z"] | None:
    return None if up == "auto" else up


def _beside(row: TableRow) -> str:
    """The grey lines below a number: its double where the paper doubles it, and the paper's number."""
    numbers = [row.published] if row.doubled is None else [row.doubled, row.published]
    return "\n".join(metric(row.metric).text(number) for number in numbers)


def _show(table: Table, report: Path, times: list[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as Grid

    from apsnet_core.evaluation.table.leaders import leaders
    from apsnet_core.evaluation.table.texts import (
        by_label,
        difference_text,
        p_text,
        sizes_of,
        summary,
        value_text,
    )
    from apsnet_core.methods.registry import method_colour

    sure, rows_of, console = leaders(table), by_label(table.rows), Console()

    def texts_of(m: int) -> dict[str, str]:
        """The number of each method at a size, by its label, with the paper's number below it."""
        rows = {label: own.get(m) for label, own in rows_of.items()}
        return {
            label: "–"
            if row is None
            else value_text(row) + (f"\n{_beside(row)}" if row.published is not None else "")
            for label, row in rows.items()
        }

    sizes = sizes_of(table.rows)
    texts = {m: texts_of(m) for m in sizes}
    widths = [width_of([f"m = {m}", *texts[m].values()]) for m in sizes]
    label = min(max(map(len, rows_of)) + 2, _LABEL)
    for block in blocks(widths, label, console.width):
        grid = Grid(box=SIMPLE_HEAD, pad_edge=False, title=metric(table.metric).axis, title_justify="left")
        grid.add_column("", min_width=label, overflow="fold")
        for at in block:
            grid.add_column(f"m = {sizes[at]}", justify="right", no_wrap=True)
        for name, rows in rows_of.items():
            cells = []
            for m in (sizes[at] for at in block):
                text, below, grey = texts[m][name].partition("\n")
                cells.append(f"[bold]{text}[/bold]" if (name, m) in sure else text)
                cells[-1] += f"\n[dim]{grey}[/dim]" if below else ""
            colour = method_colour(next(iter(rows.values())).method)
            grid.add_row(f"[{colour}]●[/] {escape(name)}", *cells)
        console.print(grid)
    for pair in table.pairs:
        print(
            f"{pair.first} against {pair.second} at {pair.m} points: better by "
            f"{difference_text(pair.difference, metric(table.metric))}, p among all {p_text(pair.holm)}; "
            f"better on {pair.first_better}, worse on {pair.second_better}, p {p_text(pair.p)} ({pair.test})"
        )
    if (paper := task_named(table.task).paper) and any(row.published is not None for row in table.rows):
        print(f"In grey {'twice the number, below it ' if paper.doubled else ''}the paper's number.")
    print(*summary(table), *times, sep="\n")
    print(report)
