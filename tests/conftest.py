"""Order the tests: parallel processes finish at the same time if the short files come last."""

from __future__ import annotations

import pytest

# Files with these prefixes may take half a minute, all others take seconds.
FIRST = (
    "tests/gui/training/",
    "tests/gui/comparison/",
    "tests/gui/",
    "tests/core/test_wheel.py",
    "tests/core/batch/",
    "tests/core/training/",
    "tests/core/evaluation/",
    "tests/core/cli/",
    "tests/core/page/",
    "tests/core/test_",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((at for at, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))
