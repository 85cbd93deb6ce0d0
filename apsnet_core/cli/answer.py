"""What a command returns: one answer, for programs and for people."""

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
    """``data`` is the JSON object that ``--json`` prints; ``show`` prints it for a person.

    With ``on_stderr``, ``show`` prints to standard error, because the result itself goes to standard output.
    """

    data: Values
    show: Callable[[], None]
    exit_code: int = 0
    on_stderr: bool = False


class Failure(Exception):
    """A command cannot go on; the message is the one sentence the user reads."""


# Declared on every command for its help; carried out in one place, `apsnet_core.cli.app.run`.
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on standard output.")]


def print_json(data: Values) -> None:
    """Strict JSON on standard output; numbers that are not finite become null."""
    print(json.dumps(strict(data), allow_nan=False, default=str))
