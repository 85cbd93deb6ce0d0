"""The help fits a narrow terminal, and an option has the same text in all commands."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer

from apsnet_core.cli.app import app, run

# Names of options whose meaning differs between commands.
OTHERWISE = {"--add", "--drop", "--classes", "--data", "--labels", "--net", "--out", "--points",
             "--size", "--sizes", "--task", "--up", "-m", "-n", "-o"}  # fmt: skip


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield words, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, (*words, name))


@cache
def _all() -> dict[tuple[str, ...], Any]:
    return dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("columns", [40])
@pytest.mark.parametrize("words", _all(), ids=" ".join)
def test_the_help_fits_its_terminal_and_is_complete(
    words: tuple[str, ...], columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert shutil.get_terminal_size().columns == columns
    assert run([*words, "--help"]) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= columns
    flat = "".join(letter for letter in said if not letter.isspace())
    for parameter in _all()[words].params:
        for name in parameter.opts:
            assert name in flat if name.startswith("-") else True
        told = "".join((parameter.help or "").split())
        if "{" not in told:
            assert told in flat
    for name in getattr(_all()[words], "commands", {}):
        assert name in flat


def test_an_option_has_the_same_text_in_all_commands() -> None:
    told: dict[str, set[str]] = defaultdict(set)
    for _words, command in _all().items():
        for parameter in command.params:
            for name in parameter.opts:
                if name.startswith("-") and name not in OTHERWISE:
                    told[name].add(parameter.help)
    assert {name: texts for name, texts in told.items() if len(texts) > 1} == {}
