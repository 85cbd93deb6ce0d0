"""Fixtures with folders of the test's own, and with a child process that answers requests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from apsnet_core.child import Child
from apsnet_core.weights import listing

os.environ["APSNET_CONFIG"] = os.devnull  # the tests must not use the defaults of the user who runs them


@pytest.fixture
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with ``shipped``, ``yours`` and ``runs``, which replace the real folders of weights."""
    for name in ("shipped", "yours", "runs"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(listing, "asset", lambda *_: tmp_path / "shipped")
    monkeypatch.setattr(listing, "user_weights", lambda: tmp_path / "yours")
    monkeypatch.setattr(listing, "run_folders", lambda: [tmp_path / "runs"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of the test; no files of the user are read or written."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("APSNET_HOME", str(home))
    monkeypatch.setenv("APSNET_CACHE", str(home / "cache"))
    return home / "cache"


@pytest.fixture
def may_start_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ``tests`` importable in child processes."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))


@pytest.fixture
def echo(may_start_tests: None) -> Iterator[Child]:
    """A child that answers each request with itself."""
    child = Child("tests.core.children:echo")
    yield child
    child.close()
