"""The loop of the fuzzer: damage a file, read it, and check the result."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from tests.fuzz.mutations import mutated
from tests.fuzz.readers import Seen, seen
from tests.fuzz.subjects import subjects

_SECONDS = 5.0  # the limit of the CPU time for a file of some kilobytes
_BYTES = 1 << 30


def damaged(folder: Path, seed: int) -> Iterator[Path]:
    """Yield damaged files in ``folder`` without end, one subject after another.

    A file is deleted when the next one is requested.
    """
    (folder / "scratch").mkdir(exist_ok=True)
    whole = subjects(folder / "scratch")
    kinds: dict[str, list[bytes]] = {}
    for name, data in whole.items():
        kinds.setdefault(Path(name).suffix, []).append(data)
    rng = np.random.default_rng(seed)
    number = 0
    while True:
        for name, data in whole.items():
            others = kinds[Path(name).suffix]
            path = folder / f"{number:06}{Path(name).suffix}"
            path.write_bytes(mutated(data, others[rng.integers(len(others))], rng))
            yield path
            path.unlink(missing_ok=True)
            number += 1


def judged(path: Path, outcomes: Counter[str]) -> str | None:
    """Read ``path`` and describe what is wrong with the result, or return None; ``outcomes`` counts cases."""
    before, memory = time.process_time(), psutil.Process().memory_info().rss
    try:
        shape = files.read(path)
    except files.ReadError as error:
        outcomes["refused"] += 1
        sentence = error.why
        fine = 10 < len(sentence) < 500 and "\n" not in sentence and "Traceback" not in sentence
        return None if fine else f"an odd sentence: {sentence!r}"
    except BaseException as error:
        return f"escaped: {error!r}"
    if time.process_time() - before > _SECONDS:
        return f"took {time.process_time() - before:.1f} s"
    if psutil.Process().memory_info().rss - memory > _BYTES:
        return "took more than a gigabyte"
    points = shape.xyz if isinstance(shape, PointCloud) else shape.vertices
    if not len(points) or not np.isfinite(points).all():
        return "has no points, or points that are not finite"
    other = seen(path)
    if other is None or any("announced" in note for note in shape.notes):
        outcomes["read"] += 1
        return None
    outcomes["compared"] += 1
    return _difference(shape, other)


def _difference(shape: PointCloud | TriangleMesh, other: Seen) -> str | None:
    """Describe how the shape differs from that of another reader of the same file; None if it does not."""
    rows = np.isfinite(other.points).all(axis=1)
    scale = float(np.abs(other.points[rows]).max(initial=1e-30))  # at least 1e-30, for the division below
    if isinstance(shape, PointCloud):
        return _apart(shape.absolute, other.points[rows], scale, "points")
    if other.polygons is None:
        return "a mesh, but another reader sees only points"
    known = [p for p in other.polygons if len(p) > 2 and min(p) >= 0 and max(p) < len(rows)]
    triangles = [p for p in known if rows[p].all()]
    if all(len(p) == 3 for p in triangles) and shape.rgb is None:
        ours = (shape.vertices.astype(np.float64) + shape.offset)[shape.faces].reshape(-1, 3)
        return _apart(ours, other.points[[k for p in triangles for k in p]], scale, "corners of triangles")
    most = sum(len(p) - 2 for p in triangles)
    return None if len(shape.faces) <= most else f"{len(shape.faces)} triangles, {most} at most are right"


def _apart(ours: np.ndarray, theirs: np.ndarray, scale: float, what: str) -> str | None:
    if len(ours) != len(theirs):
        return f"{len(ours)} {what}, another reader sees {len(theirs)}"
    alike = np.allclose(ours / scale, theirs / scale, rtol=0, atol=1e-6)
    return None if alike else f"the {what} differ from those that another reader sees"
