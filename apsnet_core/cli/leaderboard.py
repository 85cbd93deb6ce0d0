"""`apsnet leaderboard`: join the measurements of several people into one list."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.options import ForceOption
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.evaluation.table.pairs import Pair


def leaderboard(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="The leaderboard.json files of evaluations, or their folders."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The file for the joined leaderboard.")
    ] = None,
    differences: Annotated[
        bool, typer.Option("--differences", help="Also compare every two rows of the same size.")
    ] = False,
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Join the leaderboards of several evaluations, the best row first and each measurement once.

    Measurements with the same weights on the same shapes must agree. Seeds of one folder of trainings
    (METHOD@FOLDER) that were measured separately become one row if they were trained in the same way. The
    file stores what each run got on every shape.
    """
    from apsnet_core.atomic import write_text
    from apsnet_core.evaluation.report_folder import json_of
    from apsnet_core.evaluation.table.leaderboard import (
        FILE,
        merged,
        paired,
        read_leaderboard,
        tables_of,
    )

    if out is not None and out.exists() and not force:
        raise Failure(f"{out} exists; name another file, or --force")
    try:
        board = merged(read_leaderboard(path / FILE if path.is_dir() else path) for path in files)
    except ValueError as error:
        raise Failure(str(error)) from error
    if out is not None:
        write_text(out, json_of(board).decode())
    tables = tables_of(board)
    pairs = {title: paired(own, board["twins"]) if differences else [] for title, own in tables.items()}
    told = [
        {"task": own[0]["task"], "data": own[0]["data"], **asdict(pair)}
        for title, own in tables.items()
        for pair in pairs[title]
    ]
    found = board | {"paired": told} if differences else board

    def show() -> None:
        for title, own in tables.items():
            _show(title, own, pairs[title])

    return CommandResult(found, show)


def _show(title: str, table: list[Values], pairs: list[Pair]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from apsnet_core.evaluation.table.leaderboard import names_in
    from apsnet_core.evaluation.table.texts import difference_text, p_text
    from apsnet_core.tasks.registry import metric as metric_named

    metric = metric_named(table[0]["metric"])
    grid = Table(box=SIMPLE_HEAD, pad_edge=False, title_justify="left", title=title)
    for head in ("m", "method", "weights", "seeds"):
        grid.add_column(head, justify="right" if head in ("m", "seeds") else "left", overflow="fold")
    for head in ("figure", "95 % interval"):
        grid.add_column(head, justify="right", no_wrap=True)
    for entry, name in zip(table, names_in(table), strict=True):
        cells = [name, entry["weights"] or "", str(entry["seeds"]), metric.text(entry["value"], unit=True)]
        grid.add_row(str(entry["m"]), *cells, metric.interval(entry["low"], entry["high"]))
    Console().print(grid)
    for pair in pairs:
        print(
            f"{pair.first} against {pair.second} at {pair.m} points: better by "
            f"{difference_text(pair.difference, metric)}, p among all {p_text(pair.holm)}"
        )
