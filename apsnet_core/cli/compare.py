"""`apsnet compare`: methods side by side on one shape, as a table and as a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.batch.what_if import angles_of
from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.colour_by import ColourOptions, coloured
from apsnet_core.cli.column_blocks import blocks, width_of
from apsnet_core.cli.cuts import ObjectCuts
from apsnet_core.cli.figures import FigureOptions
from apsnet_core.cli.groups import spread
from apsnet_core.cli.options import (
    AllSizesOption,
    ByOption,
    DeviceOption,
    ForceOption,
    MethodsOption,
    NetOption,
    SeedOption,
    ShareOption,
    SizesOption,
    TaskOption,
    UpOption,
    all_sizes_of,
    check_room,
    command_line,
    on_this_machine,
    parse_method,
    parse_methods,
    parse_sizes,
    up_axis,
    use_device,
)
from apsnet_core.cli.reading import POINTS, PointsOption, Reading
from apsnet_core.cli.what_if import ChangeOptions
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.comparison import Comparison
    from apsnet_core.evaluation.comparison.reference import Reference
    from apsnet_core.evaluation.sheets.sheet import Cell
    from apsnet_core.methods.spec import MethodSpec

ReferenceOption = Annotated[
    str | None,
    typer.Option(
        metavar="METHOD[,M]",
        help="Compare all other methods with this one, at the same size or at M points.",
    ),
]
WIDE = 110  # least width of a terminal, in columns, for distances in the file's units and intervals
_LABEL = 18  # labels are folded, but not below this width, so that numbers stay whole


@spread
def compare(
    file: Annotated[Path, typer.Argument(help="A mesh or point cloud.")],
    *,
    methods: MethodsOption = "random,farthest_point,voxel",
    sizes: SizesOption = "8,32",
    all_sizes: AllSizesOption = False,
    by: ByOption = None,
    share: ShareOption = "points",
    task: TaskOption = None,
    seed: SeedOption = 0,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", callback=on_this_machine, help="The folder for the report.")
    ] = None,
    up: UpOption = "auto",
    points: PointsOption = POINTS,
    reading: Reading,
    cutting: ObjectCuts,
    changing: ChangeOptions,
    copy: Annotated[
        Path | None,
        typer.Option(help="Registration: the second cloud; by default a turned copy of the first."),
    ] = None,
    copy_turn: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y,Z", help="Registration: the rotation of the copy; by default the seed decides."
        ),
    ] = None,
    copy_noise: Annotated[
        float, typer.Option(min=0, help="Registration: noise of the copy, in percent of the diagonal.")
    ] = 0,
    copy_resampled: Annotated[
        bool,
        typer.Option("--copy-resampled", help="Registration: draw other points of the shape for the copy."),
    ] = False,
    net: NetOption = None,
    reference: ReferenceOption = None,
    device: DeviceOption = "cpu",
    colouring: ColourOptions,
    drawing: FigureOptions,
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Sample one shape with several methods and sizes, and measure how well each sample represents it.

    OUT receives index.html with everything, the table as csv, json, md, tex and xlsx, the plot as pdf, svg
    and png, and a picture for each method. If a method fails, its row says why, and the exit code is 1.
    """
    use_device(device)
    specs = parse_methods(methods)
    counts = all_sizes_of(specs, task) if all_sizes else parse_sizes(sizes)
    compared_with = _reference_of(reference, specs, counts)
    if any((copy, copy_turn, copy_noise, copy_resampled)) and not (task and task_named(task).pairs):
        raise typer.BadParameter("--copy and the options --copy-... need --task registration")
    cuts = cutting.cuts
    if out is not None and not force:
        check_room(out)
    figure_place, scale = drawing.place(force=force), colouring.scale
    if colouring.colour_by is not None and out is None:
        raise Failure("--colour-by needs a report with the cloud: write one with -o FOLDER")

    change, turn_angles = changing.change, angles_of(copy_turn) if copy_turn else None

    from apsnet_core.files.open_cloud import open_cloud
    from apsnet_core.ops.surface import sample_surface

    found, mesh = open_cloud(file, points=points, seed=seed, **reading.selected())
    axis = up_axis(up, mesh or found)
    if cuts:
        found, mesh = cuts.done(found, axis), None

    from apsnet_core.evaluation.comparison.compare import compare as measure
    from apsnet_core.evaluation.comparison.perturb import Turn, perturbed
    from apsnet_core.evaluation.comparison.registration_target import Copy, scanned_again, turned

    cloud = perturbed(found, change, seed)
    if copy is not None:
        other = Copy(open_cloud(copy, points=points, seed=seed)[0])
    else:
        scan = scanned_again(mesh or found, points, seed, change) if copy_resampled else None
        other = turned(cloud, seed, Turn(turn_angles, copy_resampled, copy_noise), scan)
    field = colouring.colour_by
    colours = None if field is None else coloured(cloud, field, scale, axis)
    try:
        comparison = measure(
            cloud, specs, counts, seed=seed, task=task, up=axis, copy=other,
            untouched=found if change else None, net=net, by=by, share=share,
        )  # fmt: skip
    except ValueError as error:
        raise Failure(str(error)) from error
    data = {"file": str(file), "points": len(cloud), "up": axis, "seed": seed, "task": task}
    data |= {"change": change.words or None, **_found(comparison, compared_with)}
    if out is not None:
        from apsnet_core.evaluation.comparison.report import About, write_report

        about = About(str(file), len(cloud), command_line(), seed)
        behind = cloud if mesh is None else perturbed(sample_surface(mesh, 8000, seed), change, seed)
        write_report(
            comparison, out, about, ghost=behind.xyz, up=axis, colours=colours, reference=compared_with
        )
        data["report"] = str(out / "index.html")
    if figure_place is not None:
        from apsnet_core.evaluation.comparison.figures import figures

        data["figures"] = figure_place.write(figures(comparison.rows))
    return CommandResult(
        data, lambda: _show(data, comparison, compared_with), exit_code=1 if comparison.failed else 0
    )


def _reference_of(text: str | None, specs: list[MethodSpec], sizes: list[int]) -> Reference | None:
    """The reference given as METHOD[,M]; raises `Failure` if it is not among what is compared."""
    if text is None:
        return None
    from apsnet_core.evaluation.comparison.reference import Reference

    name, _, size = text.partition(",")
    spec = parse_method(name)
    if spec not in specs:
        raise Failure(f"the reference {name} is not among the methods compared, {', '.join(map(str, specs))}")
    if size and size.strip() not in map(str, sizes):
        raise Failure(f"the reference cannot have {size} points; the sizes are {', '.join(map(str, sizes))}")
    return Reference(spec, int(size) if size else None)


def _found(comparison: Comparison, reference: Reference | None) -> Values:
    """The result of the comparison as plain values."""
    from apsnet_core.evaluation.comparison.texts import records, units_of

    return {
        "task_net": comparison.net,
        "remark": comparison.remark,
        "warning": comparison.warning,
        "notes": [*comparison.cloud.remarks, *comparison.notes],
        "times_on": comparison.hardware,
        "report": None,
        "figures": [],
        "reference": {"method": str(reference.spec), "m": reference.m} if reference else None,
        "units": units_of(comparison.cells, reference),
        "rows": records(comparison.cells, reference),
    }


def _show(data: Values, comparison: Comparison, reference: Reference | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from apsnet_core.evaluation.comparison.columns import columns_of
    from apsnet_core.evaluation.comparison.texts import head_of, notes_of, sheet_of
    from apsnet_core.methods.registry import method_colour

    cells = comparison.cells
    sheet = sheet_of(cells, "", notes_of(comparison), bold=True, reference=reference)
    console = Console()
    wide = console.width >= WIDE
    twins = {head_of(column).text for column in columns_of(comparison.rows) if column.scaled}
    shown = [at for at, head in enumerate(sheet.heads) if at and (wide or head.text not in twins)]

    def text_of(cell: Cell, at: int) -> str:
        text, apart, change = sheet.marked(cell).partition(" (Δ ")
        if not wide and sheet.heads[at].unit == "ms":
            text = text.partition(" (")[0]
        return text + (f"\nΔ {change.removesuffix(')')}" if apart else "")

    heads = {at: sheet.heads[at] for at in shown}
    titles = {at: head.title.replace(" /", "\n/") + f"\n{head.unit}" for at, head in heads.items()}
    texts = {at: [text_of(line[at], at) for line in sheet.rows] for at in shown}
    widths = {at: width_of([titles[at], *texts[at]]) for at in shown}
    label = min(max(len(cell.label) for cell in cells) + 2, _LABEL)
    size, *numbers = shown
    for block in blocks([widths[at] for at in numbers], label + 3 + widths[size], console.width):
        columns = [size, *(numbers[number] for number in block)]
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        table.add_column(Path(data["file"]).name, min_width=label, overflow="fold")
        for at in columns:
            table.add_column(titles[at], justify="right", no_wrap=True)
        for place, (cell, line) in enumerate(zip(cells, sheet.rows, strict=True)):
            told = [escape(texts[at][place]) for at in columns]
            bold = [
                f"[bold]{text}[/bold]" if line[at].bold else text
                for at, text in zip(columns, told, strict=True)
            ]
            name = f"[{method_colour(cell.spec.name)}]●[/] {escape(cell.label)}"
            table.add_row(name, *bold, end_section=place + 1 in (*sheet.starts, len(cells)))
        console.print(table)
    print(*sheet.footnotes, *(f"Note: {note}." for note in comparison.cloud.remarks), sep="\n")
    print(data["report"] or "No report was written; -o FOLDER writes one.")
    if data["figures"]:
        print(Path(data["figures"][0]).parent)
