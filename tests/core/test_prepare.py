"""The set-up behind every make target runs once, and again only after a change of its input files."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
PREPARE = ROOT / ".ci/prepare.py"


@pytest.fixture
def whole() -> ModuleType:
    """The module of the set-up, unchanged."""
    spec = importlib.util.spec_from_file_location("prepare", PREPARE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def prepare(whole: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up of an empty project, whose steps only record their calls in a list."""
    module = whole
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".ci").mkdir()
    for name in ["pyproject.toml", "constraints.txt", ".ci/prepare.py"]:
        (tmp_path / name).write_text("as it was")
    calls: list[str] = []
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv/prepared")
    monkeypatch.setattr(module, "install_system_libraries", lambda: None)
    monkeypatch.setattr(module, "install_browser", lambda: None)
    monkeypatch.setattr(module, "make_venv", lambda: calls.append("venv"))
    monkeypatch.setattr(module, "install_packages", lambda: calls.append("packages"))
    monkeypatch.setattr(module, "compile_loops", lambda: None)
    module.calls = calls  # type: ignore[attr-defined]
    return module


def test_a_second_set_up_does_nothing(prepare: ModuleType) -> None:
    prepare.main()
    prepare.main()
    assert prepare.calls == ["venv", "packages"]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_change_of_an_input_file_repeats_the_set_up(prepare: ModuleType, name: str) -> None:
    prepare.main()
    (prepare.ROOT / name).write_text("changed")
    prepare.main()
    assert prepare.calls == ["venv", "packages"] * 2


def test_a_failed_set_up_is_tried_again(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as failing:

        def no_network() -> None:
            raise SystemExit("no network")

        failing.setattr(prepare, "install_packages", no_network)
        with pytest.raises(SystemExit):
            prepare.main()
    prepare.main()
    assert prepare.calls == ["venv", "venv", "packages"]


def test_the_set_up_compiles_the_kernels(
    whole: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[list[str]] = []

    def run(line: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        lines.append(line)
        return subprocess.CompletedProcess(line, 0, "", "")

    with monkeypatch.context() as recording:
        recording.setattr(whole.subprocess, "run", run)
        whole.compile_loops()
    (line,) = lines
    only = "apsnet_core.ops.plane_kernels"  # compiling all kernels would take four times as long
    asked = [sys.executable, *map(str, line[1:]), only]
    subprocess.run(asked, cwd=ROOT, env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)}, check=True)
    assert [made.parent.name for made in tmp_path.rglob("made")] == [only]


def test_every_pinned_package_accepts_the_first_release_of_this_python() -> None:
    """A Linux distribution keeps an early release of Python, for instance 3.11.2 on Debian 12."""
    first = f"{sys.version_info.major}.{sys.version_info.minor}.0"
    refused = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        pin = Requirement(line)
        try:
            installed = distribution(pin.name)
        except PackageNotFoundError:  # a package of an extra, or for another system
            continue
        wanted = installed.metadata.json.get("requires_python", "")
        if pin.specifier.contains(installed.version) and not SpecifierSet(str(wanted)).contains(first):
            refused[line] = wanted
    assert not refused
