"""The longest stall of the window while a list of 5000 shapes of a dataset is scrolled."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.bench.ratio import Ratio
from tests.bench.stall import STALL, Rounds

SHAPES = 5000
STEPS, STEP_MS = 300, 8  # steps over the whole list, as if a hand moved the scroll bar


def measure() -> Iterator[Ratio]:
    """Yield one ratio, measured in a window in a separate process."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "APSNET_HOME": home}
        code = "from tests.bench.bench_browsing import scroll; scroll()"
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
        )
    own, clock, drawn = map(float, done.stdout.split()[-3:])
    note = f"against 50 ms; {1000 * clock:.0f} ms by the clock; {drawn:.0f} pictures drawn meanwhile"
    yield Ratio("longest stall, scrolling 5000 shapes", own, STALL, 1.0, "at most", note=note)


def scroll() -> None:
    """Print the longest round of the event loop, as own time and wall time, and the number of pictures."""
    from dataclasses import replace
    from pathlib import Path

    import numpy as np
    from PySide6.QtTest import QTest

    from apsnet_core.datasets import open_dataset
    from apsnet_core.datasets.dataset import Place
    from apsnet_gui.dataset.collection import Collection
    from tests.bench.bench_window import close, open_window, settle

    furniture = open_dataset("furniture")
    part, none = furniture.train, furniture.train.take(np.empty(0, np.int64))
    many = replace(part.take(np.arange(SHAPES) % len(part)), rows=np.arange(SHAPES))
    data = replace(furniture, train=many, validation=none, test=none)
    collection = Collection("many", data, [Place(Path("many"), "points", row) for row in range(SHAPES)])

    _app, window = open_window()
    current_dataset, panel = window.dataset.current_dataset, window.dataset.panel
    drawn = 0

    def count(_: object, pictures: list[object]) -> None:
        nonlocal drawn
        drawn += len(pictures)

    panel.pictures._drawn.connect(count)
    current_dataset._take(collection)
    settle(window)
    bar = panel.list.verticalScrollBar()
    rounds = Rounds()
    rounds.start()
    for rounds.doing, way in (("down", 1), ("up", -1)):
        for step in range(STEPS + 1)[::way]:
            bar.setValue(bar.maximum() * step // STEPS)
            QTest.qWait(STEP_MS)
        settle(window)
    print(*rounds.stop(), drawn)
    close(window)
