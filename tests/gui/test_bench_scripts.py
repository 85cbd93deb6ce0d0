"""The bench runs programs in strings, which no other tool checks: all names that they import exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests import bench


def imports() -> Iterator[tuple[str, str]]:
    """The module and name of each import from this project by a program in a string."""
    for path in sorted(Path(bench.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "import " in node.value:
                try:
                    program = ast.parse(node.value)
                except SyntaxError:  # prose, or a part of a program
                    continue
                for each in ast.walk(program):
                    if isinstance(each, ast.ImportFrom) and (each.module or "").startswith(
                        ("apsnet", "tests")
                    ):
                        yield from ((each.module or "", alias.name) for alias in each.names)


@pytest.mark.parametrize(("module", "name"), sorted(set(imports())))
def test_a_program_of_the_bench_imports_only_names_that_exist(module: str, name: str) -> None:
    assert hasattr(import_module(module), name) or import_module(f"{module}.{name}")


def test_programs_of_the_bench_are_found() -> None:
    assert ("apsnet_gui.start", "run") in set(imports())
