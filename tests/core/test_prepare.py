"""The set-up behind every make target: once done, it does nothing until something it follows from changes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PREPARE = Path(__file__).parents[2] / ".ci/prepare.py"


@pytest.fixture
def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up of an empty project, its steps replaced by a list of what was called."""
    spec = importlib.util.spec_from_file_location("prepare", PREPARE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
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


def test_a_second_call_does_nothing(prepare: ModuleType) -> None:
    prepare.main()
    prepare.main()
    assert prepare.calls == ["venv", "packages"]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_change_is_set_up_again(prepare: ModuleType, name: str) -> None:
    prepare.main()
    (prepare.ROOT / name).write_text("changed")
    prepare.main()
    assert prepare.calls == ["venv", "packages"] * 2


def test_what_failed_is_tried_again(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as failing:

        def no_network() -> None:
            raise SystemExit("no network")

        failing.setattr(prepare, "install_packages", no_network)
        with pytest.raises(SystemExit):
            prepare.main()
    prepare.main()
    assert prepare.calls == ["venv", "venv", "packages"]
