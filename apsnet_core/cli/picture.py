"""`apsnet picture`: Fig. 4 of the paper for any shape."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.options import (
    POINTS,
    ColumnsOption,
    DatasetOption,
    DeviceOption,
    ForceOption,
    FromOption,
    NetOption,
    PointsOption,
    RowOption,
    SeedOption,
    UpOption,
    parse_method,
    parse_sizes,
    selection,
    task_option,
    up_axis,
    use_device,
)
from apsnet_core.tasks.reconstruction import RECONSTRUCTION

if TYPE_CHECKING:
    from apsnet_core.evaluation.figures.fig4_panels import SamplePicture


def picture(
    file: Annotated[Path, typer.Argument(help="A mesh or point cloud.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The PNG to write.")],
    methods: Annotated[
        str, typer.Option("-m", "--methods", help="METHOD,METHOD,... as of apsnet sample, a row for each.")
    ] = "apsnet,samplenet:g",
    sizes: Annotated[str, typer.Option("-n", "--sizes", help="Numbers of points: 8,16")] = "8,16",
    task: Annotated[str, task_option("The task that learned methods sample for")] = RECONSTRUCTION.name,
    seed: SeedOption = 0,
    up: UpOption = "auto",
    points: PointsOption = POINTS,
    dataset: DatasetOption = None,
    row: RowOption = None,
    columns: ColumnsOption = None,
    from_: FromOption = None,
    net: NetOption = None,
    device: DeviceOption = "cpu",
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Draw samples in order on the attention that led to them, beside what is rebuilt from them (Fig. 4)."""
    use_device(device)
    specs = [parse_method(text) for text in methods.split(",")]
    counts = parse_sizes(sizes)
    if out.suffix.lower() != ".png":
        raise Failure(f"{out}: the picture is a PNG: choose a name that ends in .png")
    if out.exists() and not force:
        raise Failure(f"{out} exists; choose another name, or --force to overwrite it")

    from apsnet_core.files.open_cloud import open_cloud

    cloud, mesh = open_cloud(file, points=points, seed=seed, **selection(dataset, row, columns, from_))
    axis = up_axis(up, mesh or cloud)

    from apsnet_core.atomic import atomic_path
    from apsnet_core.evaluation.answers import answer
    from apsnet_core.evaluation.figures.attention_figure import attention_figure
    from apsnet_core.evaluation.figures.fig4_panels import scenes
    from apsnet_core.evaluation.figures.samples import png
    from apsnet_core.evaluation.judges import judge_of

    judge = judge_of(task, specs, net)
    try:
        rows = [scenes(cloud, spec, counts, net=judge.net, up=axis, seed=seed) for spec in specs]
    except ValueError as error:
        raise Failure(str(error)) from error
    warning = answer(judge.net, cloud, up=axis).warning
    figure = attention_figure(cloud.xyz, rows, up=axis)
    with atomic_path(out) as beside:
        beside.write_bytes(png(figure))
    data = {
        "file": str(file),
        "picture": str(out),
        "task": task,
        "up": axis,
        "seed": seed,
        "warning": warning,
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
    return CommandResult(data, lambda: _show([scene for line in rows for scene in line], warning, out))


def _show(scenes: list[SamplePicture], warning: str | None, out: Path) -> None:
    for scene in scenes:
        print(f"{scene.words.partition(chr(10))[0]}: {scene.verdict.partition(chr(10))[0]}")
    if warning:
        print(warning)
    print(out)
