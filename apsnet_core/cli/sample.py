"""`apsnet sample`: sample m points of a cloud with any method, and write them to a file."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from apsnet_core.batch.children import Crew
from apsnet_core.batch.item import Item, Work
from apsnet_core.batch.sample_file import Device, sample_file, sampler_of
from apsnet_core.batch.sampling_settings import SamplingSettings
from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.cuts import ObjectCuts
from apsnet_core.cli.groups import spread
from apsnet_core.cli.many import INTERRUPTED, run_many
from apsnet_core.cli.options import (
    AllSizesOption,
    ByOption,
    DeviceOption,
    ForceOption,
    FormatOption,
    MethodOption,
    SeedOption,
    ShareOption,
    TaskOption,
    ToOption,
    UpOption,
    all_sizes_of,
    for_standard_output,
    parse_method,
    parse_size,
    positive,
    use_device,
)
from apsnet_core.cli.progress import progress
from apsnet_core.cli.reading import POINTS, PointsOption, Reading
from apsnet_core.cli.sharing import SharingFiles
from apsnet_core.cli.typed import typed
from apsnet_core.cli.what_if import WhatIfOptions
from apsnet_core.files.sources import STANDARD
from apsnet_core.files.urls import plain
from apsnet_core.methods.method import Completion
from apsnet_core.percent import percent
from apsnet_core.types import Values
from apsnet_core.units import readable


@spread
def sample(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Meshes, point clouds, or folders.")],
    *,
    method: MethodOption = "farthest_point",
    size: Annotated[
        str,
        typer.Option(
            "-n",
            "--size",
            metavar="N|P%",
            help="The number of points, or a share of the cloud's points (10%).",
        ),
    ] = "32",
    all_sizes: AllSizesOption = False,
    voxel_size: Annotated[
        float | None,
        typer.Option(
            "--voxel-size",
            callback=positive,
            help="Instead of -n, with -m voxel: one point for each voxel with this edge.",
        ),
    ] = None,
    by: ByOption = None,
    share: ShareOption = "points",
    quality: Annotated[
        bool,
        typer.Option(
            "--quality", help="Also report how much of each class and plane is kept, and how evenly."
        ),
    ] = False,
    task: TaskOption = None,
    seed: SeedOption = 0,
    out: Annotated[
        str | None, typer.Option("-o", "--out", help="The file to write, or a folder for several results.")
    ] = None,
    format: FormatOption = "ply",
    up: UpOption = "auto",
    working: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many points of the cloud a learned method sees; by default as many as in its training.",
        ),
    ] = None,
    completion: Annotated[
        Completion,
        typer.Option(
            help="For more than 128 points: continue APSNet's steps, or add farthest points as"
            " the published code does."
        ),
    ] = "lstm",
    points: PointsOption = POINTS,
    reading: Reading,
    to: ToOption = None,
    cutting: ObjectCuts,
    changing: WhatIfOptions,
    sharing: SharingFiles,
    device: DeviceOption = "cpu",
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Sample one file into a file, or many files (or a folder) into a folder.

    The samples keep the colours, fields and coordinates of their points, and store their index and order.
    Several files are sampled in parallel. After an interruption, the same command continues.
    """
    from apsnet_core.batch.plan import at_size, means_folder

    use_device(device)
    out = None if out is None else plain(out)
    m, fraction = parse_size(size)
    name = str(parse_method(method))
    if typed("size", context) and not typed("voxel_size", context):
        voxel_size = None  # a user default: the typed --size takes precedence
    if voxel_size is not None:
        if name not in ("voxel", "farthest_point"):
            raise typer.BadParameter(f"--voxel-size is for the method voxel, not for {name}")
        if by is not None:
            raise typer.BadParameter("--voxel-size samples a whole cloud and --by its parts: leave one out")
        name, fraction = "voxel", None
    whole = name, m, task, up, working, completion, seed, points
    recipe = SamplingSettings(
        *whole,
        reading.dataset,
        reading.row,
        reading.columns,
        reading.from_,
        changing.what_if,
        fraction,
        voxel_size,
        cutting.cuts,
        by,
        share,
        quality,
    )

    def sampled(recipe: SamplingSettings, out: str | None, crew: Crew | None = None) -> CommandResult:
        return _sampled(
            context, files, recipe, out, reading, sharing, crew,
            format=format, to=to, device=device, force=force, json=json,
        )  # fmt: skip

    if not all_sizes:
        return sampled(recipe, out)
    if out == STANDARD or voxel_size is not None:
        raise typer.BadParameter("--all-sizes writes a file for each size: leave - and --voxel-size out")
    many = out is not None and means_folder(files, out)
    answers = dict[int, CommandResult]()
    with Crew() as crew:
        for m in all_sizes_of([parse_method(method)], task):
            target = None if out is None else at_size(out, m, many)
            answers[m] = sampled(replace(recipe, m=m, share=None), target, crew)
            if answers[m].exit_code == INTERRUPTED:
                break
    return _of_all_sizes(answers)


def _sampled(
    context: typer.Context,
    files: list[Path],
    recipe: SamplingSettings,
    out: str | None,
    reading: Reading,
    sharing: SharingFiles,
    crew: Crew | None,
    *,
    format: str,
    to: str | None,
    device: Device,
    force: bool,
    json: bool,
) -> CommandResult:
    """Sample one file into a file, or many files into the folder ``out``."""
    from apsnet_core.batch.plan import means_folder, plan
    from apsnet_core.files.writing import cloud_writer

    if out is None or not means_folder(files, out):
        sharing.alone(context)
        reading.selected()
        if len(files) > 1 or files[0].is_dir():
            raise Failure("many files need a folder for their results: -o FOLDER")
        piped = for_standard_output(out, json)
        item = Item(files[0], Path(out or ""))
        if out is not None:
            cloud_writer(item.target, to)  # raises an error before anything is computed
        with progress("Parts") if recipe.by else nullcontext() as way:
            data = sample_file(
                item, recipe, force=force, save=out is not None, to=to, device=device,
                tell=None if way is None else lambda done: way.update(round(100 * done), 100),
            )  # fmt: skip
        return CommandResult(data, lambda: _show(data), on_stderr=piped)
    if recipe.what_if.edits:
        raise Failure("--move, --add and --remove are for the samples of one file")
    where = replace(sharing.many(to), crew=crew)
    settings = {"command": "sample", "format": format, **recipe.settings}
    items = plan(files, Path(out), f".{format.lstrip('.')}", each=reading.each, dataset=reading.dataset)
    if recipe.by is None:
        sampler_of(recipe, None)  # reports missing weights once, not once for each file
    room = sample_file.__module__
    work = Work(
        f"{room}:sample_file",
        {"recipe": recipe, "force": True, "device": device},
        f"{room}:sample_files" if parse_method(recipe.method).row.learned else None,
    )
    return run_many(items, work, Path(out), settings, force=force, where=where)


def _of_all_sizes(answers: dict[int, CommandResult]) -> CommandResult:
    """The results of all sizes as one result."""

    def show() -> None:
        for answer in answers.values():
            answer.show()

    data = {"sizes": {str(m): answer.data for m, answer in answers.items()}}
    return CommandResult(data, show, exit_code=max(answer.exit_code for answer in answers.values()))


def _show(data: Values) -> None:
    origin = " drawn from the mesh" if data["drawn_from_mesh"] else ""
    milliseconds, covered = 1000 * data["seconds"], percent(data["coverage"], 1)
    print(f"{data['m']} of {data['points']:,} points{origin} by {data['method']}, {milliseconds:.1f} ms")
    chamfer, hausdorff = (readable(data[name], ".4g") for name in ("chamfer", "hausdorff"))
    print(f"chamfer {chamfer}, hausdorff {hausdorff}, coverage {covered}")
    if "quality" in data:
        _show_quality(data["quality"])
    for note in data["notes"]:
        print(f"note: {note}")
    from apsnet_core.files.errors import printable

    print(printable(data["output"]) if data["output"] else "nothing was saved; -o FILE saves it")


def _show_quality(quality: Values) -> None:
    print(f"distances to the nearest sample differ by {percent(quality['unevenness'], 0)} (52 % is chance)")
    for what in ("classes", "planes"):
        for each in quality[what]:
            name = f"{quality['field']} {each['name']}" if what == "classes" else f"plane: {each['name']}"
            before, after = percent(each["before"], 1), percent(each["after"], 1)
            print(f"  {name:<32}{before:>8} of the points{after:>9} of the samples")
