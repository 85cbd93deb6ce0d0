"""Groups of options: the fields of one dataclass, which a command takes as one parameter."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from apsnet_core.cli.answer import CommandResult


def spread(command: Callable[..., CommandResult]) -> Callable[..., CommandResult]:
    """Return the command as Typer needs it: each dataclass parameter is replaced by the class's fields."""
    hints = get_type_hints(command, include_extras=True)
    returned = hints.pop("return")
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if dataclasses.is_dataclass(kind)}

    @functools.wraps(command)
    def spelled(*arguments: Any, **given: Any) -> CommandResult:
        for name, kind in groups.items():
            own = [field.name for field in dataclasses.fields(kind) if field.name in given]
            given[name] = kind(**{field: given.pop(field) for field in own})
        return command(*arguments, **given)

    shown: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name in groups:
            shown += _parameters(groups[parameter.name])
        else:
            shown.append(parameter.replace(annotation=hints[parameter.name]))
    told: Any = spelled
    told.__signature__ = inspect.Signature(shown, return_annotation=returned)
    told.__annotations__ = {each.name: each.annotation for each in shown} | {"return": returned}
    return spelled


def _parameters(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name]
        )
        for each in dataclasses.fields(group)
    ]
