"""Trainings run one after another and can be paused; their usage of processor, memory and GPU is read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core.training.find_runs import state_of
from apsnet_core.training.runs import Run
from apsnet_core.training.usage import Gauge
from tests.gui.window.conftest import TIMEOUT, OpenWindow

from .conftest import run, start, wait_for


def test_a_second_training_waits_for_the_first_which_is_paused_and_resumed(
    qtbot: QtBot, open_window: OpenWindow, runs: Path
) -> None:
    window = open_window()
    panel, training = window.training.panel, window.training.training
    start(window, optimisation={"epochs": 500, "batch_size": 64})
    wait_for(qtbot, window, "starting", "running")
    start(window, name="second", optimisation={"epochs": 1, "batch_size": 64})
    first = wait_for(qtbot, window, "running")
    assert wait_for(qtbot, window, "waiting", name="second").after == ("tiny",)
    assert panel.run.line.text().startswith("waiting for tiny")
    panel.select(runs / "tiny")
    assert first.process is not None and "MB" in panel.run.line.text()
    qtbot.mouseClick(panel.run.pause, Qt.MouseButton.LeftButton)
    wait_for(qtbot, window, "paused")
    assert psutil.Process(first.process).status() == psutil.STATUS_STOPPED
    assert state_of(Run(runs / "tiny")).phase == "paused" and panel.run.pause.text() == "Go on"
    assert state_of(Run(runs / "second")).phase == "waiting"
    qtbot.mouseClick(panel.run.pause, Qt.MouseButton.LeftButton)
    paused_at = wait_for(qtbot, window, "running").step
    qtbot.waitUntil(lambda: (s := run(window)) is not None and s.step > paused_at, timeout=TIMEOUT)

    # A paused training also stops on request.
    training.pause(wait_for(qtbot, window, "running"))
    training.stop(wait_for(qtbot, window, "paused"))
    ended = wait_for(qtbot, window, "stopped")
    wait_for(qtbot, window, "finished", name="second")
    began = next(e for e in Run(runs / "second").events() if e["event"] == "start")
    assert began["time"] >= Run(runs / "tiny").events()[-1]["time"] and ended.step < ended.steps


def test_the_usage_of_a_process_is_read_from_the_system_and_the_gpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = os.getpid()
    tool = tmp_path / "nvidia-smi"
    tool.write_text(
        "#!/bin/sh\ncase $1 in *compute-apps*) echo 1, GPU-a, 900; "
        f"echo {pid}, GPU-b, 1024;; *) echo GPU-a, 99; echo GPU-b, 42;; esac\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    gauge = Gauge()
    gauge.read(pid, on_gpu=True)
    spent, since = time.process_time(), time.monotonic()
    sum(i * i for i in range(3_000_000))
    usage = gauge.read(pid, on_gpu=True)
    cores = (time.process_time() - spent) / (time.monotonic() - since)  # few on a loaded machine
    assert usage is not None and (usage.gpu, usage.gpu_memory) == (0.42, 1 << 30)
    assert usage.cpu == pytest.approx(cores, rel=0.5, abs=0.02)
    assert usage.memory == pytest.approx(psutil.Process().memory_info().rss, rel=0.2)
    assert gauge.read(None, on_gpu=True) is None
    tool.write_text("#!/bin/sh\nexit 9\n")
    usage = Gauge().read(pid, on_gpu=True)
    assert usage is not None and usage.gpu is None
