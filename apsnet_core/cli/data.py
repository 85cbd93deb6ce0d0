"""`apsnet data`: list the datasets, check one, and give a folder a name."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.datasets.survey import Survey

data = typer.Typer(name="data", help="List, check and import datasets.", no_args_is_help=True)


@data.command("list")
def list_(json: JsonOption = False) -> CommandResult:
    """List the named datasets: bundled, imported, and downloadable."""
    from apsnet_core.datasets import DatasetError
    from apsnet_core.datasets.imported import known
    from apsnet_core.datasets.published import PUBLISHED
    from apsnet_core.datasets.survey import survey

    rows: list[Values] = []
    for name in ["furniture", *known()]:
        try:
            rows.append({"name": name, **_as_data(survey(name))})
        except DatasetError as error:
            rows.append({"name": name, "where": str(error.path), "error": error.why})
    absent = [one for name, one in PUBLISHED.items() if name not in known()]
    downloads = [{"name": one.name, "url": one.url, "megabytes": one.megabytes} for one in absent]

    def show() -> None:
        for row in rows:
            print(f"{row['name']:<14} {row.get('error') or _counts(row)}  {row['where']}")
        for one in downloads:
            print(
                f"{one['name']:<14} not here; apsnet data import {one['name']} fetches {one['megabytes']} MB"
            )

    return CommandResult({"datasets": rows, "downloads": downloads}, show)


@data.command()
def check(
    source: Annotated[str, typer.Argument(help="A folder, or a name from apsnet data list.")],
    json: JsonOption = False,
) -> CommandResult:
    """Read a whole dataset: classes, counts, near-identical shapes, and every broken file."""
    from apsnet_core.datasets.survey import survey

    found = survey(source)
    return CommandResult(_as_data(found), lambda: _show(found), exit_code=1 if found.broken else 0)


@data.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="A folder, or modelnet40 to download ModelNet40.")],
    name: Annotated[
        str | None, typer.Option(help="The name of the dataset; by default the folder's name.")
    ] = None,
    json: JsonOption = False,
) -> CommandResult:
    """Give a dataset a name for all commands, and store it so that it opens fast.

    Broken files are listed and left out if they are fewer than half.
    """
    from apsnet_core.datasets.imported import remember
    from apsnet_core.datasets.published import PUBLISHED, download
    from apsnet_core.datasets.survey import survey
    from apsnet_core.own_folder import own_folder

    folder = Path(source).expanduser()
    if source == "furniture" and not folder.is_dir():
        raise Failure("furniture is bundled: every command knows it by this name already")
    if source in PUBLISHED and not folder.is_dir():
        folder = download(PUBLISHED[source], own_folder() / "datasets")
        name = source if name is None else name
    found = survey(folder)
    if not found.shapes:
        path, why = found.broken[0]
        raise Failure(f"{path}: {why}; nothing was imported (apsnet data check {source} lists all)")
    name = folder.resolve().name if name is None else name
    try:
        remember(name, folder)
    except ValueError as error:
        raise Failure(str(error)) from error

    def show() -> None:
        _show(found)
        print(f"It is called {name} from now on.")

    return CommandResult({"name": name, **_as_data(found)}, show)


def _as_data(found: Survey) -> Values:
    broken = [{"file": path, "why": why} for path, why in found.broken]
    return {**asdict(found), "broken": broken}


def _counts(row: Values) -> str:
    from apsnet_core.placing import counted

    broken = len(row["broken"])
    left_out = f"; {counted(broken, 'broken file')}: apsnet data check {row['name']}" if broken else ""
    if not row["shapes"]:
        return left_out.removeprefix("; ")
    parts = "/".join(str(count) for count in row["parts"].values())
    return f"{row['shapes']:>6} shapes ({parts}) of {len(row['classes']):>2} classes{left_out}"


def _show(found: Survey) -> None:
    from apsnet_core.placing import counted

    print(f"{found.where}: {found.layout}")
    if found.broken:
        print(f"  {counted(len(found.broken), 'file')} left out:")
    for path, why in found.broken:
        print(f"  {path}: {why}")
    if not found.shapes:
        return
    width = max(map(len, found.classes))
    for name, count in found.classes.items():
        print(f"  {name:<{width}} {count:>6}")
    for note in found.notes:
        print(f"  note: {note}")
    parts = ", ".join(f"{count} {part}" for part, count in found.parts.items())
    print(f"  {found.shapes} shapes of {found.points} points: {parts}")
    print(f"  {found.up} up, normalisation {found.normalisation}; {found.licence}")
    print(
        f"  {found.twins} shapes have a near-identical one of their class, {found.test_twins} of the test "
        "part have it outside that part"
    )
