"""A window that watches a training: its cost for the training, and the time to show a long one."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.ratio import Ratio
from tests.narrow import present

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from apsnet_gui.window.window import Window

RECIPE = """
model = "apsnet"
task = "reconstruction"
task_weights = "reconstruction-pcae"
sizes = [8, 16]
points = 256
[optimisation]
epochs = 100000
batch_size = 16
"""
SECONDS, ROUNDS = 4.0, 8
LOADED, STALL = 0.5, 0.05


def measure() -> Iterator[Ratio]:
    """Yield the ratios. The window is stopped and continued in turn, so that other load slows both sides."""
    with tempfile.TemporaryDirectory() as scratch:
        runs = Path(scratch) / "runs"
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "APSNET_HOME": scratch,
            "APSNET_RUNS": str(runs),
            "OMP_NUM_THREADS": "1",
        }
        first, plain, watched, alone = _beside(runs, environment)
        yield Ratio("a step while the window watches", watched, alone, 1.05, "at most", note="against alone")
        yield Ratio(
            "first step of a training", first, plain, 2.0, "at most", note="window against plain command"
        )
    with tempfile.TemporaryDirectory() as scratch:
        write_long_run(Path(scratch) / "runs" / "long")
        environment |= {"APSNET_HOME": scratch, "APSNET_RUNS": str(Path(scratch) / "runs")}
        code = "from tests.bench.bench_training_window import curves; curves()"
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
        )
        loaded, redrawn = map(float, done.stdout.split()[-2:])
        yield Ratio(
            "curves of 400 epochs on the screen", loaded, LOADED, 1.0, "at most", note="against 0.5 s"
        )
        yield Ratio(
            "curves of 400 epochs drawn again", redrawn, STALL, 1.0, "at most", note="CPU, against 50 ms"
        )


def _beside(runs: Path, environment: dict[str, str]) -> tuple[float, float, float, float]:
    """Seconds to the first step, from the window and from the command; seconds a step, watched and not."""
    recipe = runs.parent / "recipe.toml"
    recipe.write_text(RECIPE)
    began = time.perf_counter()
    command = [sys.executable, "-m", "apsnet_core.cli", "train", str(recipe), "-o", str(runs / "plain")]
    training = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    _steps(runs / "plain", more_than=0)
    plain = time.perf_counter() - began
    training.kill()
    training.wait()

    code = "from tests.bench.bench_training_window import watch; watch()"
    window = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert window.stdout is not None
    pid, first = window.stdout.readline().split()
    try:
        times: dict[bool, list[float]] = {True: [], False: []}
        for i in range(2 * ROUNDS):
            looking = i % 2 == 0
            window.send_signal(signal.SIGCONT if looking else signal.SIGSTOP)
            times[looking].append(_seconds_a_step(runs / "watched"))
    finally:
        window.kill()
        window.wait()
        os.kill(int(pid), signal.SIGKILL)
    return float(first), plain, statistics.median(times[True]), statistics.median(times[False])


def _seconds_a_step(run: Path) -> float:
    before, began = _last_step(run)
    while True:
        time.sleep(0.2)
        step, at = _last_step(run)
        if at - began >= SECONDS:
            return (at - began) / (step - before)


def _last_step(run: Path) -> tuple[int, float]:
    """The last recorded step and its time; validations are ignored."""
    for line in reversed((run / "events.jsonl").read_text().splitlines()):
        event = json.loads(line)
        if event["event"] == "step":
            return event["step"], event["time"]
    return 0, 0.0


def _steps(run: Path, more_than: int) -> None:
    while not (run / "events.jsonl").exists() or _last_step(run)[0] <= more_than:
        time.sleep(0.02)


def write_long_run(folder: Path, epochs: int = 400, steps: int = 300) -> None:
    """Write a run like that of 400 epochs with four sizes: a line a second for more than three hours."""
    folder.mkdir(parents=True)
    sizes = (8, 16, 32, 64)
    config = {"model": "apsnet", "task": "classification", "sizes": sizes, "optimisation": {"epochs": epochs}}
    (folder / "config.json").write_text(json.dumps({"format": 1, "config": config}))
    with (folder / "events.jsonl").open("w") as file:
        for epoch in range(epochs):
            parts = {f"{part}@{m}": 1 / (epoch + m) for m in sizes for part in ("task", "sampling")}
            scores = {f"accuracy@{m}:{v}": 1 - 1 / (epoch + m) for m in sizes for v in "gm"}
            facts = {
                "time": 1e9 + epoch,
                "epoch": epoch,
                "learning_rate": 1e-3,
                "of": epochs * steps,
                "eta": 1.0,
            }
            loss = {"loss": sum(parts.values()), **parts}
            for step in range(10, steps + 1, 10):
                event = {"event": "step", "step": epoch * steps + step, **facts, "metrics": loss}
                file.write(json.dumps(event) + "\n")
            end = {**facts, "step": (epoch + 1) * steps}
            file.write(json.dumps({"event": "epoch", **end, "metrics": loss}) + "\n")
            file.write(json.dumps({"event": "validation", **end, "metrics": {**scores, "score": 0.5}}) + "\n")
        file.write(json.dumps({"event": "done", "time": 2e9, "step": epochs * steps}) + "\n")


def watch() -> None:
    """Start a training from a window that shows its curves; print its process id and seconds to a step."""
    from apsnet_core.training.run_state import RunState

    app, window = _open()
    training = window.training.training
    began = time.perf_counter()
    folder = training.start("watched", RECIPE, [])
    window.docks.show("Training")

    def told(state: RunState) -> None:
        if state.folder == folder:
            window.training.panel.select(folder)
            if state.step:
                training.run_changed.disconnect(told)
                print(state.process, time.perf_counter() - began, flush=True)

    training.run_changed.connect(told)
    app.exec()


def curves() -> None:
    """Print the CPU time until the curves of the run are on the screen, and that of drawing them again."""
    from apsnet_gui.training.curves import TrainingCurves
    from tests.bench.bench_window import close

    app, window = _open()
    training = window.training.training
    while not training.is_ready:
        app.processEvents()
    window.docks.show("Training")
    app.processEvents()  # creates the plots, which is not measured
    folder, aside = training.folders[0] / "long", training.folders[0].parent / "long"
    folder.rename(aside)
    training.look()
    while training.runs:
        app.processEvents()
    aside.rename(folder)
    began = time.process_time()
    training.look()
    while not training.runs:
        app.processEvents()
    panel = window.training.panel
    panel.grab()
    loaded = time.process_time() - began
    [state] = training.runs.values()
    times = []
    for _ in range(10):
        began = time.process_time()
        training.run_changed.emit(state)
        present(panel.findChild(TrainingCurves)).grab()
        times.append(time.process_time() - began)
    print(loaded, statistics.median(times))
    close(window)


def _open() -> tuple[QApplication, Window]:
    from PySide6.QtWidgets import QApplication

    from apsnet_gui.state.settings import Settings
    from apsnet_gui.style.theme import Theme
    from apsnet_gui.window.window import Window

    app = QApplication([])
    window = Window(Settings(), Theme(app, "dark"))
    window.resize(1280, 800)
    window.show()
    opened = time.perf_counter()
    # Wait for the work of the start, which another measurement covers.
    while time.perf_counter() - opened < 0.5 or not window.is_complete:
        app.processEvents()
    return app, window
