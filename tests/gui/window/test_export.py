"""What leaves the window: samples in files, and the command that gives the same ones."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from apsnet_core.files import read
from apsnet_gui.jobs.export import write_result
from tests.gui.methods import spec

from .conftest import CHAIR, OpenWindow, settle


@pytest.mark.parametrize("suffix", [".ply", ".npy", ".csv", ".h5", ".las"])
def test_an_exported_sampling_is_read_back(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, suffix: str
) -> None:
    window = open_window(CHAIR)
    result = window.session.result
    assert result is not None
    path = tmp_path / f"out{suffix}"
    write_result(result, path)
    np.testing.assert_allclose(read(path).absolute, result.sampling.absolute, atol=2e-3)


def test_the_copied_command_gives_the_same_points(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("random"), m=11, seed=7, surface=1024)
    settle(qtbot, window)
    window.actions_by_id["copy-command"].trigger()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[0] == "apsnet"
    out = tmp_path / "out.npy"
    command = [sys.executable, "-m", "apsnet_core.cli", *words[1:], "-o", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert window.session.result is not None and window.session.measures is not None
    np.testing.assert_allclose(np.load(out)[:, :3], window.session.result.sampling.absolute, atol=1e-5)
    assert json.loads(done.stdout)["coverage"] == pytest.approx(window.session.measures.coverage)
