"""The bench runs small programs of its own, which nothing else looks at: what they import is there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests import bench


def imports() -> Iterator[tuple[str, str]]:
    """Module and name of whatever the programs in strings import of this program."""
    for path in sorted(Path(bench.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "import " in node.value:
                try:
                    program = ast.parse(node.value)
                except SyntaxError:  # words, or a part of a program
                    continue
                for each in ast.walk(program):
                    if isinstance(each, ast.ImportFrom) and (each.module or "").startswith(
                        ("apsnet", "tests")
                    ):
                        yield from ((each.module or "", alias.name) for alias in each.names)


@pytest.mark.parametrize(("module", "name"), sorted(set(imports())))
def test_what_a_program_of_the_bench_imports_is_there(module: str, name: str) -> None:
    assert hasattr(import_module(module), name) or import_module(f"{module}.{name}")


def test_there_are_such_programs() -> None:
    assert ("apsnet_gui.start", "run") in set(imports())
