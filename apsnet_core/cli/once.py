"""An option that takes one value is given once: of two, none is dropped without a word."""

from __future__ import annotations

from types import MethodType

import typer

from apsnet_core.types import Foreign


def use(command: Foreign) -> None:
    """Let ``command`` and its subcommands refuse an option that is there twice, with a usage error."""
    inner = getattr(command, "commands", {}).values()
    for each in inner:
        use(each)
    if not inner:
        command.parse_args = MethodType(_parse, command)


def _parse(command: Foreign, context: Foreign, arguments: list[str]) -> list[str]:
    _, _, order = command.make_parser(context).parse_args(list(arguments))
    seen = set()
    for parameter in order:
        one = parameter.param_type_name == "option" and not (
            parameter.multiple or parameter.is_flag or parameter.count
        )
        if one and parameter in seen:
            name = max(parameter.opts, key=len)
            raise typer.BadParameter(
                f"{name} is there more than once; give it once, several values with commas where it takes"
                " several",
                ctx=context,
            )
        seen.add(parameter)
    parsed: list[str] = type(command).parse_args(command, context, arguments)
    return parsed
