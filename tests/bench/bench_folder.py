"""The CPU time to sample a folder of many small clouds, for each file, and that of a finished job.

It includes child processes, and is nearly the same on an idle and on a busy machine.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files import write
from tests.bench.bench_cli import cpu_seconds
from tests.bench.ratio import Ratio

FILES, POINTS = 5000, 1024
A_FILE, DONE = 0.004, 1.0


def measure() -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "in"), Path(folder, "out")
        source.mkdir()
        random = np.random.default_rng(0)
        for number in range(FILES):
            write(PointCloud.from_array(random.random((POINTS, 3))), source / f"{number:04}.ply")
        command = ["-m", "apsnet_core.cli", "sample", str(source), "-m", "farthest_point", "-o", str(out)]
        workers = os.cpu_count() or 1
        a_file = cpu_seconds(*command) / FILES
        yield Ratio(
            f"farthest point, a file of {FILES}", a_file, A_FILE, 1.0, "at most", workers,
            "against 4 ms, start of the children included",
        )  # fmt: skip
        yield Ratio(
            f"a finished job of {FILES} files", cpu_seconds(*command), DONE, 1.0, "at most", 1, "against 1 s"
        )
