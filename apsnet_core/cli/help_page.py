"""The help of a command in one column, so that nothing is cut off in a narrow terminal."""

from __future__ import annotations

import inspect
import shutil
import textwrap
from collections.abc import Iterator
from types import MethodType

import typer

from apsnet_core.types import Foreign

_WIDEST = 100
_NAME, _TEXT = 2, 4
"""The indents of names and of their texts."""


def use(command: Foreign) -> None:
    """Make ``command`` and its subcommands print their help in this form."""
    command.format_help = MethodType(_print, command)
    for inner in getattr(command, "commands", {}).values():
        use(inner)


def _print(command: Foreign, context: Foreign, _formatter: Foreign) -> None:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    for indent, text in _lines(command, context):
        lines = textwrap.fill(
            text,
            width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + _NAME if indent == _NAME else indent),
            break_on_hyphens=False,
        )
        typer.secho(lines, bold=indent == _NAME)  # bold only on a terminal


def _lines(command: Foreign, context: Foreign) -> Iterator[tuple[int, str]]:
    """The lines of the help, each with its indent."""
    yield 0, " ".join(command.get_usage(context).split())
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield 0, ""
        yield 0, " ".join(paragraph.split())
    told = [(each, each.get_help_record(context)) for each in command.get_params(context)]
    for title, options in (("Arguments", False), ("Options", True)):
        chosen = [record for each, record in told if record and each.opts[0].startswith("-") == options]
        for place, (name, text) in enumerate(chosen):
            if place == 0:
                yield 0, ""
                yield 0, f"{title}:"
            yield _NAME, name
            yield _TEXT, " ".join(text.split())
    if inner := getattr(command, "commands", {}):
        yield 0, ""
        yield 0, "Commands:"
        for name, each in inner.items():
            yield _NAME, name
            yield _TEXT, " ".join(inspect.cleandoc(each.help or "").split("\n\n")[0].split())
    if command.epilog:
        yield 0, ""
        yield 0, command.epilog
