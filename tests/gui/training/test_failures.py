"""Failures of real trainings: each gives a message in the window, and the window keeps working."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core.training.config import make_config
from apsnet_core.training.runs import Run
from apsnet_gui.window.window import Window
from tests.core.training.small import write_release
from tests.core.training.test_failures import cut_short
from tests.gui.methods import spec
from tests.gui.window.conftest import CHAIR, OpenWindow, settle

from .conftest import TINY, run, start, wait_for

KILOBYTES = 2000  # the best weights of an APSNet fit, its checkpoint does not
MEGABYTES = 750  # batches of 16 need some 550, those of 128 some 900


class SmallDisk:
    """A small file system; if none may be mounted, a limit on the size of every written file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.mounted = self._mount(f"size={KILOBYTES}k")
        if not self.mounted:
            self._limit(KILOBYTES * 1024)

    def grow(self) -> None:
        if not (self.mounted and self._mount("remount,size=64m")):
            self._limit(-1)

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", self.folder], check=True)
        else:
            self._limit(-1)

    def _mount(self, how: str) -> bool:
        words = ["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(self.folder)]
        try:
            return subprocess.run(words, capture_output=True).returncode == 0
        except OSError:
            return False

    def _limit(self, size: int) -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@pytest.fixture
def small_disk(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    disk = SmallDisk(tmp_path / "small")
    monkeypatch.setenv("APSNET_RUNS", str(disk.folder))
    yield disk
    disk.close()


def unharmed(qtbot: QtBot, window: Window, m: int) -> None:
    """The window must still sample ``m`` points."""
    window.session.choose(m=m, spec=spec("farthest_point"))
    settle(qtbot, window)
    result = window.session.result
    assert result is not None and len(result.sampling.points) == m


def test_a_full_disk_is_reported_and_the_training_resumes_once_there_is_space(
    qtbot: QtBot, open_window: OpenWindow, small_disk: SmallDisk
) -> None:
    window = open_window(CHAIR)
    start(window, snapshots=0)
    failed = wait_for(qtbot, window, "failed", "interrupted")
    folder = small_disk.folder / "tiny"
    assert (
        failed.why == f"the disk with {folder} is full: free some space, then continue with --resume {folder}"
    )
    assert ("error", f"tiny: {failed.why}") in window.toasts.messages
    assert not list(folder.glob(".*"))
    unharmed(qtbot, window, 16)
    small_disk.grow()
    window.docks.show("Training")
    qtbot.mouseClick(window.training.panel.run.resume, Qt.MouseButton.LeftButton)
    done = wait_for(qtbot, window, "finished")
    assert done.epoch == 2 and (folder / "last.safetensors").exists()


def test_a_broken_file_and_a_diverging_loss_each_give_an_error_message(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, tmp_path: Path
) -> None:
    release = write_release(tmp_path / "release")
    cut_short(release)
    window = open_window(CHAIR)
    start(window, name="broken", data=str(release))
    rate = {"epochs": 2, "batch_size": 64, "learning_rate": 1e30, "warmup": 0}
    start(window, name="wild", optimisation=rate)
    broken = wait_for(qtbot, window, "failed", name="broken")
    assert "ply_data_train0.h5" in broken.why and "\n" not in broken.why
    wild = wait_for(qtbot, window, "failed", name="wild")
    assert "no longer finite" in wild.why and "learning_rate" in wild.why
    unharmed(qtbot, window, 16)


def test_too_little_memory_is_reported_with_a_batch_size_that_fits(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every new Python process runs this: a training may map only a little more memory than at its start.
    (tmp_path / "sitecustomize.py").write_text(
        "import psutil, resource, torch\n"
        f"most = psutil.Process().memory_info().vms + {MEGABYTES} * 2**20\n"
        "resource.setrlimit(resource.RLIMIT_AS, (most, most))\n"
    )
    window = open_window(CHAIR)
    with monkeypatch.context() as limited:
        limited.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
        for name, size in (("large", 128), ("small", 16)):
            start(window, name=name, points=512, snapshots=0, optimisation={"epochs": 1, "batch_size": size})
    failed = wait_for(qtbot, window, "failed", name="large")
    words = re.fullmatch(
        r"there is not enough memory for batches of 128: set optimisation.batch_size = (\d+), which fits",
        failed.why,
    )
    assert words and 16 <= int(words[1]) < 128, failed.why
    assert ("error", f"large: {failed.why}") in window.toasts.messages
    wait_for(qtbot, window, "finished", name="small")
    unharmed(qtbot, window, 16)


def test_lost_runs_runs_of_a_newer_version_and_unwritable_folders_are_explained(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = make_config(TINY)
    monkeypatch.setattr(time, "time", lambda now=time.time: 1e9)
    for name in ("gone", "reused"):
        lost = Run.create(runs / name, config)
        lost.record("start", step=0, of=10)
        lost.record("step", step=4, of=10, epoch=0, learning_rate=0.1, eta=1.0, metrics={"loss": 1.0})
    monkeypatch.undo()
    monkeypatch.setenv("APSNET_RUNS", str(runs))
    for name, pid in (("gone", 2**22 - 1), ("reused", os.getpid())):
        (runs / name / "process.json").write_text(json.dumps({"pid": pid, "started": 1e9}))
    newer = Run.create(runs / "newer", config)
    (newer.folder / "config.json").write_text(json.dumps({"format": 99, "config": {}}))
    window = open_window(CHAIR)
    for name in ("gone", "reused"):
        state = wait_for(qtbot, window, "interrupted", name=name)
        assert state.why == "the machine was restarted at step 4" and state.can_resume
    assert "newer version" in wait_for(qtbot, window, "broken", name="newer").why

    # A folder where the log cannot be written, even by root.
    (runs / "gone" / "output.txt").mkdir()
    window.docks.show("Training")
    window.training.panel.select(runs / "gone")
    qtbot.mouseClick(window.training.panel.run.resume, Qt.MouseButton.LeftButton)
    assert window.toasts.messages[-1] == ("error", "gone was not resumed: Is a directory")
    assert run(window, "reused") is not None
    unharmed(qtbot, window, 16)
