"""The time of `apsnet info` on a small file, less the time of importing numpy.

It is the CPU time, including child processes, which is nearly the same on an idle and on a busy machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from apsnet_core.assets import asset
from apsnet_core.files import read, write
from apsnet_core.files.open_cloud import open_cloud
from tests.bench.ratio import Ratio

ALLOWED = {".ply": 0.5, ".xyz": 0.5, ".npy": 0.5, ".obj": 0.5, ".off": 0.5, ".stl": 1.0, ".glb": 1.0}


def cpu_seconds(*arguments: str) -> float:
    """The CPU seconds of a Python process with these arguments and of its children."""
    before = os.times()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def measure() -> Iterator[Ratio]:
    source = asset("shapes", "table.obj")
    with tempfile.TemporaryDirectory() as folder:
        for suffix, seconds in ALLOWED.items():
            path = Path(folder) / f"table{suffix}"
            if suffix == ".glb":
                import trimesh

                mesh = read(source)
                trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).export(path)  # type: ignore[union-attr]
            else:
                write(read(source) if suffix in (".obj", ".off", ".stl") else open_cloud(source)[0], path)
            info, numpy = (
                statistics.median(cpu_seconds(*arguments) for _ in range(5))
                for arguments in (("-m", "apsnet_core.cli", "info", str(path)), ("-c", "import numpy"))
            )
            yield Ratio(
                name=f"info {suffix}",
                ours=info - numpy,
                theirs=seconds,
                bound=1.0,
                kind="at most",
                note="allowed beyond numpy",
            )
