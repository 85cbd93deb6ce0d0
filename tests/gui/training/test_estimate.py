"""A training that is only timed ends with the window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from apsnet_core import worker
from apsnet_core.training.run_reader import RECIPE
from apsnet_gui.training import process

ROOT = Path(__file__).parents[3]
ENDLESS = """
model = "apsnet"
task = "reconstruction"
task_weights = "reconstruction-pcae"
sizes = [4]
points = 64
[optimisation]
epochs = 1000000
"""


def window() -> None:
    """A substitute for the window: times a training in the given folder and prints its process id."""
    child = process.try_out(Path(sys.argv[1]), ENDLESS)
    print(child.pid, flush=True)
    sys.stdin.read()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Python has to run for it")
def test_a_timed_training_ends_with_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    folder = tmp_path / "run"
    command = worker.command(f"{__name__}:window", str(folder))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=worker.environment(), text=True, **pipes) as parent:  # type: ignore[call-overload]
        child = psutil.Process(int(parent.stdout.readline()))
        while not (folder / "config.json").exists():  # until it trains
            assert child.is_running(), (folder / "output.txt").read_text()
        parent.kill()
        _, alive = psutil.wait_procs([child], timeout=60)  # takes two seconds on an idle machine
    assert alive == [] and (folder / RECIPE).exists()
