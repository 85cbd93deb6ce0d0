"""`apsnet picture`: Fig. 4 of the paper for any shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.colour_by import ColourOptions, coloured, legend_values
from apsnet_core.cli.cuts import ObjectCuts
from apsnet_core.cli.groups import spread
from apsnet_core.cli.options import (
    DeviceOption,
    ForceOption,
    NetOption,
    SeedOption,
    SizesOption,
    UpOption,
    methods_option,
    on_this_machine,
    parse_method,
    parse_methods,
    parse_sizes,
    task_option,
    up_axis,
    use_device,
)
from apsnet_core.cli.picture_difference import DifferenceOption, draw_difference
from apsnet_core.cli.picture_file import (
    CameraOption,
    FilmOption,
    FramesOption,
    PictureFile,
    RateOption,
    SizeOption,
    TransparentOption,
    picture_file,
)
from apsnet_core.cli.reading import POINTS, PointsOption, Reading
from apsnet_core.cli.typed import typed
from apsnet_core.tasks.reconstruction import RECONSTRUCTION
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud
    from apsnet_core.colours.field_colours import FieldColours
    from apsnet_core.evaluation.figures.camera import Camera
    from apsnet_core.evaluation.figures.fig4_panels import SamplePicture
    from apsnet_core.methods.spec import MethodSpec


@spread
def picture(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A mesh or point cloud.")],
    out: Annotated[
        Path,
        typer.Option(
            "-o",
            "--out",
            callback=on_this_machine,
            help="The picture (.png, .webp, .pdf, .svg) or film (.gif, .webp, .mp4) to write.",
        ),
    ],
    *,
    methods: Annotated[str | None, methods_option] = None,
    sizes: SizesOption = "8,16",
    task: Annotated[str, task_option("The task for which learned methods sample")] = RECONSTRUCTION.name,
    seed: SeedOption = 0,
    up: UpOption = "auto",
    points: PointsOption = POINTS,
    reading: Reading,
    net: NetOption = None,
    device: DeviceOption = "cpu",
    cutting: ObjectCuts,
    colouring: ColourOptions,
    difference: DifferenceOption = None,
    grid: Annotated[
        bool,
        typer.Option("--grid", help="Draw a figure for print: methods across, sizes down, only the samples."),
    ] = False,
    camera: CameraOption = "usual",
    size: SizeOption = None,
    transparent: TransparentOption = False,
    labels: Annotated[bool, typer.Option(help="Write a title above each picture.")] = True,
    numbers: Annotated[bool, typer.Option(help="Number the samples.")] = True,
    scale_bar: Annotated[bool, typer.Option("--scale-bar", help="Draw a scale bar.")] = False,
    legend: Annotated[bool, typer.Option("--legend", help="Draw a legend of the colours.")] = False,
    film: FilmOption = None,
    frames: FramesOption = 36,
    rate: RateOption = 12.0,
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Draw the samples in order, the attention behind them, and the shape rebuilt from them (Fig. 4).

    --grid draws methods across and sizes down, for print. A film turns the shape, or adds step after step.
    --colour-by colours the cloud by a field and draws the samples of -m on it. --difference draws what
    differs from another method's samples, weights or seed.
    """
    use_device(device)
    scale, colour_by = colouring.scale, colouring.colour_by
    usual = "" if colour_by else "apsnet,samplenet:g"
    named = usual if methods is None else methods
    specs = parse_methods(named) if named else []
    counts = parse_sizes(sizes)
    cuts = cutting.cuts
    target = picture_file(out, film, size, transparent, frames, rate, force)
    target.check(context)
    dressed = grid or scale_bar or legend or not labels or not numbers
    if colour_by is not None and (dressed or target.film or net):
        raise Failure("--colour-by draws a still and accepts only --camera, --size and --transparent")
    if not specs and typed("sizes", context):
        raise typer.BadParameter("--sizes needs samples to draw: -m names the methods that sample")
    if difference is not None and (colour_by or grid or scale_bar or legend or not numbers):
        raise Failure("--difference accepts only --camera, --size, --transparent, --no-labels, --film turn")

    from apsnet_core.files.open_cloud import open_cloud

    cloud, mesh = open_cloud(file, points=points, seed=seed, **reading.selected())
    axis = up_axis(up, mesh or cloud)
    if cuts:
        cloud = cuts.done(cloud, axis)

    from apsnet_core.evaluation.figures.attention_figure import (
        PRINT_DPI,
        PRINTED,
        Dressing,
        attention_figure,
        standing,
    )
    from apsnet_core.evaluation.figures.camera import camera_of

    try:
        seen_from = camera_of(camera, *standing(cloud.xyz, axis))
    except ValueError as error:
        raise Failure(str(error)) from error
    if difference is not None:
        how, reference = Dressing(seen_from, labels=labels), parse_method(difference)
        drawn = draw_difference(
            cloud, reference, specs, counts, target, how, task=task, up=axis, seed=seed, net=net
        )
        told: Values = {"file": str(file), "picture": str(out), "reference": str(reference), "rows": drawn}
        told["notes"] = list(cloud.remarks)
        return CommandResult(told, lambda: _tell([row["words"] for row in drawn], cloud.remarks, out))
    if colour_by is not None:
        colours = coloured(cloud, colour_by, scale, axis)
        drawn = _draw_field(cloud, colours, specs, counts, target, seen_from, task=task, up=axis, seed=seed)
        data = {"file": str(file), "picture": str(out), "up": axis, "seed": seed, "rows": drawn}
        data |= {"points": len(cloud), "legend": legend_values(colours), "notes": list(cloud.remarks)}
        return CommandResult(data, lambda: _tell([], cloud.remarks, out))

    from apsnet_core.evaluation.answers import answer
    from apsnet_core.evaluation.figures.fig4_panels import grid as in_grid
    from apsnet_core.evaluation.figures.fig4_panels import scenes
    from apsnet_core.evaluation.judges import judge_of

    judge = judge_of(task, specs, net)
    try:
        rows = [scenes(cloud, spec, counts, net=judge.net, up=axis, seed=seed) for spec in specs]
    except ValueError as error:
        raise Failure(str(error)) from error
    warning = answer(judge.net, cloud, up=axis).warning
    shown = in_grid(rows) if grid else rows
    dressing = Dressing(
        seen_from, labels=labels, numbers=numbers, scale_bar=scale_bar, legend=legend, length_unit=cloud.unit
    )
    if grid:
        dressing = replace(dressing, sheet=PRINTED, dpi=PRINT_DPI)
    try:
        target.write(
            lambda how: attention_figure(cloud.xyz, shown, up=axis, dressing=how), dressing, max(counts)
        )
    except ValueError as error:
        raise Failure(f"{out}: {error}") from error
    data = {
        "file": str(file),
        "picture": str(out),
        "task": task,
        "up": axis,
        "seed": seed,
        "warning": warning,
        "notes": list(cloud.remarks),
        "rows": [
            {
                "method": spec.name,
                "variant": spec.variant,
                "m": scene.m,
                "metric": scene.metric,
                "value": scene.value,
            }
            for spec, line in zip(specs, rows, strict=True)
            for scene in line
        ],
    }
    said = [_in_words(scene) for line in rows for scene in line] + ([warning] if warning else [])
    return CommandResult(data, lambda: _tell(said, cloud.remarks, out))


def _draw_field(
    cloud: PointCloud,
    colours: FieldColours,
    specs: list[MethodSpec],
    sizes: list[int],
    out: PictureFile,
    camera: Camera,
    *,
    task: str,
    up: str,
    seed: int,
) -> list[Values]:
    """Draw the cloud in ``colours`` with the samples of every method; return the drawn samples as values."""
    from apsnet_core.evaluation.figures.attention_figure import Dressing
    from apsnet_core.evaluation.figures.field_figure import field_picture
    from apsnet_core.evaluation.figures.samples import Panel
    from apsnet_core.methods.creating import create
    from apsnet_core.methods.registry import method_colour
    from apsnet_core.placing import counted

    panels, rows = [], []
    for spec in specs:
        for m in sizes:
            try:
                samples = create(spec, task, up).sample(cloud, m, seed).points
            except ValueError as error:
                raise Failure(str(error)) from error
            panels.append(Panel(samples, method_colour(spec.name), f"{spec.label} · {counted(m, 'point')}"))
            rows.append({"method": spec.name, "variant": spec.variant, "m": m})
    try:
        out.write(
            lambda how: field_picture(cloud.xyz, colours, panels, up=up, camera=how.camera),
            Dressing(camera),
            0,
        )
    except ValueError as error:
        raise Failure(f"{out.out}: {error}") from error
    return rows


def _in_words(scene: SamplePicture) -> str:
    return f"{scene.words.partition(chr(10))[0]}: {scene.verdict.partition(chr(10))[0]}"


def _tell(said: Sequence[str], remarks: Sequence[str], out: Path) -> None:
    print(*said, *(f"note: {remark}" for remark in remarks), out, sep="\n")
