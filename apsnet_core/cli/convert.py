"""`apsnet convert`: the same points or mesh in another format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.many_files import Item, Work
from apsnet_core.cli.options import (
    EACH,
    POINTS,
    ColumnsOption,
    DatasetOption,
    ForceOption,
    FromOption,
    PointsOption,
    RowOption,
    SeedOption,
    Selection,
    ToOption,
    WorkersOption,
    for_standard_output,
    selection,
)
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud, TriangleMesh

Turn = Literal["y", "z", "y:z", "z:y"]


def convert(
    paths: Annotated[list[str], typer.Argument(metavar="IN... OUT", help="Files or folders, then where to.")],
    format: Annotated[str, typer.Option(help="What to write into a folder, by extension.")] = "ply",
    up: Annotated[
        Turn | None,
        typer.Option(
            help="Turn it so that this axis points up; y:z if y does so now, where the guess of apsnet info "
            "is wrong. Nothing is turned unless told."
        ),
    ] = None,
    points: PointsOption = POINTS,
    seed: SeedOption = 0,
    dataset: DatasetOption = None,
    row: RowOption = None,
    columns: ColumnsOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    workers: WorkersOption = None,
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Write files in another format: one file into OUT, or many (or a folder) into the folder OUT.

    Colours, normals, further fields and the coordinate system go along where the format can hold them. A mesh
    stays a mesh where it can (ply, obj, off, stl) and becomes points on its surface elsewhere.
    """
    from apsnet_core.cli.many import means_folder, plan, run_many

    if len(paths) < 2:
        raise Failure("name the file or folder to convert, then the file or folder to write")
    *inputs, out = map(Path, paths)
    many = means_folder(inputs, paths[-1])
    chosen = selection(dataset, row, columns, from_, each=many)
    how = {"up": up, "points": points, "seed": seed, "chosen": chosen}
    if many:
        settings = {"command": "convert", "format": format, "up": up, "points": points}
        settings |= {"seed": seed, "dataset": dataset, "row": row, "columns": columns, "from": from_}
        items = plan(inputs, out, f".{format.lstrip('.')}", each=row == EACH, dataset=dataset)
        work = Work(f"{__name__}:convert_file", how | {"force": True})
        return run_many(items, work, out, settings, force=force, workers=workers)
    piped = for_standard_output(out, json)
    data = convert_file(
        Item(inputs[0], out), up=up, points=points, seed=seed, chosen=chosen, force=force, to=to
    )
    return CommandResult(data, lambda: _show(data), on_stderr=piped)


def convert_file(
    item: Item,
    *,
    up: Turn | None,
    points: int,
    seed: int,
    chosen: Selection,
    force: bool,
    to: str | None = None,
) -> Values:
    """Convert one file, turned ``up``; a mesh is drawn as ``points`` where the target's format holds none."""
    from apsnet_core.cloud import TriangleMesh
    from apsnet_core.files import read, write
    from apsnet_core.files.formats import format_of
    from apsnet_core.files.urls import url_of
    from apsnet_core.ops.surface import sample_surface

    shape = read(item.source, **(chosen if item.row is None else chosen | {"row": item.row}))
    target = format_of(f"a.{to}") if to else format_of(item.target)
    if isinstance(shape, TriangleMesh) and not (target and target.write_mesh):
        shape = sample_surface(shape, points, seed)
    if up is not None:
        shape = _turned(shape, up)
    write(shape, item.target, force=force, format=to)
    count = f"{len(shape.faces)} triangles" if isinstance(shape, TriangleMesh) else f"{len(shape)} points"
    data = {"source": str(item.source), "output": url_of(item.target) or str(item.target), "wrote": count}
    lost = target.leaves_out(shape) if target else ()
    return data | {"notes": [*shape.notes, *lost]}


def _show(data: Values) -> None:
    from apsnet_core.files.errors import printable

    print(f"{printable(data['output'])}: {data['wrote']}")
    for note in data["notes"]:
        print(f"note: {note}")


def _turned(shape: PointCloud | TriangleMesh, up: Turn) -> PointCloud | TriangleMesh:
    from apsnet_core.ops.orientation import guess_up, turn_up

    if up == "y" or up == "z":
        return turn_up(shape, guess_up(shape), up)
    return turn_up(shape, "y", "z") if up == "y:z" else turn_up(shape, "z", "y")
