"""`apsnet sample`: m points of a cloud, by any method, into a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apsnet_core.cli.answer import Answer, Failure, JsonOption
from apsnet_core.cli.many_files import Item, Work
from apsnet_core.cli.options import (
    EACH,
    POINTS,
    ColumnsOption,
    DatasetOption,
    DeviceOption,
    ForceOption,
    FromOption,
    MethodOption,
    PointsOption,
    RowOption,
    SeedOption,
    Selection,
    TaskOption,
    ToOption,
    UpOption,
    WorkersOption,
    for_standard_output,
    parse_method,
    selection,
    up_axis,
    use_device,
)
from apsnet_core.cli.what_if import (
    NO_TURN,
    AddOption,
    DropOption,
    MoveOption,
    NoiseOption,
    RemoveOption,
    RotateOption,
    change_of,
    edit_samples,
)
from apsnet_core.methods.method import Completion
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.cloud import Float32, PointCloud
    from apsnet_core.methods.interface import Sampler
    from apsnet_core.sampling import Sampling


def sample(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Meshes, point clouds, or folders.")],
    method: MethodOption = "farthest_point",
    m: Annotated[int, typer.Option("-n", "--size", min=1, help="How many points to sample.")] = 32,
    task: TaskOption = None,
    seed: SeedOption = 0,
    out: Annotated[
        str | None, typer.Option("-o", "--out", help="The file to write, or a folder for many results.")
    ] = None,
    format: Annotated[str, typer.Option(help="What to write into a folder, by extension.")] = "ply",
    up: UpOption = "auto",
    working: Annotated[
        int | None,
        typer.Option(min=1, help="Points of a cloud that a learned method sees; as many as in its training."),
    ] = None,
    completion: Annotated[
        Completion,
        typer.Option(help="Beyond 128 points APSNet goes on, or farthest points follow, as published."),
    ] = "lstm",
    points: PointsOption = POINTS,
    dataset: DatasetOption = None,
    row: RowOption = None,
    columns: ColumnsOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    noise: NoiseOption = 0,
    drop: DropOption = 0,
    rotate: RotateOption = NO_TURN,
    move: MoveOption = None,
    add: AddOption = None,
    remove: RemoveOption = None,
    workers: WorkersOption = None,
    device: DeviceOption = "cpu",
    force: ForceOption = False,
    json: JsonOption = False,
) -> Answer:
    """Sample one file into a file, or many files (or a folder) into a folder.

    The samples keep the colours, fields and coordinates of their points, and know their index and order.
    Many files are done side by side, and the same command continues where it was stopped.
    """
    from apsnet_core.cli.many import means_folder, plan, run_many

    use_device(device)
    name = str(parse_method(method))
    change_of(noise, drop, rotate)
    whole = name, m, task, up, working, completion, seed, points, dataset, row, columns, from_
    recipe = SamplingSettings(
        *whole, WhatIf(noise, drop, rotate, tuple(move or ()), tuple(add or ()), remove)
    )
    if out is None or not means_folder(files, out):
        selection(dataset, row, columns, from_)
        if len(files) > 1 or files[0].is_dir():
            raise Failure("many files need a folder for their results: -o FOLDER")
        piped = for_standard_output(out, json)
        item = Item(files[0], Path(out or ""))
        data = sample_file(item, recipe, force=force, save=out is not None, to=to, device=device)
        return Answer(data, lambda: _show(data), on_stderr=piped)
    if recipe.what_if.edits:
        raise Failure("--move, --add and --remove are for the samples of one file")
    settings = {"command": "sample", "format": format, **recipe.settings}
    items = plan(files, Path(out), f".{format.lstrip('.')}", each=row == EACH, dataset=dataset)
    _sampler(recipe, None)  # says what is missing once, not once per file
    work = Work(f"{__name__}:sample_file", {"recipe": recipe, "force": True, "device": device})
    return run_many(items, work, Path(out), settings, force=force, workers=workers)


@dataclass(frozen=True)
class WhatIf:
    """What if the cloud were another, and its samples elsewhere: the options as typed."""

    noise: float = 0.0
    drop: float = 0.0
    rotate: str = NO_TURN
    move: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: str | None = None

    @property
    def edits(self) -> bool:
        """Whether single samples are changed."""
        return bool(self.move or self.add or self.remove)


@dataclass(frozen=True)
class SamplingSettings:
    """How to sample any file: with it and the file the result is determined."""

    method: str
    m: int
    task: str | None
    up: str
    working: int | None
    completion: Completion
    seed: int
    points: int
    dataset: str | None
    row: str | None
    columns: str | None
    from_: str | None
    what_if: WhatIf = WhatIf()

    @property
    def settings(self) -> Values:
        """Its values as plain JSON; a what-if only where there is one."""
        values = asdict(self)
        what_if = values.pop("what_if")
        return values if self.what_if == WhatIf() else {**values, "what_if": what_if}

    def chosen(self, row: int | None) -> Selection:
        """What of the file to read; ``row`` where it is one of each."""
        told = self.row if row is None else str(row)
        return selection(self.dataset, told, self.columns, self.from_, each=True)


def sample_file(
    item: Item,
    recipe: SamplingSettings,
    *,
    force: bool,
    save: bool = True,
    to: str | None = None,
    device: Literal["auto", "cpu", "cuda"] = "cpu",
) -> Values:
    """Sample one file, write the result if asked to ``save``, and say how well it stands for the cloud."""
    from apsnet_core.evaluation.comparison.perturb import perturbed
    from apsnet_core.files import write
    from apsnet_core.files.errors import printable
    from apsnet_core.files.formats import format_of
    from apsnet_core.files.open_cloud import open_cloud
    from apsnet_core.files.urls import url_of

    cloud, mesh = open_cloud(item.source, points=recipe.points, seed=recipe.seed, **recipe.chosen(item.row))
    what_if = recipe.what_if
    change = change_of(what_if.noise, what_if.drop, what_if.rotate)
    axis_of, cloud = mesh or cloud, perturbed(cloud, change, recipe.seed)
    use_device(device)  # of this process, which may be a worker's
    turns = parse_method(recipe.method).row.choose is None  # rows of points are chosen as the cloud lies
    sampler = _sampler(recipe, up_axis(recipe.up, axis_of) if turns else None)
    try:
        sampling = sampler.sample(cloud, recipe.m, recipe.seed)
    except ValueError as error:
        raise Failure(f"{printable(item.source)}: {error}") from error
    sampling, edit = edit_samples(sampling, cloud, what_if.move, what_if.add, what_if.remove)
    lost: tuple[str, ...] = ()
    if save:
        target = format_of(f"a.{to}") if to else format_of(item.target)
        lost = target.leaves_out(cloud) if target else ()
        attention = _attention(sampling, cloud)
        write(cloud, item.target, force=force, sampling=sampling, attention=attention, format=to)
    from apsnet_core.evaluation.comparison.comparison import distances

    chamfer, hausdorff, covered = distances(cloud.xyz, sampling.points)
    return {
        "source": str(item.source),
        "output": (url_of(item.target) or str(item.target)) if save else None,
        "method": recipe.method,
        "m": len(sampling.points),
        "change": change.words or None,
        "edit": edit or None,
        "seed": recipe.seed,
        "points": len(cloud),
        "drawn_from_mesh": mesh is not None,
        "dropped": cloud.dropped,
        "notes": [*cloud.notes, *sampling.notes, *lost],
        "index": None if sampling.indices is None else cloud.source_rows(sampling.indices).tolist(),
        "seconds": sampling.seconds,
        "chamfer": chamfer,
        "hausdorff": hausdorff,
        "coverage": covered,
    }


def _attention(sampling: Sampling, cloud: PointCloud) -> Float32 | None:
    if sampling.rollout is None:
        return None
    from apsnet_core.methods.attention import attention_of

    return attention_of(sampling, cloud)


@lru_cache
def _sampler(recipe: SamplingSettings, up: str | None) -> Sampler:
    from apsnet_core.methods.creating import create

    try:
        spec = parse_method(recipe.method)
        return create(spec, recipe.task, up, m=recipe.m, working=recipe.working, completion=recipe.completion)
    except ValueError as error:
        raise Failure(str(error)) from error


def _show(data: Values) -> None:
    origin = " drawn from the mesh" if data["drawn_from_mesh"] else ""
    milliseconds, percent = 1000 * data["seconds"], 100 * data["coverage"]
    print(f"{data['m']} of {data['points']:,} points{origin} by {data['method']}, {milliseconds:.1f} ms")
    print(f"chamfer {data['chamfer']:.4g}, hausdorff {data['hausdorff']:.4g}, coverage {percent:.1f} %")
    for note in data["notes"]:
        print(f"note: {note}")
    from apsnet_core.files.errors import printable

    print(printable(data["output"]) if data["output"] else "nothing was saved; -o FILE saves it")
