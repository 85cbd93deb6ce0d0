"""The time and memory to read laser scans, and the time to write them, against laspy.

Each file is read in a new process.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.bench.ratio import Ratio, medians

_POINTS = 2_128_560
_MANY = 10_000_000
_ROUNDS = 5

# The scripts print the seconds of the reading only. Ours also prints the growth of the peak memory in bytes,
# without and with the child process, and the size of the arrays that were read.
_PEAK = """
import json, os, sys, threading, time
import numpy as np, psutil
path = sys.argv[1]
process = psutil.Process()
peak, peak_with_child, done = 0, 0, False
def watch():
    global peak, peak_with_child
    while not done:
        own = process.memory_info().rss
        peak = max(peak, own)
        try:
            own += sum(child.memory_info().rss for child in process.children())
        except psutil.NoSuchProcess:
            pass
        peak_with_child = max(peak_with_child, own)
        time.sleep(0.005)
"""
_OURS = (
    _PEAK
    + """
from apsnet_core import files
import apsnet_core.files.formats
watching = len(sys.argv) > 2
before = process.memory_info().rss
thread = threading.Thread(target=watch)
if watching: thread.start()
began = time.perf_counter()
cloud = files.read(path)
seconds = time.perf_counter() - began
done = True
held = [cloud.xyz, cloud.rgb, cloud.normals, *cloud.attributes.values()]
size = sum(array.nbytes for array in held if array is not None)
print(json.dumps([seconds, peak - before, peak_with_child - before, size]))
"""
)
_THEIRS = """
import json, sys, time
import numpy as np, laspy
began = time.perf_counter()
las = laspy.read(sys.argv[1])
xyz = (las.xyz - las.header.offsets).astype(np.float32)
print(json.dumps([time.perf_counter() - began]))
"""
_LASPY = """
import json, sys, time
import laspy
began = time.perf_counter()
laspy.read(sys.argv[1])
print(json.dumps([time.perf_counter() - began]))
"""


def measure() -> Iterator[Ratio]:
    """Yield the ratios; bound of a LAZ file: 1.3 x laspy.read and the copy to float32, plus 0.3 s.

    The growth of the memory may be 3 x the size of the arrays.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = _scan(Path(folder))
        yield _opened("LAZ, 2.1 M points", path, _THEIRS, 1.3)
        _, growth, with_child, held = (value / 2**20 for value in _run(_OURS, path, "watch"))
        yield Ratio(
            "LAZ, growth of the program's peak",
            growth,
            held,
            3.0,
            "at most",
            note="against what it holds",
            unit="MiB",
        )
        note = "the child's interpreter and libraries included"
        yield Ratio("LAZ, the same and its child", with_child, held, None, "at most", note=note, unit="MiB")
        hills(Path(folder, "many.las"), _MANY)
        yield _opened("LAS, 10 M points", Path(folder, "many.las"), _LASPY, 1.5)
        yield from _written(path, Path(folder))
        yield _text(Path(folder))


def _opened(name: str, path: Path, by_laspy: str, bound: float) -> Ratio:
    """The time to read ``path``, less 0.3 s, against laspy's script; each read runs in a new process."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for script, into in zip((_OURS, by_laspy), times, strict=True):
            into.append(_run(script, path)[0])
    ours, theirs = (statistics.median(seconds) for seconds in times)
    note = f"{path.name}: {ours:.2f} s, laspy {theirs:.2f} s; the 0.3 s granted are taken off"
    return Ratio(name, ours - 0.3, theirs, bound, "at most", os.cpu_count() or 1, note)


def _written(path: Path, folder: Path) -> Iterator[Ratio]:
    """The time to write the scan at ``path`` with its grid and fields; only ours waits for the disk."""
    import laspy

    from apsnet_core import files
    from apsnet_core.cloud import PointCloud

    cloud = files.read(path)
    assert isinstance(cloud, PointCloud) and cloud.grid is not None and cloud.rgb is not None
    (scales, offsets), colours = cloud.grid, cloud.rgb

    def by_hand(target: Path) -> None:
        header = laspy.LasHeader(point_format=3, version="1.2")
        header.scales, header.offsets = scales, offsets
        las = laspy.LasData(header)
        las.x, las.y, las.z = cloud.absolute.T
        las.red, las.green, las.blue = colours.T
        for name, values in cloud.attributes.items():
            las[name] = values
        las.write(target)

    for suffix in "las", "laz":
        target = folder / f"written.{suffix}"
        ours, theirs = medians(
            partial(files.write, cloud, target, force=True), partial(by_hand, target), rounds=5
        )
        yield Ratio(
            f"writing {suffix.upper()}, 2.1 M points", ours, theirs, 1.2, "at most", os.cpu_count() or 1,
            note="against laspy",
        )  # fmt: skip


def _text(folder: Path) -> Ratio:
    """The time to read 200 000 lines of x y z against Open3D's reader."""
    import numpy as np
    import open3d as o3d

    from apsnet_core import files

    path = folder / "rows.xyz"
    np.savetxt(path, np.random.default_rng(0).normal(size=(200_000, 3)), fmt="%.6f")
    ours, theirs = medians(lambda: files.read(path), lambda: o3d.io.read_point_cloud(path))
    return Ratio("text, 200 000 rows", ours, theirs, 1.0, "at most", note="against Open3D")


def _scan(folder: Path) -> Path:
    """The path of the real scan if APSNET_DATA has it, otherwise of a generated scan of the same size."""
    real = Path(os.environ.get("APSNET_DATA", ""), "scans", "autzen_stadium.laz")
    if real.is_file():
        return real
    hills(folder / "hills.laz", _POINTS)
    return folder / "hills.laz"


def hills(path: Path, points: int) -> None:
    """Write a generated scan with this number of points, with intensity and colours."""
    import laspy
    import numpy as np

    rng = np.random.default_rng(0)
    header = laspy.LasHeader(point_format=2, version="1.2")
    header.scales, header.offsets = np.full(3, 0.01), np.array([637000.0, 851000.0, 500.0])
    las = laspy.LasData(header)
    x, y = np.sort(rng.uniform(-740, 740, points)), rng.uniform(-1000, 1000, points)
    las.x, las.y = x + 637000, y + 851000
    las.z = 500 + 40 * np.sin(x / 200) * np.cos(y / 300) + rng.normal(size=points)
    las.intensity = rng.integers(0, 256, points)
    las.red, las.green, las.blue = rng.integers(0, 256, (3, points)) * 257
    las.write(path)


def _run(script: str, path: Path, *arguments: str) -> list[float]:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", script, str(path), *arguments],
        capture_output=True,
        text=True,
        cwd=root,
        check=True,
    )
    numbers: list[float] = json.loads(run.stdout)
    return numbers
