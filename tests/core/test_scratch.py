"""Temporary folders of killed processes are removed at the next start; those of running ones stay."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from apsnet_core import notebook, scratch, worker

ROOT = Path(__file__).parents[2]
MAKE = """
import sys, tempfile
from apsnet_core import notebook, scratch, worker
for where in sys.argv[1:]:
    folder = tempfile.mkdtemp(prefix=scratch.prefix("view"), dir=where)
    open(folder + "/picture", "w").close()
    print(folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folder for temporary files, and the one in memory."""
    found = [tmp_path / "tmp", tmp_path / "memory"]
    for place in found:
        place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(found[0]))
    monkeypatch.setattr(scratch, "MEMORY", found[1])
    return found


@pytest.fixture
def other(places: list[Path]) -> Iterator[tuple[subprocess.Popen[str], list[Path]]]:
    """Another running process and the folders that it made."""
    command = [sys.executable, "-c", MAKE, *map(str, places)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        yield process, [Path(process.stdout.readline().strip()) for _ in places]
        process.kill()


def test_only_folders_of_ended_processes_are_removed(
    other: tuple[subprocess.Popen[str], list[Path]],
) -> None:
    process, folders = other
    mine = Path(tempfile.mkdtemp(prefix=scratch.prefix("view")))
    assert scratch.sweep() == [] and all(folder.is_dir() for folder in folders)
    process.kill()
    process.wait()
    assert sorted(scratch.sweep()) == sorted(folders)
    assert not any(folder.exists() for folder in folders) and mine.is_dir()


def test_a_reused_process_id_does_not_save_a_folder(places: list[Path]) -> None:
    beginning = scratch.prefix("view").removesuffix("-")
    earlier = places[0] / f"{beginning[:-1]}{(int(beginning[-1]) + 1) % 10}-abcdefgh"
    earlier.mkdir()
    assert scratch.sweep() == [earlier]


def test_folders_that_may_belong_to_others_are_kept(places: list[Path]) -> None:
    purpose, machine, *_ = scratch.prefix("view").removeprefix("apsnet-").split("-")
    elsewhere = places[0] / f"apsnet-{purpose}-{'0' * len(machine)}-1-1-abcdefgh"
    nameless, target = places[0] / "apsnet-view-abcdefgh", places[0] / "target"
    for folder in (elsewhere, nameless, target):
        folder.mkdir()
    dead = f"apsnet-{purpose}-{machine}-{2**22 + os.getpid()}-1-abcdefg"
    (places[0] / f"{dead}h").write_text("a file")
    (places[0] / f"{dead}i").symlink_to(target)
    before = sorted(places[0].iterdir())
    assert scratch.sweep() == [] and sorted(places[0].iterdir()) == before


def test_the_command_line_removes_old_folders_too(other: tuple[subprocess.Popen[str], list[Path]]) -> None:
    process, folders = other
    process.kill()
    process.wait()
    environment = os.environ | {"TMPDIR": str(folders[0].parent), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "apsnet_core.cli", "--help"]
    done = subprocess.run(command, env=environment, capture_output=True)
    assert done.returncode == 0 and not folders[0].exists()


def test_the_window_keeps_the_cloud_of_a_script_that_has_ended(
    other: tuple[subprocess.Popen[str], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    process, [folder, _] = other
    opened: list[str] = []
    monkeypatch.setattr(worker, "main", lambda words: opened.extend(words) or 0)
    monkeypatch.setattr(atexit, "register", lambda *what, **how: None)
    monkeypatch.setattr(sys, "argv", ["window", str(folder / "picture"), "--theme", "dark"])
    assert notebook.window() == 0
    process.kill()
    process.wait()
    assert len(scratch.sweep()) == 1, "the other folder"
    target, file, *options = opened
    assert target == "apsnet_gui.app:main" and options == ["--theme", "dark"]
    assert Path(file).is_file() and not folder.exists()
