"""`apsnet convert`: write the same points or mesh in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apsnet_core.batch.convert_file import Turn, convert_file
from apsnet_core.batch.item import Item, Work
from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.cuts import ObjectCuts
from apsnet_core.cli.groups import spread
from apsnet_core.cli.options import ForceOption, FormatOption, SeedOption, ToOption, for_standard_output
from apsnet_core.cli.reading import POINTS, PointsOption, Reading
from apsnet_core.cli.sharing import SharingFiles
from apsnet_core.files.urls import plain
from apsnet_core.types import Values


@spread
def convert(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="IN... OUT", help="Files or folders, then the file or folder to write."),
    ],
    *,
    format: FormatOption = "ply",
    up: Annotated[
        Turn | None,
        typer.Option(
            help="Turn the shape so that this axis points up; write y:z if y is the up axis now and "
            "the guess of apsnet info is wrong. By default nothing is turned."
        ),
    ] = None,
    points: PointsOption = POINTS,
    seed: SeedOption = 0,
    reading: Reading,
    to: ToOption = None,
    cutting: ObjectCuts,
    sharing: SharingFiles,
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Convert one file to the file OUT, or several files (or a folder) into the folder OUT.

    The result keeps colours, normals, further fields and the coordinate system if the format can hold them.
    A mesh stays a mesh in ply, obj, off and stl; in other formats it becomes points on its surface.
    """
    from apsnet_core.batch.plan import means_folder, plan
    from apsnet_core.cli.many import run_many

    if len(paths) < 2:
        raise Failure("name the file or folder to convert, then the file or folder to write")
    *inputs, out = map(Path, map(plain, paths))
    many = means_folder(inputs, plain(paths[-1]))
    chosen = reading.selected(each=many)
    cuts = cutting.cuts
    how = {"up": up, "points": points, "seed": seed, "chosen": chosen, "cuts": cuts}
    if many:
        place = sharing.many(to)
        settings: Values = {"command": "convert", "format": format, "up": up, "points": points}
        settings |= {"seed": seed, **reading.settings}
        settings |= {"cuts": vars(cuts)} if cuts else {}
        items = plan(inputs, out, f".{format.lstrip('.')}", each=reading.each, dataset=reading.dataset)
        work = Work(f"{convert_file.__module__}:convert_file", how | {"force": True})
        return run_many(items, work, out, settings, force=force, where=place)
    sharing.alone(context)
    piped = for_standard_output(out, json)
    data = convert_file(
        Item(inputs[0], out), up=up, points=points, seed=seed, chosen=chosen, force=force, to=to, cuts=cuts
    )
    return CommandResult(data, lambda: _show(data), on_stderr=piped)


def _show(data: Values) -> None:
    from apsnet_core.files.errors import printable

    print(f"{printable(data['output'])}: {data['wrote']}")
    for note in data["notes"]:
        print(f"note: {note}")
