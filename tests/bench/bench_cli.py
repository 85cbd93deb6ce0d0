"""How long `apsnet info` keeps a person waiting: its process on a small file, beyond importing numpy."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from apsnet_core.assets import asset
from apsnet_core.files import read, write
from apsnet_core.shapes import open_cloud
from tests.bench.ratio import Ratio, medians

ALLOWED = {".ply": 0.5, ".xyz": 0.5, ".npy": 0.5, ".obj": 0.5, ".off": 0.5, ".stl": 1.0, ".glb": 1.0}


def _process(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


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
            info, numpy = medians(
                lambda path=path: _process("-m", "apsnet_core.cli", "info", str(path)),  # type: ignore[misc]
                lambda: _process("-c", "import numpy"),
            )
            yield Ratio(
                name=f"info {suffix}",
                ours=info - numpy,
                theirs=seconds,
                bound=1.0,
                kind="at most",
                note="beyond `import numpy`, against what is allowed",
            )
