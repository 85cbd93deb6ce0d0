"""Options that several commands share, each defined once."""

from __future__ import annotations

import logging
import math
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

from apsnet_core.cli.answer import Failure
from apsnet_core.files.sources import STANDARD
from apsnet_core.files.urls import plain, url_of
from apsnet_core.sampling import LARGEST_SEED

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud, TriangleMesh
    from apsnet_core.methods.spec import MethodSpec


Each = TypeVar("Each")
_log = logging.getLogger(__name__)

SeedOption = Annotated[
    int, typer.Option(min=0, max=LARGEST_SEED, help="The random seed; the same seed gives the same points.")
]
ByOption = Annotated[
    Literal["tiles", "cells", "objects"] | None,
    typer.Option(
        help="Divide a large cloud and sample each part: square tiles, cells of a k-d tree, or the "
        "objects of a scan."
    ),
]
ShareOption = Annotated[
    Literal["points", "area", "attention"],
    typer.Option(help="With --by: what determines each part's share of the points."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]


def on_this_machine(out: Path | None) -> Path | None:
    """Callback of an output option: turn a URL of this machine into a path, and reject other URLs."""
    place = None if out is None else Path(plain(str(out)))
    if place is not None and url_of(place) is not None:
        raise typer.BadParameter("this is a URL; name a path on this machine, such as /data/out")
    return place


def positive(number: float | None) -> float | None:
    """Callback of a length option: require a finite number above 0."""
    if number is not None and not 0 < number < math.inf:
        raise typer.BadParameter(f"a positive number is needed, not {number:g}")
    return number


DeviceOption = Annotated[
    Literal["auto", "cpu", "cuda"],
    typer.Option(help="Where the networks run; auto uses a GPU if there is one."),
]
UpOption = Annotated[
    str,
    typer.Option(
        metavar="AXIS",
        callback=lambda text: checked_up(text),
        help="The up axis of the file: x, -x, y, -y, z, -z, or a vector such as 0.1,0.9,0; auto guesses it.",
    ),
]

METHOD_NAMES = "{methods}"
"""The placeholder in help texts that `apsnet_core.cli.app` replaces by the names of all methods."""

MethodOption = Annotated[
    str,
    typer.Option(
        "-m",
        "--method",
        metavar="METHOD",
        help=f"{METHOD_NAMES}. Append :g for generated or :m for matched points, @WEIGHTS to a learned"
        " method for other weights, @FIELD to weighted, and #3 for a seed of its own.",
    ),
]


methods_option = typer.Option(
    "-m", "--methods", help="METHOD,METHOD,...; apsnet sample --help explains METHOD."
)
MethodsOption = Annotated[str, methods_option]
SizesOption = Annotated[
    str, typer.Option("-n", "--sizes", help="The numbers of points, separated by commas: 8,32.")
]
AllSizesOption = Annotated[
    bool, typer.Option("--all-sizes", help="Instead of -n: every size that the weights were trained for.")
]


def all_sizes_of(specs: Sequence[MethodSpec], task: str | None) -> list[int]:
    """All sizes that the trained methods among ``specs`` know; a usage error if none is trained."""
    from apsnet_core.methods.find_weights import known_sizes
    from apsnet_core.tasks.registry import DEFAULT

    trained = [spec for spec in specs if spec.row.learned]
    if not trained:
        named = ", ".join(spec.name for spec in specs)
        raise typer.BadParameter(f"--all-sizes needs a trained method; {named} takes any size, set by -n")
    return sorted({size for spec in trained for size in known_sizes(spec, task or DEFAULT)})


def known_task(name: str | None) -> str | None:
    """The name of a task as typed; raises a usage error that lists the tasks if it is unknown."""
    from apsnet_core.tasks.registry import task

    try:
        return name and task(name).name
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


TASK_NAMES = "{tasks}"
"""The placeholder for the names of all tasks."""


def task_option(about: str) -> Any:
    """The option ``--task``; ``about`` says what it is for."""
    return typer.Option("--task", metavar="TASK", callback=known_task, help=f"{about}: {TASK_NAMES}.")


TaskOption = Annotated[str | None, task_option("The task for which learned methods sample")]

NetOption = Annotated[
    str | None,
    typer.Option(
        "--net",
        help="The task net, by name or path; by default the one that the samplers were trained for.",
    ),
]
FormatOption = Annotated[str, typer.Option(help="The format of the files in a folder, by extension.")]
ToOption = Annotated[
    str | None,
    typer.Option("--to", metavar="FORMAT", help="The format of the output, instead of its extension."),
]


def for_standard_output(out: str | Path | None, json: bool) -> bool:
    """Whether the result goes to standard output, so that nothing else may be printed there."""
    if str(out) != STANDARD:
        return False
    if json:
        raise typer.BadParameter("- and --json both use standard output; write to a file or leave one out")
    return True


def checked_up(text: str) -> str:
    """The text given for --up; raises a usage error if it is not an axis, a vector or "auto"."""
    from apsnet_core.ops.orientation import up_vector

    try:
        if text != "auto":
            up_vector(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; auto guesses it") from None
    return text


def up_axis(choice: str, shape: PointCloud | TriangleMesh) -> str:
    """The up axis of this shape: the ``choice``, or a guess if it is "auto"."""
    from apsnet_core.ops.orientation import guess_up

    return guess_up(shape) if choice == "auto" else choice


def use_device(name: Literal["auto", "cpu", "cuda"]) -> None:
    """Run networks on this device; raises `Failure` if there is none."""
    if name == "cpu":
        return
    from apsnet_core.networks.device import choose_device

    try:
        choose_device(name)
    except ValueError as error:
        raise Failure(str(error)) from None


def parse_method(text: str) -> MethodSpec:
    """Parse METHOD as typed; raises a usage error that lists the methods if it is unknown."""
    from apsnet_core.methods.spec import MethodSpec

    try:
        return MethodSpec.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def parse_methods(text: str) -> list[MethodSpec]:
    """Parse METHOD,METHOD,... as typed, each method once."""
    return _each_once([parse_method(part) for part in text.split(",")])


def parse_size(text: str) -> tuple[int, float | None]:
    """Parse a number of points, giving it and None, or a percentage, giving 1 and the share of points.

    Raises a usage error for any other text.
    """
    share = text.strip().endswith("%")
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        value = -1.0
    if share and 0 < value <= 100:
        return 1, value / 100
    if not share and value >= 1 and value.is_integer():
        return int(value), None
    why = f"a whole number from 1, or a share such as 10%, is needed, not {text!r}"
    raise typer.BadParameter(why, param_hint="'-n' / '--size'")


def parse_sizes(text: str) -> list[int]:
    """Parse numbers of points as typed, each once; raises a usage error for any other text."""
    try:
        counts = [int(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(
            f"sizes are whole numbers separated by commas, like 8,32, not {text!r}"
        ) from None
    if min(counts) < 1:
        raise typer.BadParameter("a size is at least 1")
    return _each_once(counts)


def _each_once(values: Sequence[Each]) -> list[Each]:
    """The values in their order without repetitions; a warning names each repeated value."""
    for value, times in Counter(values).items():
        if times > 1:
            _log.warning("%s is named %s and taken once", value, "twice" if times == 2 else f"{times} times")
    return list(dict.fromkeys(values))


def check_room(folder: Path) -> None:
    """Raise `Failure` if the folder contains files that are not a report, which must not be overwritten."""
    from apsnet_core.evaluation.report_folder import may_be_written

    if not may_be_written(folder):
        raise Failure(f"{folder} contains files other than a report; choose another folder, or --force")


def command_line() -> str:
    """The command line without --json, ready to be pasted into a shell."""
    return shlex.join(["apsnet", *(argument for argument in sys.argv[1:] if argument != "--json")])
