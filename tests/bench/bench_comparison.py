"""The time to fill the views of six methods side by side, against that of the samplers and one frame each."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.bench.ratio import Ratio

METHODS = ("random", "farthest_point", "voxel", "samplenet", "apsnet", "apsnet:m")
M, POINTS, ROUNDS = 32, 2048, 8


def measure() -> Iterator[Ratio]:
    """Yield one ratio, measured in a window in a separate process."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "APSNET_HOME": home}
        code = "from tests.bench.bench_comparison import fill; fill()"
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
        )
    ours, theirs = map(float, done.stdout.split()[-2:])
    note = f"m = {M} on {POINTS} points; against the samplers alone and one round of frames"
    yield Ratio("six methods side by side", ours, theirs, 1.5, "at most", note=note)


def fill() -> None:
    """Print the seconds until all views show a new sampling, and those of only the samplers and frames."""
    import numpy as np

    from apsnet_core.assets import asset
    from apsnet_core.cloud import PointCloud
    from apsnet_core.files.open_cloud import open_cloud
    from apsnet_core.methods.creating import create
    from apsnet_core.methods.spec import MethodSpec
    from apsnet_core.ops.orientation import Up
    from tests.bench.bench_window import close, open_window, settle
    from tests.narrow import of_kind, present

    app, window = open_window()
    session, grid = window.session, window.grid
    cloud, _ = open_cloud(asset("shapes", "chair.obj"), points=POINTS)
    file = Path(tempfile.mkdtemp()) / "chair.npy"
    np.save(file, cloud.xyz)
    session.replace_all(
        session.document.with_choice(m=M).with_lineup(
            methods=tuple(map(MethodSpec.parse, METHODS)), shown=True
        ),
        None,
        None,
    )
    window.opening.open_paths([str(file)])
    settle(window)
    active = present(session.document.active)
    shape = of_kind(PointCloud, active.shape)
    up: Up = "y" if active.up == "y" else "z"
    samplers = [create(MethodSpec.parse(method), "classification", up) for method in METHODS]

    def until(done: Callable[[], bool]) -> None:
        while not done():
            app.processEvents()
            time.sleep(0.0005)  # releases the interpreter lock for the worker threads

    def side_by_side() -> float:
        began = time.perf_counter()
        before = {place: part.result for place, part in window.results.parts.items()}
        session.choose(seed=session.document.choice.seed + 1)
        until(
            lambda: (
                all(part.result is not before[place] for place, part in window.results.parts.items())
                and grid.is_settled
            )
        )
        seconds = time.perf_counter() - began
        settle(window)  # the measures are computed later and must not slow the next measurement
        return seconds

    def alone() -> float:
        began = time.perf_counter()
        for sampler in samplers:
            sampler.sample(shape, M, session.document.choice.seed)
        for cell in grid.ordered:
            cell.view.set_scene(replace(cell.view.scene))
        until(lambda: grid.is_settled)
        return time.perf_counter() - began

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for call, into in zip((side_by_side, alone), times, strict=True):
            into.append(call())
    print(*(statistics.median(each[1:]) for each in times))
    close(window)
