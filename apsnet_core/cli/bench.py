"""`apsnet bench`: measure how fast this machine samples."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.options import DeviceOption

if TYPE_CHECKING:
    from apsnet_core.evaluation.bench import Timing


def bench(
    name: Annotated[
        Literal["inference"], typer.Argument(help="inference: the time of the learned samplers (Table 4).")
    ] = "inference",
    device: DeviceOption = "auto",
    rounds: Annotated[
        int, typer.Option(min=1, help="The number of measurements; the median is reported.")
    ] = 7,
    json: JsonOption = False,
) -> CommandResult:
    """Time the learned samplers on one cloud and on 32 clouds of 2048 points."""
    import torch

    from apsnet_core.evaluation.bench import POINTS, time_inference

    if device == "cuda" and not torch.cuda.is_available():
        raise Failure("there is no CUDA device that torch can use; --device cpu times the processor")
    chosen = "cuda" if device != "cpu" and torch.cuda.is_available() else "cpu"
    rows = list(time_inference(torch.device(chosen), rounds))
    hardware = torch.cuda.get_device_name() if chosen == "cuda" else f"{torch.get_num_threads()} CPU threads"
    data = {"name": name, "points": POINTS, "device": chosen, "hardware": hardware}
    data_rows = {"rows": [asdict(row) for row in rows]}
    return CommandResult({**data, **data_rows}, lambda: _show(rows, hardware))


def _show(rows: list[Timing], hardware: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    sizes = list(dict.fromkeys(row.m for row in rows))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, title=f"ms a batch on {hardware}", title_justify="left")
    table.add_column("method")
    table.add_column("batch", justify="right")
    for m in sizes:
        table.add_column(f"m = {m}", justify="right")
    for method in dict.fromkeys(row.method for row in rows):
        own = [row for row in rows if row.method == method]
        for batch in dict.fromkeys(row.batch for row in own):
            times = [f"{1000 * row.seconds:.2f}" for row in own if row.batch == batch]
            table.add_row(method, str(batch), *times)
        published = {row.m: row.published for row in own}
        table.add_row(
            "[dim]as published[/dim]", "", *(f"[dim]{1000 * published[m]:.2f}[/dim]" for m in sizes),
            end_section=True,
        )  # fmt: skip
    Console().print(table)
