"""The window: the time until it is shown, its longest stall, and the growth of its memory."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.ratio import Ratio, medians
from tests.bench.stall import STALL, Rounds

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from apsnet_gui.window.window import Window

SESSIONS = 5
PANELS = ("What if", "Training", "Evaluation", "Plot", "Dataset", "Messages", "Attention")
METHODS = ("random", "voxel", "samplenet", "snet", "farthest_point", "apsnet")
# Each script ends when the visible widgets are painted and the event loop is free again. They disable garbage
# collection, as the program does until its window is shown.
PAINTED = """
import gc, os; gc.disable()
from PySide6.QtCore import QEvent, QObject, QTimer
class Painted(QObject):
    def __init__(self, *widgets):
        super().__init__()
        self.missing = set(widgets)
        for widget in widgets:
            widget.installEventFilter(self)
    def eventFilter(self, widget, event):
        if event.type() == QEvent.Type.Paint and widget in self.missing:
            self.missing.remove(widget)
            if not self.missing:
                QTimer.singleShot(0, lambda: os._exit(0))
        return False
"""
EMPTY = (
    PAINTED
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); painted = Painted(window); window.show(); app.exec()
"""
)
FRAME = """
import gc, os; gc.disable()
from apsnet_gui.start import run
from apsnet_gui import app
class First(run.FirstFrame):
    def show_now(self):
        super().show_now(); os._exit(0)
run.FirstFrame = First
app.main([])
"""
WHOLE = (
    PAINTED
    + """
from apsnet_gui.start import run
from apsnet_gui import app
class First(run.FirstFrame):
    def give_place_to(self, window):
        super().give_place_to(window)
        panels = window.clouds.empty, window.sampling.method, window.attention, window.start_page.widget()
        self.painted = Painted(window, *panels, window.menuBar(), window.status)
run.FirstFrame = First
app.main([])
"""
)
LOADED = """
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.preload import load_torch
load_torch(JobProgress(lambda *_: None))
"""


def measure() -> Iterator[Ratio]:
    """Yield four ratios; stalls and growth are measured in scripted sessions in separate processes."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "APSNET_HOME": home}
        # Cache bytecode, as an installed program does, instead of compiling at every start.
        environment |= {"PYTHONPYCACHEPREFIX": f"{home}/compiled"}

        def run(code: str, *arguments: str) -> str:
            command = [sys.executable, "-c", code, *arguments]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            return done.stdout

        run(WHOLE)
        run(LOADED)
        ours, theirs = medians(lambda: run(FRAME), lambda: run(EMPTY))
        yield Ratio("first window", ours, theirs, 3.0, "at most", note="against an empty PySide6 window")
        ours, theirs = medians(lambda: run(WHOLE), lambda: run(EMPTY))
        yield Ratio(
            "first window with all in it",
            ours,
            theirs,
            3.0,
            "at most",
            note="against an empty PySide6 window",
        )
        sessions = [run("from tests.bench.bench_window import stalls; stalls()") for _ in range(SESSIONS)]
        own, clock = (
            statistics.median(float(said.splitlines()[-1].split()[k]) for said in sessions) for k in (0, 1)
        )
        yield Ratio(
            "longest stall of the window",
            own,
            STALL,
            1.0,
            "at most",
            note=f"median of {SESSIONS} sessions, against 50 ms; {1000 * clock:.0f} ms by the clock, other "
            "programs' turns included",
        )
        early, late = map(float, run("from tests.bench.bench_window import cycles; cycles()").split()[-2:])
        yield Ratio(
            "memory after 50 open/close cycles",
            late,
            early,
            1.1,
            "at most",
            unit="MiB",
            note="against 10 cycles; renderer and reader included",
        )


def stalls() -> None:
    """Print the longest round of the event loop, as own time and wall time.

    The session opens shapes, samples, steps through samples, compares, shows each panel for the first time,
    changes theme and text size, colours, turns and closes.
    """
    import numpy as np
    from PySide6.QtCore import QTimer

    from apsnet_core.evaluation.comparison.perturb import Perturbation
    from apsnet_core.methods.spec import MethodSpec

    app, window = open_window(settled=False)
    app.processEvents()
    rounds = Rounds()

    folder = Path(tempfile.mkdtemp())
    million = np.random.default_rng(0).random((1_000_000, 3), np.float32)
    np.save(folder / "million.npy", million)
    np.savetxt(folder / "text.xyz", million[:200_000])
    shapes = sorted(Path("assets/shapes").glob("*.obj"))[:4]
    session = window.session
    script: list[tuple[str, Callable[[], object]]] = [
        ("load torch", lambda: None),
        *((f"open {p.stem}", lambda p=p: window.opening.open_paths([str(p)])) for p in shapes),
        *((m, lambda m=m: session.choose(spec=MethodSpec.of(m))) for m in METHODS),
        *((f"m = {m}", lambda m=m: session.choose(m=m)) for m in (8, 64, 512)),
        *((f"t = {t}", lambda t=t: session.set_step(t)) for t in (1, 2, 100, 300)),
        *((f"t = {t} of attention", lambda t=t: session.set_step(t)) for t in (1, 2, 30)),
        ("side by side", lambda: session.line_up("Compare", shown=True)),
        ("a slider between two", lambda: session.line_up("Slider", layout="slider")),
        ("one alone", lambda: session.line_up("Leave", shown=False)),
        *((f"show {name}", lambda name=name: window.docks.show(name)) for name in PANELS),
        ("new training", window.training.new),
        ("no training", lambda: window.training.form and window.training.form.close()),
        ("search actions", window.show_palette),
        *((f"the {mode} theme", lambda mode=mode: window.theme.set_mode(mode)) for mode in ("light", "dark")),
        *((f"text at {k} %", lambda k=k: window.theme.set_scale(k)) for k in (125, 100)),
        ("another task", lambda: session.choose(task="reconstruction")),
        ("noise", lambda: session.change_what_if("Noise", change=Perturbation(noise=1))),
        ("open 200k lines of text", lambda: window.opening.open_paths([str(folder / "text.xyz")])),
        ("open 1M points", lambda: window.opening.open_paths([str(folder / "million.npy")])),
        ("colour 1M", lambda: session.edit(session.document.current or "", "Colour", colouring="height")),
        ("turn", lambda: window.view.look_from("left")),
        ("undo", session.undo),
        ("1M side by side", lambda: session.line_up("Compare", shown=True)),
        ("1M alone", lambda: session.line_up("Leave", shown=False)),
        ("close 1M", lambda: session.remove(session.document.current or "")),
        ("close all", lambda: session.replace_all(type(session.document)(), None, None)),
    ]
    rounds.start()
    for rounds.doing, act in script:
        QTimer.singleShot(0, act)  # called in a round of the event loop, like a click
        settle(window)
    print(*rounds.stop())
    close(window)


def cycles() -> None:
    """Print the memory in MiB after 10 and after 50 cycles of opening and closing a shape."""
    import psutil

    _app, window = open_window()
    used: dict[int, float] = {}

    def megabytes() -> float:
        process = psutil.Process()
        family = [process, *process.children(recursive=True)]
        return float(sum(member.memory_info().rss for member in family) / 2**20)

    for cycle in range(1, 51):
        window.opening.open_paths(["assets/shapes/chair.obj"])
        settle(window)
        window.session.replace_all(type(window.session.document)(), None, None)
        settle(window)
        if cycle in (8, 9, 10, 48, 49, 50):
            used[cycle] = megabytes()
    early, late = ([used[i] for i in group] for group in ((8, 9, 10), (48, 49, 50)))
    print(statistics.median(early), statistics.median(late))
    close(window)


def open_window(settled: bool = True) -> tuple[QApplication, Window]:
    from PySide6.QtWidgets import QApplication

    from apsnet_gui.state.settings import Settings
    from apsnet_gui.style.theme import Theme
    from apsnet_gui.window.window import Window

    gc.disable()  # as the program does until its window is shown
    app = QApplication([])
    window = Window(Settings(), Theme(app, "dark"))
    window.show()
    if settled:
        settle(window)
    return app, window


def close(window: Window) -> None:
    """Close the window and discard its changes without a question."""
    window.session.saved_as(None)
    window.close()


def settle(window: Window) -> None:
    """Run the event loop, as in the program, until the window is complete."""
    from PySide6.QtCore import QEventLoop, QTimer

    calm = 0
    while calm < 4:
        loop = QEventLoop()  # QTest.qWait would not release the interpreter lock for other threads
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        calm = calm + 1 if window.is_complete else 0
