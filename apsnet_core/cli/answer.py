"""What a command returns: one answer, for programs and for people."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

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
    print(json.dumps(_strict(data), allow_nan=False, default=str))


def _strict(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    return value
