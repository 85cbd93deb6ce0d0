"""Contents of a file that the result lacks give an error or a note with their count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.columns import cloud_from_arrays
from apsnet_core.files.format import Format
from apsnet_core.files.formats import formats
from tests.core.cli.command import answer


def test_normals_that_are_not_finite_are_counted() -> None:
    normals = np.array([[0, 0, 1], [np.nan, 0, 0], [0, np.inf, 0], [0, 1e300, 0], [0, 1, 0]])
    xyz = np.eye(5, 3)
    xyz[4] = np.nan
    cloud = cloud_from_arrays(xyz, Path("a.ply"), normals=normals)
    assert cloud.normals is not None and cloud.normals.tolist() == [[0, 0, 1], *[[0, 0, 0]] * 3]
    assert cloud.dropped == 1 and cloud.notes == ("3 normals not finite: (0, 0, 0) instead",)


@pytest.mark.parametrize(
    "format", [row for row in formats() if row.write or row.write_mesh], ids=lambda f: f.name
)
def test_a_format_names_all_that_its_files_leave_out(tmp_path: Path, format: Format) -> None:
    """Everything that `leaves_out` does not name is read back."""
    rng = np.random.default_rng(0)
    normals = np.tile(np.array([0, 0.6, 0.8], np.float32), (6, 1))
    rgb = rng.integers(0, 256, (6, 3)).astype(np.uint8)
    xyz = rng.normal(size=(6, 3)).astype(np.float32)
    shapes: list[PointCloud | TriangleMesh] = []
    if format.write:
        shapes.append(PointCloud(xyz, rgb=rgb, normals=normals, attributes={"w": np.arange(6.0)}))
    if format.write_mesh:
        shapes.append(TriangleMesh(xyz, np.arange(6).reshape(2, 3), rgb=rgb, normals=normals))
    for shape in shapes:
        path = tmp_path / f"a{format.suffixes[0]}"
        files.write(shape, path, force=True)
        back = files.read(path)
        said = "".join(format.leaves_out(shape))
        assert ("colours" in said) == (back.rgb is None)
        if isinstance(back, PointCloud):
            assert ("normals" in said) == (back.normals is None)
            assert ("fields" in said) == (not back.attributes)
    assert format.leaves_out(PointCloud(xyz)) == ()


def test_commands_note_what_the_format_of_the_output_leaves_out(tmp_path: Path) -> None:
    shape = TriangleMesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]]), rgb=np.zeros((3, 3), np.uint8))
    files.write(shape, tmp_path / "a.ply")
    note = "colours left out: a file of the format {} stores positions only"
    assert answer("convert", tmp_path / "a.ply", tmp_path / "a.stl")["notes"] == [note.format("stl")]
    found = answer("sample", tmp_path / "a.ply", "-n", 2, "-o", tmp_path / "a.npy")
    assert found["notes"] == [note.format("npy")]
    assert answer("sample", tmp_path / "a.ply", "-n", 2, "-o", tmp_path / "b.csv")["notes"] == []
