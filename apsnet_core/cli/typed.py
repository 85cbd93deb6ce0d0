"""Checks the typed options: each is there once, with the options it needs, and none that exclude it."""

from __future__ import annotations

from types import MethodType

import typer

from apsnet_core.types import Foreign

_APART = {
    "all_sizes": ("size", "sizes"),
    "voxel_size": ("size", "working", "completion"),
    "by": ("working", "completion"),
    "copy": ("copy_turn", "copy_noise", "copy_resampled"),
}
"""Options, and the options they exclude, which set the same thing or have no effect beside them."""

_NEEDS = {
    "share": "by",
    "crop_outside": "crop",
    **dict.fromkeys(("colour_range", "colour_log", "colour_map", "hide_classes"), "colour_by"),
    **dict.fromkeys(("width", "theme", "font"), "figures"),
    "net": "task",
    "to": "out",
}
"""Options, and the option without which they have no effect."""


def typed(option: str, context: typer.Context) -> bool:
    """Whether the option is typed on the command line, and not a user default."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def use(command: Foreign) -> None:
    """Make ``command`` and its subcommands reject options that would otherwise be ignored silently."""
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
                f"{name} is given more than once; give it once, with commas between several values",
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
    spelled = {parameter.name: max(parameter.opts, key=len) for parameter in command.params}
    for one, needed in _NEEDS.items():
        if one in there and needed in spelled and not context.params[needed]:
            raise typer.BadParameter(
                f"{there[one]} has no effect without {spelled[needed]}: give both, or leave it out",
                ctx=context,
            )
    return parsed
