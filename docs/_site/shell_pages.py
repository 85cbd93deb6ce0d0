"""The reference of the shell, from the commands themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from apsnet_core.cli.anywhere import EPILOG
from apsnet_core.cli.app import command_tree


def reference() -> str:
    """A section for each command, with a table of what it takes."""
    tree: Any = command_tree(["--help"])
    head = f"# The shell\n\n{tree.help}\n\n{EPILOG}\n"
    return head + "".join(_sections(f"apsnet {name}", command) for name, command in tree.commands.items())


def _sections(name: str, command: Any) -> str:
    """``command`` and all beneath it."""
    inner = getattr(command, "commands", {})
    own = "" if inner else _table(command)
    below = "".join(_sections(f"{name} {each}", sub) for each, sub in inner.items())
    level = "#" * (1 + len(name.split()[1:]))
    return f"\n{level} {name}\n\n{_plain(command.help or '')}\n{own}{below}"


def _table(command: Any) -> str:
    rows = [_row(each) for each in command.params if each.name != "help" and not each.hidden]
    return "\n| | | |\n|---|---|---|\n" + "\n".join(rows) + "\n" if rows else ""


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        shown, kind = f"`{parameter.metavar or parameter.name.upper()}`", ""
    else:
        shown = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        kind = "" if parameter.is_flag else _kind(parameter)
    said, default = _plain(parameter.help or ""), parameter.default
    if default not in (None, False, (), [], "") and not callable(default):
        said += f" Default: `{default}`."
    return f"| {shown} | {kind} | " + said.replace("|", "\\|") + " |"


def _kind(parameter: Any) -> str:
    """What an option takes: its metavar, its choices, or the type."""
    annotation = parameter.type_descriptor.annotation
    if parameter.metavar:
        text = str(parameter.metavar)
    elif get_origin(annotation) is Literal:
        text = "|".join(map(str, get_args(annotation)))
    else:
        text = {int: "number", float: "number", Path: "path"}.get(annotation, "text")
    return "`" + text.replace("|", "\\|") + "`"


def _plain(text: str) -> str:
    return " ".join(line.strip() for line in text.replace("\b", "").splitlines())
