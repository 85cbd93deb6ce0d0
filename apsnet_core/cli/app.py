"""The list of all commands, and how each ends: with a result, an error sentence, or a usage error."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import typer

from apsnet_core import __version__, plugins
from apsnet_core.batch.errors import BatchError, SettingsError
from apsnet_core.cli import defaults, help_page, progress, typed
from apsnet_core.cli.answer import CommandResult, Failure, print_json
from apsnet_core.cli.anywhere import EPILOG, Anywhere, taken
from apsnet_core.cli.bench import bench
from apsnet_core.cli.compare import compare
from apsnet_core.cli.convert import convert
from apsnet_core.cli.data import data
from apsnet_core.cli.doctor import doctor
from apsnet_core.cli.evaluate import evaluate
from apsnet_core.cli.info import info
from apsnet_core.cli.leaderboard import leaderboard
from apsnet_core.cli.options import METHOD_NAMES, TASK_NAMES
from apsnet_core.cli.picture import picture
from apsnet_core.cli.queue import queue
from apsnet_core.cli.runs import runs
from apsnet_core.cli.sample import sample
from apsnet_core.cli.segment import segment
from apsnet_core.cli.train import train
from apsnet_core.cli.weights import weights
from apsnet_core.files.errors import of_the_system
from apsnet_core.types import Foreign, Values

app = typer.Typer(
    name="apsnet",
    help="Sample, compare and evaluate point clouds with APSNet and other samplers.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS: list[Callable[..., CommandResult]] = [
    info, sample, compare, picture, convert, segment, train, evaluate, leaderboard, bench, doctor,
]  # fmt: skip
_HELP = " (see apsnet --help, or apsnet COMMAND --help)"
for command in COMMANDS:
    app.command(epilog=EPILOG)(command)
app.add_typer(data)
app.add_typer(weights)
app.add_typer(runs)
app.add_typer(queue)


def run(arguments: list[str]) -> int:
    """Run one command line and return the exit code."""
    line = taken(arguments)
    logging.getLogger("apsnet_core").setLevel(_level(line))
    progress.quiet = line.quiet
    if line.version:
        version: Values = {"version": __version__}
        said = _told(lambda: print_json(version) if line.as_json else print(f"apsnet-studio {__version__}"))
        return 0 if said else 1
    for file in line.plugins:
        plugins.add_file(file)
    if line.plugins:
        from apsnet_core.tables import ask_all

        ask_all()
    began = time.monotonic()
    code = _run(line)
    for trouble in plugins.troubles():
        print(f"apsnet: {trouble}", file=sys.stderr)
    logging.getLogger(__name__).info("%s took %.1f s", " ".join(line.rest[:1]), time.monotonic() - began)
    return code


def _level(line: Anywhere) -> int:
    if line.quiet:
        return logging.ERROR
    return (logging.NOTSET, logging.INFO, logging.DEBUG)[min(line.verbose, 2)]


def _run(line: Anywhere) -> int:
    arguments, as_json = line.rest, line.as_json
    try:
        with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
            answer = command_tree(arguments)(arguments, prog_name="apsnet", standalone_mode=False)
    except typer.TyperException as error:
        told = _without_command(error, as_json) or error.format_message().rstrip(".")
        told = told.replace("Value error, ", "")  # the prefix of pydantic's messages
        said, names = told, getattr(getattr(error, "param", None), "opts", [])
        said += defaults.origins(arguments, said, max(names, key=len, default=None))
        return _fail(said, 2, as_json, _HELP)
    except SettingsError as error:
        return _fail(f"{error}{defaults.origins(arguments, str(error), None)}", 2, as_json, _HELP)
    except _foreseen() as error:
        return _fail(f"{error}{defaults.origins(arguments, str(error), None)}", 1, as_json)
    except OSError as error:
        return _fail(of_the_system(error), 1, as_json)
    except MemoryError as error:
        return _fail(f"this takes more memory than there is; ask for less ({error})", 1, as_json)
    except Exception as error:
        if line.verbose or os.environ.get("APSNET_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return _fail(f"an unexpected error occurred: {what}; -v shows where", 1, as_json)
    return _finish(answer, line)


def _without_command(error: typer.TyperException, as_json: bool) -> str:
    """The error text for a group without a command: its help was printed, or it does not know --json."""
    json_alone = as_json and getattr(error, "option_name", None) == "--json"
    return "a command is missing" if json_alone or not error.format_message() else ""


def command_tree(arguments: list[str]) -> Foreign:
    """The tree of all commands; if help is requested, its texts name all methods and tasks."""
    command: Foreign = typer.main.get_command(app)
    if "_APSNET_COMPLETE" not in os.environ:
        try:
            defaults.use(command)
        except SettingsError:
            if arguments[:1] != ["doctor"]:  # doctor lists this error among the problems
                raise
    help_page.use(command)
    typed.use(command)
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
    from apsnet_core.training.runs import RunError
    from apsnet_core.weights.metadata import WeightsError

    return (Failure, BatchError, DatasetError, ReadError, RunError, WriteError, WeightsError)


def _finish(answer: Any, line: Anywhere) -> int:
    as_json = line.as_json
    if not isinstance(answer, CommandResult):  # --help, or the exit code after a printed message or Ctrl-C
        if answer == 130:
            return _fail("interrupted", 130, as_json)
        return int(answer or 0) if _told(lambda: None) else 1

    def tell() -> None:
        if as_json:
            print_json(answer.data)
        elif not line.quiet:
            with contextlib.redirect_stdout(sys.stderr) if answer.on_stderr else contextlib.nullcontext():
                answer.show()

    return answer.exit_code if _told(tell) else 1


def _told(tell: Callable[[], None]) -> bool:
    """Call ``tell`` and return whether standard output received the text or its reader has closed it.

    If not, print a sentence on standard error.
    """
    try:
        tell()
        sys.stdout.flush()
    except OSError as error:  # the disk is full, or a reader such as `head` has closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return True
        print(f"apsnet: standard output: {error.strerror}", file=sys.stderr)
        return False
    return True


def _fail(sentence: str, code: int, as_json: bool, hint: str = "") -> int:
    if as_json:
        _told(lambda: print_json({"error": sentence}))
    else:
        print(f"apsnet: {sentence}{hint}", file=sys.stderr)
    return code
