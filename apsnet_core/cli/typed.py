"""What was typed: an option once, and none beside another that would make it idle."""

from __future__ import annotations

from types import MethodType

import typer

from apsnet_core.types import Foreign

_APART = {"all_sizes": ("size", "sizes"), "voxel_size": ("size",)}
"""Options, and those that say something else about the same."""


def typed(option: str, context: typer.Context) -> bool:
    """Whether the command line itself gives the option, and no default of one's own."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def use(command: Foreign) -> None:
    """Let ``command`` and its subcommands refuse an option that would be dropped without a word."""
    inner = getattr(command, "commands", {}).values()
    for each in inner:
        use(each)
    if not inner:
        command.parse_args = MethodType(_parse, command)


def _parse(command: Foreign, context: Foreign, arguments: list[str]) -> list[str]:
    _, _, order = command.make_parser(context).parse_args(list(arguments))
    there: dict[str, str] = {}
    for parameter in order:
        if parameter.param_type_name != "option":
            continue
        name = max(parameter.opts, key=len)
        if parameter.name in there and not (parameter.multiple or parameter.is_flag or parameter.count):
            raise typer.BadParameter(
                f"{name} is there more than once; give it once, several values with commas where it takes"
                " several",
                ctx=context,
            )
        there[parameter.name] = name
    for one, others in _APART.items():
        for other in others:
            if one in there and other in there:
                raise typer.BadParameter(
                    f"{there[one]} and {there[other]} exclude each other: leave one out", ctx=context
                )
    parsed: list[str] = type(command).parse_args(command, context, arguments)
    return parsed
