"""Threads import one after another: concurrently, they can see half of a package with cyclic imports."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apsnet_gui.jobs.importing import import_alone

# Each module waits up to 0.3 s for the import of the other to begin before its own has ended.
_MODULE = """
from meeting import begun
begun["{own}"].set()
met = begun["{other}"].wait(0.3)
"""


def test_imports_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "meeting.py").write_text(
        "import threading\nbegun = {'red': threading.Event(), 'blue': threading.Event()}"
    )
    for own, other in (("red", "blue"), ("blue", "red")):
        (tmp_path / f"{own}.py").write_text(_MODULE.format(own=own, other=other))
    monkeypatch.syspath_prepend(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(import_alone, ["red", "blue"]))
    assert sorted(sys.modules[name].met for name in ("red", "blue")) == [False, True]
    for name in ("red", "blue", "meeting"):
        monkeypatch.delitem(sys.modules, name)
