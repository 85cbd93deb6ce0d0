"""Small input files for the commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np

# A unit cube of six quads, whose area and number of triangles are known.
CUBE = """v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
v 0 0 1
v 1 0 1
v 1 1 1
v 0 1 1
f 1 4 3 2
f 5 6 7 8
f 1 2 6 5
f 2 3 7 6
f 3 4 8 7
f 4 1 5 8
"""


def cube(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CUBE)
    return path


def cloud(path: Path, n: int = 200, seed: int = 0) -> Path:
    """Random points in whole thousandths as `x y z` lines, so that the text is exact."""
    path.parent.mkdir(parents=True, exist_ok=True)
    points = np.random.default_rng(seed).integers(0, 1000, (n, 3)) / 1000
    np.savetxt(path, points, fmt="%.3f")
    return path
