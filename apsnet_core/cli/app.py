"""All commands in one place, and the one way they end: an answer, a sentence, or a usage error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import typer

from apsnet_core import plugins
from apsnet_core.cli.answer import Answer, Failure, print_json
from apsnet_core.cli.bench import bench
from apsnet_core.cli.compare import compare
from apsnet_core.cli.convert import convert
from apsnet_core.cli.data import data
from apsnet_core.cli.doctor import doctor
from apsnet_core.cli.evaluate import evaluate
from apsnet_core.cli.info import info
from apsnet_core.cli.options import METHOD_NAMES, TASK_NAMES
from apsnet_core.cli.picture import picture
from apsnet_core.cli.runs import runs
from apsnet_core.cli.sample import sample
from apsnet_core.cli.train import train
from apsnet_core.cli.weights import weights
from apsnet_core.types import Foreign

app = typer.Typer(
    name="apsnet",
    help="Open, sample and compare point clouds with APSNet and its peers.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
EPILOG = "--plugin FILE.py lets methods, tasks and formats of a file join in; it may be given several times."
COMMANDS: list[Callable[..., Answer]] = [
    info, sample, compare, picture, convert, train, evaluate, bench, doctor,
]  # fmt: skip
for command in COMMANDS:
    app.command(epilog=EPILOG)(command)
app.add_typer(data)
app.add_typer(weights)
app.add_typer(runs)


def run(arguments: list[str]) -> int:
    """Carry out one command line; returns the exit code."""
    as_json = "--json" in arguments
    arguments, files = _without_plugins(arguments)
    for file in files:
        plugins.add_file(file)
    if files:
        from apsnet_core.tables import ask_all

        ask_all()
    code = _run(arguments, as_json)
    for trouble in plugins.troubles():
        print(f"apsnet: {trouble}", file=sys.stderr)
    return code


def _without_plugins(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The arguments without --plugin FILE, which every command takes anywhere, and the files."""
    left: list[str] = []
    files: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument == "--":
            left += [argument, *rest]
        elif name != "--plugin":
            left.append(argument)
        elif value := value if equals else next(rest, ""):
            files.append(value)
        else:
            left.append(argument)  # a usage error: nothing follows it
    return left, files


def _run(arguments: list[str], as_json: bool) -> int:
    try:
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            answer = _command(arguments)(arguments, prog_name="apsnet", standalone_mode=False)
    except typer.TyperException as error:
        hint = " (see apsnet --help, or apsnet COMMAND --help)"
        return _fail(error.format_message().rstrip("."), 2, as_json, hint)
    except _foreseen() as error:
        return _fail(str(error), 1, as_json)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}", 1, as_json)
    except Exception as error:
        if os.environ.get("APSNET_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return _fail(f"an error that was not foreseen: {what}; APSNET_TRACEBACK=1 shows where", 1, as_json)
    return _finish(answer, as_json)


def _command(arguments: list[str]) -> Foreign:
    """The whole command line; where help is asked for, the texts name all methods and tasks."""
    command: Foreign = typer.main.get_command(app)
    if not {"-h", "--help"}.isdisjoint(arguments):
        from apsnet_core.methods.registry import methods
        from apsnet_core.tasks.registry import tasks

        names = {
            METHOD_NAMES: ", ".join(row.name for row in methods()),
            TASK_NAMES: ", ".join(row.name for row in tasks()),
        }
        for parameter in _parameters(command):
            if told := getattr(parameter, "help", None):
                for placeholder, text in names.items():
                    told = told.replace(placeholder, text)
                parameter.help = told
    return command


def _parameters(command: Foreign) -> Iterator[Foreign]:
    """The parameters of a command and of its subcommands."""
    yield from command.params
    for inner in getattr(command, "commands", {}).values():
        yield from _parameters(inner)


def _foreseen() -> tuple[type[Exception], ...]:
    from apsnet_core.datasets.dataset import DatasetError
    from apsnet_core.files import ReadError, WriteError
    from apsnet_core.weights.metadata import WeightsError

    return (Failure, DatasetError, ReadError, WriteError, WeightsError)


def _finish(answer: Any, as_json: bool) -> int:
    if not isinstance(answer, Answer):  # --help, or the code of a command ended by Ctrl-C
        return _fail("interrupted", int(answer), as_json) if answer else 0
    try:
        if as_json:
            print_json(answer.data)
        else:
            with contextlib.redirect_stdout(sys.stderr) if answer.on_stderr else contextlib.nullcontext():
                answer.show()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return answer.exit_code


def _fail(sentence: str, code: int, as_json: bool, hint: str = "") -> int:
    if as_json:
        print_json({"error": sentence})
    else:
        print(f"apsnet: {sentence}{hint}", file=sys.stderr)
    return code
