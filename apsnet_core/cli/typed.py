"""What was typed: an option once, beside none that would make it idle, with those that it needs."""

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
"""Options, and those that say something else about the same, or nothing beside them."""

_NEEDS = {
    "share": "by",
    "crop_outside": "crop",
    **dict.fromkeys(("colour_range", "colour_log", "colour_map", "hide_classes"), "colour_by"),
    **dict.fromkeys(("width", "theme", "font"), "figures"),
    "net": "task",
    "to": "out",
}
"""Options, and that without which they say nothing."""


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
    spelled = {parameter.name: max(parameter.opts, key=len) for parameter in command.params}
    for one, needed in _NEEDS.items():
        if one in there and needed in spelled and not context.params[needed]:
            raise typer.BadParameter(
                f"{there[one]} says nothing without {spelled[needed]}: give both, or leave it out",
                ctx=context,
            )
    return parsed
