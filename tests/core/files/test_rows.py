"""The index of a sample is its row in the file in every format, also if rows were dropped."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.files import formats
from apsnet_core.methods.creating import create
from apsnet_core.methods.interface import RowSampler
from apsnet_core.methods.spec import MethodSpec
from tests.core.files.corpus import ptx

N = 40
BROKEN = (0, 3, 4, 17, 39)
LEFT = np.delete(np.arange(N), BROKEN)


def _xyz() -> np.ndarray:
    xyz = np.random.default_rng(0).normal(size=(N, 3)).astype(np.float32)
    for k, row in enumerate(BROKEN):
        xyz[row, k % 3] = (np.nan, np.inf, -np.inf)[k % 3]
    return xyz


def _lines(before: str = "", between: str = " ", each: str = "", after: str = "") -> bytes:
    rows = [each + between.join(map(str, row)) + after for row in _xyz().tolist()]
    return (before + "\n".join(rows) + "\n").encode()


def _npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, _xyz())
    return stream.getvalue()


def _npz() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, points=_xyz())
    return stream.getvalue()


def _h5() -> bytes:
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["data"] = _xyz()
    return stream.getvalue()


PLY = f"ply\nformat {{}} 1.0\nelement vertex {N}\n" + "".join(f"property float {a}\n" for a in "xyz")
PCD = f"FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH 8\nHEIGHT 5\nPOINTS {N}\nDATA {{}}\n"
VTP = '<VTKFile type="PolyData"><PolyData><Piece><Points><DataArray type="Float32" NumberOfComponents="3" '
VTP += 'format="ascii">\n'
VTP_END = b"</DataArray></Points></Piece></PolyData></VTKFile>"
FILES: dict[str, Callable[[], bytes]] = {
    "ascii.ply": lambda: _lines(PLY.format("ascii") + "end_header\n"),
    "binary.ply": lambda: (PLY.format("binary_little_endian") + "end_header\n").encode() + _xyz().tobytes(),
    "ascii.pcd": lambda: _lines(PCD.format("ascii")),
    "binary.pcd": lambda: PCD.format("binary").encode() + _xyz().tobytes(),
    **{f"a.{kind}": _lines for kind in ("xyz", "txt", "asc", "neu", "dat")},
    "a.xyzn": lambda: _lines(after=" 0 0 1"),
    "a.xyzrgb": lambda: _lines(after=" 1 0 0"),
    "a.pts": lambda: _lines(f"{N}\n", after=" 5"),
    "a.csv": lambda: _lines("x,y,z\n", ","),
    "a.npy": _npy,
    "a.npz": _npz,
    "a.h5": _h5,
    "a.bin": lambda: np.column_stack([_xyz(), np.ones(N, np.float32)]).tobytes(),
    "a.pcd.bin": lambda: np.column_stack([_xyz(), np.ones((N, 2), np.float32)]).tobytes(),
    "a.ptx": lambda: ptx(np.where(np.isfinite(_xyz()).all(axis=1, keepdims=True), _xyz(), 0)),
    "a.obj": lambda: _lines(each="v "),
    "a.vtk": lambda: _lines(f"# vtk DataFile Version 3.0\na\nASCII\nDATASET POLYDATA\nPOINTS {N} float\n"),
    "a.vtp": lambda: _lines(VTP) + VTP_END,
    "a.off": lambda: _lines(f"OFF\n{N} 0 0\n"),
}
# These formats store only integers or only triangles, or (glTF, Draco) points that belong to no row.
WITHOUT = {".las", ".laz", ".stl", ".gltf", ".glb", ".drc", ".3mf", ".dae", ".vtu", ".hdf5", ".e57"}


def test_the_test_files_cover_every_format() -> None:
    assert {formats.suffix_of(name) for name in FILES} | WITHOUT == set(files.readable())


@pytest.mark.parametrize("name", FILES)
def test_the_index_of_samples_counts_the_rows_of_the_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    cloud = files.read(tmp_path / name)
    assert isinstance(cloud, PointCloud) and cloud.dropped == len(BROKEN)
    assert cloud.source_rows(np.arange(len(cloud))).tolist() == LEFT.tolist()
    sampling = create(MethodSpec.parse("farthest_point")).sample(cloud, 12)
    files.write(cloud, tmp_path / "s.csv", sampling=sampling)
    written = files.read(tmp_path / "s.csv")
    assert isinstance(written, PointCloud)
    index = written.attributes["index"]
    assert len(set(index.tolist())) == 12
    assert np.allclose(written.xyz, _xyz()[index], atol=1e-6)


def test_rows_of_the_file_are_kept_by_take() -> None:
    cloud = PointCloud.from_array(_xyz())
    part = cloud.take(np.array([5, 2, 9])).take(np.array([2, 0]))
    assert part.source_rows(np.arange(2)).tolist() == LEFT[[9, 5]].tolist()


def test_a_cloud_made_from_arrays_must_be_finite() -> None:
    with pytest.raises(ValueError, match="from_array leaves such points out"):
        PointCloud(_xyz())
    rgb = np.random.default_rng(1).integers(0, 256, (N, 3)).astype(np.uint8)
    cloud = PointCloud.from_array(_xyz(), rgb=rgb, attributes={"w": np.arange(N)})
    assert cloud.dropped == len(BROKEN) and cloud.rows is not None and cloud.rows.tolist() == LEFT.tolist()
    assert cloud.rgb is not None and np.array_equal(cloud.rgb, rgb[LEFT])
    assert cloud.attributes["w"].tolist() == LEFT.tolist()
    with pytest.raises(ValueError, match="none of its points is finite"):
        PointCloud.from_array(np.full((3, 3), np.nan))
    with pytest.raises(ValueError, match=r"rgb has 40 values for 3 points"):
        PointCloud.from_array(np.eye(3), rgb=rgb)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([0, 1, 1], "2 different points, not 3"),
        ([0, 1], "shape"),
        ([0, 1, 9], "row 9 of 5"),
        ([0, 1, -1], "row -1"),
    ],
)
def test_a_method_that_gives_invalid_rows_is_refused(rows: list[int], why: str) -> None:
    sampler = RowSampler("broken", lambda points, m, seed: np.array(rows, np.int64))
    with pytest.raises(ValueError, match=why):
        sampler.sample(PointCloud(np.zeros((5, 3), np.float32)), 3)
