"""Options that go together are the fields of one class, and one parameter of a command."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from apsnet_core.cli.answer import CommandResult


def spread(command: Callable[..., CommandResult]) -> Callable[..., CommandResult]:
    """The command as Typer sees it: in the place of a parameter of a dataclass stand the class's fields."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if dataclasses.is_dataclass(kind)}
    groups.pop("return", None)

    @functools.wraps(command)
    def spelled(**given: Any) -> CommandResult:
        for name, kind in groups.items():
            fields = dataclasses.fields(kind)
            given[name] = kind(**{field.name: given.pop(field.name) for field in fields})
        return command(**given)

    shown: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name in groups:
            shown += _fields(groups[parameter.name])
        else:
            shown.append(parameter.replace(annotation=hints[parameter.name], kind=parameter.KEYWORD_ONLY))
    told: Any = spelled
    told.__signature__ = inspect.Signature(shown, return_annotation=hints["return"])
    told.__annotations__ = {each.name: each.annotation for each in shown} | {"return": hints["return"]}
    return spelled


def _fields(kind: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name]
        )
        for each in dataclasses.fields(kind)
    ]
