"""The time to read meshes against Open3D: a PLY with polygons of several sizes, and a large OBJ."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open3d as o3d

from apsnet_core import files
from tests.bench.ratio import Ratio, medians


def measure() -> Iterator[Ratio]:
    """Yield the ratios; bounds: 3 x Open3D for a PLY of triangles and quads, 2 x for an OBJ of 76 MB.

    The polygons of 1000 corners, which once stalled the reader, may take 2 s.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, path, bound in [
            ("PLY, binary, mixed polygons", _mixed(Path(folder, "mixed.ply")), 3.0),
            ("OBJ, triangles", _large(Path(folder, "large.obj")), 2.0),
        ]:
            ours, theirs = medians(lambda: files.read(path), lambda: _open3d(path), 3)  # noqa: B023
            size = path.stat().st_size / 1e6
            yield Ratio(name, ours, theirs, bound, "at most", 1, f"{size:.0f} MB, against Open3D")
        path = _stars(Path(folder, "stars.obj"))
        ours, _ = medians(lambda: files.read(path), lambda: None, 3)
        yield Ratio("OBJ, 200 stars of 1000 corners", ours, 2.0, 1.0, "at most", 1, "against 2 s")


def _open3d(path: Path) -> None:
    assert len(o3d.io.read_triangle_mesh(path).triangles)


def _grid(side: int) -> tuple[np.ndarray, np.ndarray]:
    """The vertices of a wavy sheet, and the four corners of its cells as rows of vertices."""
    x, y = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    first = (x[:-1, :-1] * side + y[:-1, :-1]).reshape(-1)
    vertices = np.column_stack([x.ravel(), y.ravel(), np.sin(x.ravel() / 9) * 3])
    return vertices, np.stack([first, first + 1, first + side + 1, first + side], axis=1)


def _mixed(path: Path) -> Path:
    vertices, cells = _grid(430)
    rng = np.random.default_rng(0)
    rows = []
    for cell, whole in zip(cells.astype("<i4"), rng.random(len(cells)) < 0.6, strict=True):
        parts = [cell] if whole else [cell[:3], cell[[0, 2, 3]]]
        rows += [bytes([len(part)]) + part.tobytes() for part in parts]
    head = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(vertices)}\n"
    head += "".join(f"property float {axis}\n" for axis in "xyz")
    head += f"element face {len(rows)}\nproperty list uchar int vertex_indices\nend_header\n"
    path.write_bytes(head.encode() + vertices.astype("<f4").tobytes() + b"".join(rows))
    return path


def _large(path: Path) -> Path:
    vertices, cells = _grid(1000)
    with path.open("w") as stream:
        stream.writelines(f"v {x:.6f} {y:.6f} {z:.6f}\n" for x, y, z in vertices.tolist())
        stream.writelines(f"f {a} {b} {c}\nf {a} {c} {d}\n" for a, b, c, d in (cells + 1).tolist())
    return path


def _stars(path: Path) -> Path:
    angle = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    radius = np.where(np.arange(1000) % 2, 0.2, 1.0)
    with path.open("w") as stream:
        for star in range(200):
            for r, a in zip(radius, angle, strict=True):
                stream.write(f"v {r * np.cos(a) + 3 * star:.5f} {r * np.sin(a):.5f} 0\n")
            stream.write(f"f {' '.join(str(-1000 + k) for k in range(1000))}\n")
    return path
