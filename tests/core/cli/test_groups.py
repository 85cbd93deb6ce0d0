"""A group of options is one parameter of a command's function, and single options on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from apsnet_core.cli.answer import CommandResult
from apsnet_core.cli.groups import spread


@dataclass(frozen=True)
class Near:
    """A group of options."""

    place: Annotated[str | None, typer.Option("--at", help="Where.")] = None
    copies: int = 1


@dataclass(frozen=True)
class NearAndFar(Near):
    """The same group with one more option."""

    far: bool = False


@spread
def look(file: str, *, size: int = 3, group: NearAndFar, seed: int = 0) -> CommandResult:
    """Look."""
    print(file, size, group, seed)
    return CommandResult({"group": group}, lambda: None)


def test_the_fields_of_a_group_become_options() -> None:
    app = typer.Typer()
    app.command()(look)
    told = [each.name for each in typer.main.get_command(app).params]
    assert told[:6] == ["file", "size", "place", "copies", "far", "seed"]
    done = CliRunner().invoke(app, ["a.ply", "--at", "here", "--far", "--seed", "4"])
    assert done.exit_code == 0
    assert done.stdout == "a.ply 3 NearAndFar(place='here', copies=1, far=True) 4\n"
    assert CliRunner().invoke(app, ["a.ply", "--copies", "many"]).exit_code == 2


def test_a_command_can_be_called_with_some_fields_of_a_group() -> None:
    assert look("a.ply", copies=2).data == {"group": NearAndFar(copies=2)}
    assert look("a.ply", size=1).data == {"group": NearAndFar()}
