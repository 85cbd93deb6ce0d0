"""`apsnet weights`: list weights, show one, import a published checkpoint, export to ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.options import ForceOption, on_this_machine, parse_sizes, task_option
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.weights import Metadata

weights = typer.Typer(name="weights", help="List, show, import and export weights.", no_args_is_help=True)


@weights.command("list")
def list_(json: JsonOption = False) -> CommandResult:
    """List the weights that have a name: shipped, your own, and the best of every run."""
    from apsnet_core.weights import catalogue

    entries, damaged = catalogue()
    rows: list[Values] = [
        {
            "name": entry.name,
            "origin": entry.origin,
            "path": str(entry.path),
            **entry.metadata.model_dump(
                include={"architecture", "method", "task", "sizes", "data", "scores"}
            ),
        }
        for entry in entries
    ]

    def show() -> None:
        width = max((len(row["name"]) for row in rows), default=0)
        for row in rows:
            sizes = f", {_numbers(row['sizes'])} points" if row["sizes"] else ""
            print(
                f"{row['name']:<{width}}  {row['origin']:<7}  "
                f"{row['method'] or row['architecture']} for {row['task']}{sizes}"
            )
        for error in damaged:
            print(f"{error}")
        if not rows and not damaged:
            print("There are no weights yet: apsnet train makes some, apsnet weights import takes others.")

    broken = [{"path": str(error.path), "why": error.why} for error in damaged]
    return CommandResult({"weights": rows, "damaged": broken}, show)


@weights.command("show")
def show_(
    name: Annotated[
        str, typer.Argument(help="A name from apsnet weights list, a file, or the folder of a run.")
    ],
    json: JsonOption = False,
) -> CommandResult:
    """Check that weights can be loaded, and print their metadata."""
    from apsnet_core.weights import load
    from apsnet_core.weights.listing import named

    entry = named(name)
    network, metadata = load(entry.path)
    data = {
        "name": entry.name,
        "path": str(entry.path),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        **metadata.model_dump(),
    }

    def show() -> None:
        for key, value in data.items():
            if value not in (None, "", [], {}):
                print(f"{key:<14} {_plain(value)}")

    return CommandResult(data, show)


@weights.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="A published .pth of APSNet, SampleNet, PointNet, PCAE or PCRNet; with --net, your "
            "own .pth; or a .pt2 from torch.export."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            callback=on_this_machine,
            help="The file to write; by default a file among your own weights.",
        ),
    ] = None,
    task: Annotated[str | None, task_option("The task of the sampler, or of your own network")] = None,
    net: Annotated[
        str | None,
        typer.Option(
            metavar="MODULE:FACTORY", help="The source of your own network, whose tensors are in FILE."
        ),
    ] = None,
    part: Annotated[
        Literal["sampler", "task"] | None, typer.Option(help="The network to import if the file holds both.")
    ] = None,
    sizes: Annotated[str | None, typer.Option(help="The sizes that APSNet was trained for: 8,16,32.")] = None,
    classes: Annotated[
        Path | None,
        typer.Option(help="A text file with one class name in each line, in the order of the labels."),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="The number of points of a training cloud; by default 1024, or 2048 for reconstruction.",
        ),
    ] = None,
    normalisation: Annotated[
        Literal["unit_sphere", "half_sphere", "unit_cube", "none"] | None,
        typer.Option(
            help="The scale of the training clouds. The default is that of the published code: "
            "unit_sphere for PointNet, half_sphere for reconstruction, unit_cube for all others."
        ),
    ] = None,
    up: Annotated[Literal["y", "z"], typer.Option(help="The up axis in training.")] = "y",
    data: Annotated[str, typer.Option(help="The name of the training data.")] = "",
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Convert a published checkpoint. Its keys identify it; it is checked, and none of its code is run."""
    from apsnet_core.assets import asset
    from apsnet_core.weights import import_published, listing

    target = listing.user_weights() / f"{file.stem}.safetensors" if out is None else out
    if target.suffix != ".safetensors":
        raise Failure(f"{target}: weights are written as .safetensors")
    if out is None and asset("weights", target.name).exists():  # the shipped weights would be found instead
        raise Failure(f"{file.stem} is the name of weights that ship: name another file with --out")
    if target.exists() and not force:
        raise Failure(f"{target} exists; --force overwrites it")
    names = None if classes is None else classes.read_text(encoding="utf-8").split("\n")
    if net is not None or file.suffix == ".pt2":
        if task is None:
            raise Failure(f"{file}: name the task of the network with --task")
        from apsnet_core.weights.own import import_own

        metadata = import_own(
            file, target, net=net, task=task, classes=names and list(filter(None, names)), points=points,
            normalisation=normalisation, up=up, data=data,
        )  # fmt: skip
        return _answer(file, target, metadata)
    metadata = import_published(
        file,
        target,
        part=part,
        task=task,
        sizes=None if sizes is None else parse_sizes(sizes),
        classes=names,
        points=points,
        normalisation=normalisation,
        up=up,
        data=data,
    )
    return _answer(file, target, metadata)


def _answer(source: Path, target: Path, metadata: Metadata) -> CommandResult:
    return CommandResult(
        {"source": str(source), "output": str(target), **metadata.model_dump()},
        lambda: _say(metadata, target),
    )


@weights.command("export")
def export_(
    name: Annotated[
        str, typer.Argument(help="Weights of APSNet: a name from apsnet weights list, or a file.")
    ],
    m: Annotated[
        int,
        typer.Option(
            "-n", "--size", min=1, max=2**31 - 1, help="The number of points that the model samples."
        ),
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", callback=on_this_machine, help="The .onnx file to write.")
    ],
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Write APSNet as an ONNX model for a fixed number of samples, for programs without PyTorch."""
    from apsnet_core.networks.apsnet import APSNet
    from apsnet_core.weights import load
    from apsnet_core.weights.listing import named
    from apsnet_core.weights.onnx_export import export_onnx

    if out.suffix != ".onnx":
        raise Failure(f"{out}: the model is written as .onnx")
    if out.exists() and not force:
        raise Failure(f"{out} exists; --force overwrites it")
    entry = named(name)
    network, metadata = load(entry.path)
    if not isinstance(network, APSNet):
        raise Failure(f"{entry.name} is {metadata.architecture}: only APSNet can be exported")
    export_onnx(network, m, out, metadata)
    notes = [f"{entry.name} {told}."] if (told := metadata.beyond(m)) else []
    data = {"name": entry.name, "output": str(out), "m": m, "notes": notes}

    def show() -> None:
        print(f"{m} points by {entry.name}: {out}", *(f"note: {note}" for note in notes), sep="\n")

    return CommandResult(data, show)


def _say(metadata: Metadata, target: Path) -> None:
    sizes = f", {_numbers(metadata.sizes)} points" if metadata.sizes else ""
    print(f"{metadata.method or metadata.architecture} for {metadata.task}{sizes}")
    print(f"seen as: {metadata.normalisation}, {metadata.up} up, {metadata.points} points")
    print(target)


def _numbers(values: list[int]) -> str:
    return ", ".join(map(str, values))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
