"""The result of a command, for programs and for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer

from apsnet_core.strict_json import strict
from apsnet_core.types import Values


@dataclass(frozen=True)
class CommandResult:
    """The result of a command: ``--json`` prints the object ``data``, and ``show`` prints it for people.

    With ``on_stderr``, ``show`` prints to standard error, because the result itself goes to standard output.
    """

    data: Values
    show: Callable[[], None]
    exit_code: int = 0
    on_stderr: bool = False


class Failure(Exception):
    """The command cannot continue; the message is the one sentence that the user reads."""


# Every command declares this option for its help; `apsnet_core.cli.app.run` implements it for all of them.
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on standard output.")]


def print_json(data: Values) -> None:
    """Print strict JSON on standard output; numbers that are not finite become null."""
    print(json.dumps(strict(data), allow_nan=False, default=str))
