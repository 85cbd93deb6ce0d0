"""Text files of numbers in all the notations that people and programs use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud

XYZ = np.array([[1.5, -2, 3e-1], [4, 5.25, 6]], dtype=np.float32)


def _read(folder: Path, name: str, text: str | bytes) -> PointCloud:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud)
    return cloud


@pytest.mark.parametrize(
    "text",
    [
        "1.5 -2 3e-1\n4 5.25 6\n",
        "1.5 -2 3e-1\n4 5.25 6",
        "1.5\t-2\t3e-1\r\n4\t5.25\t6\r\n",
        "  1.5   -2  3e-1 \n\n\n 4  5.25 6\n",
        "1.5,-2,3e-1\n4,5.25,6\n",
        "1.5, -2, 3e-1\n4, 5.25, 6\n",
        "1.5,-2,3e-1,\n4,5.25,6,\n",
        "1.5;-2;3e-1\n4;5.25;6\n",
        "1,5;-2;3e-1\n4;5,25;6\n",
        "x,y,z\n1.5,-2,3e-1\n4,5.25,6\n",
        '"X","Y","Z"\n1.5,-2,3e-1\n4,5.25,6\n',
        '"x";"y";"z"\n"1,5";"-2";"0,3"\n4;5,25;6\n',
        "z y x\n3e-1 -2 1.5\n6 5.25 4\n",
        "# made by hand\n# x y z\n1.5 -2 3e-1 # first\n4 5.25 6\n",
        "//X Y Z\n1.5 -2 3e-1\n4 5.25 6\n",
        b"\xef\xbb\xbfx,y,z\n1.5,-2,3e-1\n4,5.25,6\n",
        "2\n1.5 -2 3e-1\n4 5.25 6\n",
    ],
)
@pytest.mark.parametrize("suffix", [".xyz", ".csv", ".txt", ".pts"])
def test_all_separators_headers_and_comments_are_read(tmp_path: Path, text: str | bytes, suffix: str) -> None:
    cloud = _read(tmp_path, f"a{suffix}", text)
    assert np.array_equal(cloud.xyz, XYZ)
    assert not cloud.attributes and cloud.rgb is None and cloud.normals is None


@pytest.mark.parametrize("red", ["red", "R", "r", "Red", "diffuse_red"])
def test_names_of_columns_give_their_roles(tmp_path: Path, red: str) -> None:
    header = f"{red},g,BLUE,Normal_X,ny,nz,Z,Y,X,Intensity"
    cloud = _read(tmp_path, "a.csv", f"{header}\n1,2,3,0,0,1,9,8,7,55\n4,5,6,0,1,0,6,5,4,66\n")
    assert cloud.xyz.tolist() == [[7, 8, 9], [4, 5, 6]]
    assert (
        cloud.rgb is not None and cloud.rgb.dtype == np.uint8 and cloud.rgb.tolist() == [[1, 2, 3], [4, 5, 6]]
    )
    assert cloud.normals is not None and cloud.normals.tolist() == [[0, 0, 1], [0, 1, 0]]
    assert cloud.attributes["Intensity"].tolist() == [55, 66]


@pytest.mark.parametrize(
    ("name", "line", "rgb", "normals", "attributes"),
    [
        ("a.xyzn", "1 2 3 0 0 1", None, [0, 0, 1], {}),
        ("a.xyzn", "1 2 3 9 9 9", None, [9, 9, 9], {}),
        ("a.xyzrgb", "1 2 3 0.0 0.5 1.0", [0, 128, 255], None, {}),
        ("a.xyzrgb", "1 2 3 10 128 255", [10, 128, 255], None, {}),
        ("a.pts", "1 2 3 77", None, None, {"intensity": 77}),
        ("a.pts", "1 2 3 10 20 30", [10, 20, 30], None, {}),
        ("a.pts", "1 2 3 -77 10 20 30", [10, 20, 30], None, {"intensity": -77}),
        ("a.txt", "1 2 3 10 20 30", [10, 20, 30], None, {}),
        ("a.txt", "1 2 3 0.6 0.0 0.8", None, [0.6, 0, 0.8], {}),
        ("a.csv", "1,2,3,0.6,0.0,0.8,20000,40000,30000", [20000, 40000, 30000], [0.6, 0, 0.8], {}),
        ("a.xyz", "1 2 3 10 20 30 4", [10, 20, 30], None, {"column_7": 4}),
        ("a.xyz", "1 2 3 -10.5 20 30", None, None, {"column_4": -10.5, "column_5": 20, "column_6": 30}),
    ],
)
def test_columns_without_names_get_roles_by_suffix_and_values(
    tmp_path: Path,
    name: str,
    line: str,
    rgb: list[int] | None,
    normals: list[float] | None,
    attributes: dict[str, float],
) -> None:
    cloud = _read(tmp_path, name, f"{line}\n{line}\n")
    assert cloud.xyz.tolist() == [[1, 2, 3]] * 2
    assert (None if cloud.rgb is None else cloud.rgb[0].tolist()) == rgb
    assert (cloud.normals is None) == (normals is None)
    assert normals is None or np.allclose(cloud.normals, normals)  # type: ignore[arg-type]
    assert {key: values[0] for key, values in cloud.attributes.items()} == attributes


def test_integers_in_text_are_read_exactly(tmp_path: Path) -> None:
    text = f"x,y,z,id,weight,mixed\n1,2,3,{2**62 + 1},1.0,1\n4,5,6,{2**53 + 1},2.0,0.5\n"
    cloud = _read(tmp_path, "a.csv", text)
    assert cloud.attributes["id"].tolist() == [2**62 + 1, 2**53 + 1]
    assert cloud.attributes["weight"].dtype == np.float64
    assert cloud.attributes["mixed"].tolist() == [1, 0.5]


def test_coordinates_are_written_without_rounding_noise(tmp_path: Path) -> None:
    cloud = _read(tmp_path, "a.csv", "x,y,z\n637012.24,851000.1,0.125\n637013.5,851001.75,0.5\n")
    files.write(cloud, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_text().splitlines()[1:] == [
        "637012.24,851000.10,0.125",
        "637013.50,851001.75,0.5",
    ]
    files.write(PointCloud(np.array([[0.1, 1 / 3, 2]], np.float32)), tmp_path / "c.xyz")
    assert (tmp_path / "c.xyz").read_text() == "0.1 0.33333334 2.0\n"


def test_separators_within_quotes_are_not_separators(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        '"x","y","z","of, what"\n"1","2","3","oak, old"\n"4.5","5","6","a ""b"""\n'
    )
    cloud = files.read(tmp_path / "a.csv")
    assert isinstance(cloud, PointCloud) and cloud.xyz.tolist() == [[1, 2, 3], [4.5, 5, 6]]
    assert cloud.notes == ("1 column of text left out: of, what",)
    (tmp_path / "b.csv").write_text('x;y;z;name\n0,5;1;2;"a; b"\n1,5;1;2;c\n')
    cloud = files.read(tmp_path / "b.csv")
    assert isinstance(cloud, PointCloud) and cloud.xyz[:, 0].tolist() == [0.5, 1.5]
