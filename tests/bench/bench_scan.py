"""The window with a LAS file of ten million points: the memory of all its processes, and its frame rate."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.bench.bench_files import hills
from tests.bench.ratio import Ratio

POINTS = 10_000_000
FRAMES = 30
FRAME = 1 / 10  # seconds
_LOOK = 0.02  # seconds
REST = 2000  # ms, in which all processes return unused memory to the system


def measure() -> Iterator[Ratio]:
    """Yield the ratios; bounds: memory at all times 3 x the arrays, 0.1 s for a picture of a turn."""
    if sys.platform != "linux":
        return  # only Linux reports the memory that processes share
    with tempfile.TemporaryDirectory() as folder:
        hills(Path(folder, "hills.las"), POINTS)
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "APSNET_HOME": folder}
        code = f"from tests.bench.bench_scan import session; session({folder!r})"
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
        )
    arrays, peak, at_rest, pointed, frame = map(float, done.stdout.split()[-5:])
    note = f"renderer and reader included; {at_rest / arrays:.2f}x until the pointer is over the view"
    yield Ratio(
        "LAS, 10 M points: memory of the window", pointed, arrays, 3.0, "at most", note=note, unit="MiB"
    )
    note = "from reading it to the last job's end"
    yield Ratio("LAS, 10 M points: peak of the window", peak, arrays, 3.0, "at most", note=note, unit="MiB")
    yield Ratio("LAS, 10 M points: a picture of a turn", frame, FRAME, 1.0, "at most", note="against 0.1 s")


def session(folder: str) -> None:
    """Print the MiB of the arrays, the growth in MiB at the peak, at rest and after picking, and the seconds.

    The seconds are the median time of a picture of a turn.
    """
    from PySide6.QtCore import QEventLoop, QPointF, QTimer
    from PySide6.QtWidgets import QApplication

    from apsnet_core.cloud import PointCloud
    from apsnet_gui.viewport.camera import orbit
    from tests.bench.bench_window import close, open_window, settle

    def rest() -> float:
        settle(window)
        loop = QEventLoop()
        QTimer.singleShot(REST, loop.quit)
        loop.exec()
        return held(os.getpid())

    _app, window = open_window()
    hills(Path(folder, "few.las"), 2000)  # a small file first, so that the libraries are loaded
    window.opening.open_paths([str(Path(folder, "few.las"))])
    settle(window)
    window.session.replace_all(type(window.session.document)(), None, None)
    before = rest()
    code = f"from tests.bench.bench_scan import watch; watch({os.getpid()})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as watcher:
        window.opening.open_paths([str(Path(folder, "hills.las"))])
        settle(window)
        watcher.terminate()
        peak = float((watcher.communicate()[0].split() or ["nan"])[-1])
    cloud = window.session.document.entries[0].shape
    assert isinstance(cloud, PointCloud)
    arrays = (cloud.xyz, cloud.rgb, *cloud.attributes.values())
    view = window.view
    came: list[float] = []
    view.frame_drawn.connect(came.append)
    seconds = []
    for number in range(FRAMES):
        began = time.perf_counter()
        view.move_camera(orbit(view.camera, 0.05, 0, "z"), remember=False)
        while len(came) <= number:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        seconds.append(time.perf_counter() - began)
    at_rest = rest()
    width, height = view.logical
    while view.pick(QPointF(width / 2, height / 2)) is None:
        settle(window)
    size = sum(array.nbytes for array in arrays if array is not None) / 2**20
    print(size, peak - before, at_rest - before, rest() - before, statistics.median(seconds))
    close(window)


def watch(parent: int) -> None:
    """Print the largest value of `held` for a process whenever it grows, until this process is ended."""
    most = 0.0
    while True:
        now = held(parent)
        if now > most:
            most = now
            print(most, flush=True)
        time.sleep(_LOOK)


def held(parent: int) -> float:
    """The memory in MiB of a process and its children without file mappings; shared memory counts once.

    It does not include the children that compile the kernels, which end by themselves, and this process.
    """
    import psutil

    total = 0
    first = psutil.Process(parent)
    for process in [first, *first.children(recursive=True)]:
        with suppress(OSError, psutil.Error):  # the process may have ended
            looks = process.pid == os.getpid() != parent
            if looks or any("_kernels" in word for word in process.cmdline()):
                continue
            for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
                name, _, amount = line.partition(":")
                if name in ("Pss_Anon", "Pss_Shmem"):
                    total += int(amount.split()[0])
    return total / 1024
