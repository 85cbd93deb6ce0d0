"""The roles of columns and their source: the user, the header, the format, or a guess from the values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.files.column_names import role_of
from tests.core.files.opened import cloud_of

N = 60
RNG = np.random.default_rng(3)
XYZ = RNG.uniform(-1, 1, (N, 3)).round(4)
RGB = RNG.integers(0, 256, (N, 3))
INTENSITY = RNG.integers(0, 2000, N)


def _text(*columns: np.ndarray, header: str = "", separator: str = " ", comma: bool = False) -> str:
    rows = [
        separator.join(str(value) for part in row for value in np.atleast_1d(part))
        for row in zip(*columns, strict=True)
    ]
    text = "\n".join(rows) + "\n"
    return header + (text.replace(".", ",") if comma else text)


def _read(folder: Path, name: str, text: str | bytes, **choice: Any) -> PointCloud:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    cloud = files.read(folder / name, **choice)
    assert isinstance(cloud, PointCloud)
    return cloud


def _roles(cloud: PointCloud) -> list[str]:
    return [role.role for role in cloud.roles]


@pytest.mark.parametrize(
    ("name", "header", "separator"),
    [
        ("units.csv", "X [m],Y [m],Z [m]\n", ","),
        ("survey.csv", "Easting,Northing,Elevation\n", ","),
        ("height.csv", "east;north;Height (m)\n", ";"),
        ("veloview.csv", "Points_m_XYZ:0,Points_m_XYZ:1,Points_m_XYZ:2\n", ","),
        ("paraview.csv", '"Points:0","Points:1","Points:2"\n', ","),
        ("ouster.csv", "X1 (m), Y1 (m), Z1 (m)\n", ","),
        ("pos.csv", "pos_x,pos_y,pos_z\n", ","),
        ("coord.txt", "x_coord y_coord z_coord\n", " "),
        ("cloudcompare.asc", "//X Y Z\n", " "),
        ("late.txt", "# x y z\n# exported by hand\n#\n", " "),
        ("latin.csv", "X [m],Y [m],Z [m]\n# h\xf6he\n", ","),
    ],
)
def test_headers_name_the_coordinates_in_many_spellings(
    tmp_path: Path, name: str, header: str, separator: str
) -> None:
    cloud = _read(tmp_path, name, _text(XYZ, header=header, separator=separator).encode("latin-1"))
    assert np.allclose(cloud.absolute, XYZ) and not cloud.attributes
    assert [(role.role, role.known) for role in cloud.roles] == [(axis, "header") for axis in "xyz"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_utf_8_and_utf_16_is_read(tmp_path: Path, encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    cloud = _read(tmp_path, "a.csv", (mark + _text(XYZ, header="x,y,z\n", separator=",")).encode(encoding))
    assert np.allclose(cloud.absolute, XYZ)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(tmp_path: Path, end: str) -> None:
    cloud = _read(tmp_path, "a.txt", _text(XYZ, header="# x y z\n").replace("\n", end))
    assert np.allclose(cloud.absolute, XYZ)


@pytest.mark.parametrize("separator", [" ", "\t", ";", "  "])
def test_numbers_with_decimal_commas_are_read(tmp_path: Path, separator: str) -> None:
    cloud = _read(tmp_path, "a.txt", _text(XYZ, separator=separator, comma=True))
    assert np.allclose(cloud.absolute, XYZ)


def test_commas_between_numbers_are_not_read_as_decimal_commas(tmp_path: Path) -> None:
    cloud = _read(tmp_path, "a.xyz", "1, 2, 3\n4, 5, 6\n")
    assert cloud.xyz.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("hole", ["nan", "-nan(ind)", "NaN", "1.#QNAN", "-1.#IND", "NA", "null", ""])
def test_cells_without_a_number_are_nan_or_drop_the_point(tmp_path: Path, hole: str) -> None:
    cloud = _read(tmp_path, "a.csv", f"x,y,z,i\n0,0,0,1\n1,1,{hole},5\n2,2,2,{hole}\n")
    assert cloud.dropped == 1 and cloud.source_rows(np.arange(2)).tolist() == [0, 2]
    assert np.array_equal(cloud.attributes["i"], [1, np.nan], equal_nan=True)


def test_columns_of_text_are_left_out_and_named(tmp_path: Path) -> None:
    lines = "".join(f"{x},{y},{z},chair\n" for x, y, z in XYZ)
    cloud = _read(tmp_path, "a.csv", "x,y,z,class\n" + lines)
    assert len(cloud) == N and not cloud.attributes
    assert cloud.notes == ("1 column of text left out: class",)
    bare = _read(tmp_path, "b.txt", lines)
    assert len(bare) == N and bare.notes == ("1 column of text left out: column 4",)


def test_a_further_column_named_like_a_coordinate_stays_an_attribute(tmp_path: Path) -> None:
    cloud = _read(tmp_path, "a.csv", "height,r,x,y,z,x1\n9,8,1,2,3,7\n9,8,4,5,6,7\n")
    assert cloud.xyz.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert {name: values[0] for name, values in cloud.attributes.items()} == {"height": 9, "r": 8, "x1": 7}
    assert [role.role for role in cloud.roles] == ["height", "r", "x", "y", "z", "x1"]
    (tmp_path / "b.csv").write_text("1,2,3,9,8\n")
    told = files.read(tmp_path / "b.csv", columns=["x", "y", "z", "height", "r"])
    assert isinstance(told, PointCloud) and {*told.attributes} == {"height", "r"}


def test_a_first_line_of_column_numbers_is_not_read_as_a_point(tmp_path: Path) -> None:
    cloud = _read(tmp_path, "a.csv", "0,1,2\n0.5,0.25,0.125\n4.0,,6.0\n1.5,2.0,3.0\n")
    assert cloud.xyz.tolist() == [[0.5, 0.25, 0.125], [1.5, 2, 3]] and cloud.dropped == 1
    assert "numbers the columns" in cloud.notes[0]
    (tmp_path / "b.csv").write_text(",0,1,2\n0,0.5,0.25,0.125\n1,4,5,6\n")
    with pytest.raises(files.ReadError, match=r"names the columns .*, 0, 1, 2, but x.*--columns says"):
        files.read(tmp_path / "b.csv")
    told = files.read(tmp_path / "b.csv", columns=["-", "x", "y", "z"])
    assert isinstance(told, PointCloud) and told.xyz[0].tolist() == [0.5, 0.25, 0.125]
    for point in ("0,1,2", "0,1,2\n3,4,5", "0,1,2\n0.5,1,2"):
        assert _read(tmp_path, "c.csv", point).xyz[0].tolist() == [0, 1, 2]


def test_many_lines_of_comments_before_the_points_are_skipped(tmp_path: Path) -> None:
    assert len(_read(tmp_path, "a.txt", "# made by hand\n" * 300 + "1 2 3\n")) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("0 0 0\n1 1 1 2 2 2\n3 3 3\n", 2),
        ("# a\n0 0 0\n\n1 1\n", 4),
        ("x y z\n0 0 0\n1 1 1\n2 2 2 9 9\n", 4),
        ("0,0,0\n1,1,1,1\n", 2),
    ],
)
def test_the_error_names_a_line_with_another_number_of_columns(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(files.ReadError, match=f"line {line} has"):
        _read(tmp_path, "a.txt", text)


def test_the_error_names_a_word_among_numbers(tmp_path: Path) -> None:
    with pytest.raises(files.ReadError, match=r"'b' is not a number \(line 3, column 2\)"):
        _read(tmp_path, "a.txt", "0 0 0\n1 1 1\n2 b 2\n")


def test_points_of_colmap_are_read_without_their_tracks(tmp_path: Path) -> None:
    header = "# 3D point list\n#   POINT3D_ID, X, Y, Z, R, G, B, ERROR, TRACK[] as (IMAGE_ID, POINT2D_IDX)\n"
    lines = [
        f"{k + 1} {' '.join(map(str, XYZ[k]))} {' '.join(map(str, RGB[k]))} 0.5" + f" {k} 7" * (k % 4 + 1)
        for k in range(N)
    ]
    cloud = _read(tmp_path, "points3D.txt", header + "\n".join(lines))
    assert np.allclose(cloud.absolute, XYZ)
    assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB)
    assert cloud.attributes["POINT3D_ID"].tolist() == list(range(1, N + 1))
    assert "left out" in cloud.notes[0]


def test_several_scans_in_one_pts_file_are_joined(tmp_path: Path) -> None:
    parts = [_text(part, header=f"{len(part)}\n") for part in (XYZ[:20], XYZ[20:])]
    cloud = _read(tmp_path, "a.pts", "".join(parts))
    assert np.allclose(cloud.absolute, XYZ) and cloud.notes == ("2 scans put together, of 20, 40 points",)
    with pytest.raises(files.ReadError, match="scan 2 announces 40 points and 39 follow"):
        _read(tmp_path, "b.pts", "".join(parts).rstrip().rpartition("\n")[0])


@pytest.mark.parametrize(("count", "found"), [(2, 3), (5, 3)])
def test_a_wrong_announced_count_is_reported(tmp_path: Path, count: int, found: int) -> None:
    with pytest.raises(files.ReadError, match=f"announces {count} points and {found} follow"):
        _read(tmp_path, "a.pts", f"{count}\n0 0 0\n1 1 1\n2 2 2\n")


COLOURS = ["red", "green", "blue"]
LABELS = np.column_stack([np.arange(N) % 13, np.arange(N) % 5, np.arange(N)])


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ([INTENSITY, RGB], ["intensity", *COLOURS]),
        ([RGB, INTENSITY], [*COLOURS, "column_7"]),
        ([LABELS], ["column_4", "column_5", "column_6"]),
        ([RGB + 0.25], COLOURS),
        ([(RGB / 255).round(6)], COLOURS),
        ([RGB * 257], COLOURS),
        ([INTENSITY, INTENSITY, INTENSITY], ["column_4", "column_5", "column_6"]),
        ([(XYZ / np.linalg.norm(XYZ, axis=1, keepdims=True)).round(5), RGB], ["nx", "ny", "nz", *COLOURS]),
        ([np.full((N, 3), [200, 0, 0])], COLOURS),
    ],
    ids=["xyzirgb", "xyzrgbi", "labels", "decimals", "fractions", "16 bits", "counts", "normals", "uniform"],
)
def test_roles_of_columns_are_guessed_from_their_values(
    tmp_path: Path, columns: list[np.ndarray], roles: list[str]
) -> None:
    cloud = _read(tmp_path, "a.txt", _text(XYZ, *columns))
    assert _roles(cloud) == ["x", "y", "z", *roles]
    assert {role.known for role in cloud.roles} == {"guess"}
    assert (cloud.rgb is not None) == ("red" in roles)


@pytest.mark.parametrize("red", ["1 0 0", "1.000 0.000 0.000", "255 0 0"])
def test_the_suffix_xyzrgb_makes_the_last_columns_colours(tmp_path: Path, red: str) -> None:
    cloud = _read(tmp_path, "a.xyzrgb", "".join(f"{x} {y} {z} {red}\n" for x, y, z in XYZ))
    assert cloud.normals is None and cloud.rgb is not None and (cloud.rgb == [255, 0, 0]).all()
    assert {role.known for role in cloud.roles} == {"format"}


def test_the_first_three_columns_of_xyz_are_known_by_the_format(tmp_path: Path) -> None:
    known = [role.known for role in _read(tmp_path, "a.xyz", _text(XYZ, INTENSITY)).roles]
    assert known == ["format", "format", "format", "guess"]


def test_a_block_of_s3dis_has_colours_and_attributes(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"] = np.column_stack([XYZ, RGB / 255, (XYZ + 1) / 2])[None].astype(np.float32)
        file["label"] = np.zeros((1, N), np.uint8)
    cloud = files.read(tmp_path / "a.h5")
    assert isinstance(cloud, PointCloud)
    assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB)
    assert list(cloud.attributes) == ["column_7", "column_8", "column_9", "label"]


def test_roles_given_by_the_user_override_the_guess(tmp_path: Path) -> None:
    text = _text(LABELS[:, 0], XYZ, INTENSITY, RGB)
    cloud = _read(tmp_path, "a.txt", text, columns=("-", "x", "y", "z", "echo", "r", "g", "b"))
    assert np.allclose(cloud.absolute, XYZ)
    assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB)
    assert list(cloud.attributes) == ["echo"] and cloud.attributes["echo"].tolist() == INTENSITY.tolist()
    assert _roles(cloud)[0] == "-" and {role.known for role in cloud.roles} == {"told"}
    again = _read(tmp_path, "b.csv", _text(XYZ, header="a,b,c\n", separator=","), columns=("y", "z", "x"))
    assert np.allclose(again.absolute, XYZ[:, [2, 0, 1]])


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (("x", "y"), "names 2 columns and the file has 3"),
        (("x", "y", "-"), "no x, y and z"),
        (("x", "y", "x"), "no x"),
    ],
)
def test_given_roles_that_do_not_fit_the_file_are_refused(
    tmp_path: Path, columns: tuple[str, ...], why: str
) -> None:
    with pytest.raises(files.ReadError, match=why):
        _read(tmp_path, "a.txt", _text(XYZ), columns=columns)


def test_roles_are_refused_for_a_format_with_named_columns(tmp_path: Path) -> None:
    files.write(PointCloud(XYZ.astype(np.float32)), tmp_path / "a.ply")
    with pytest.raises(files.ReadError, match="its columns have names"):
        files.read(tmp_path / "a.ply", columns=("x", "y", "z"))


def test_the_format_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text(_text(XYZ))
    assert len(cloud_of(tmp_path / "a.docx", format="xyz")) == N
    with pytest.raises(files.ReadError, match="no format 'odt'"):
        files.read(tmp_path / "a.docx", format="odt")


def test_too_many_columns_are_refused_quickly(tmp_path: Path) -> None:
    with pytest.raises(files.ReadError, match="30,000 columns"):
        _read(tmp_path, "a.csv", (",".join(["1.5"] * 30_000) + "\n") * 2)


NPY: dict[str, tuple[Callable[[], np.ndarray], dict[str, Any], int]] = {
    "(3, 60)": (lambda: XYZ.T, {}, N),
    "(3, 50)": (lambda: XYZ[:50].T, {}, 50),
    "(3, 2048)": (lambda: RNG.random((3, 2048)), {}, 2048),
    "(6, 60)": (lambda: np.column_stack([XYZ, RGB / 255]).T, {}, N),
    "(60, 6)": (lambda: np.column_stack([XYZ, RGB / 255]), {}, N),
    "(2, 3, 60)": (lambda: np.stack([XYZ.T, -XYZ.T]), {"row": 0}, N),
    "(6, 10, 3)": (lambda: XYZ.reshape(6, 10, 3), {"row": "all"}, N),
    "(2, 3, 30)": (lambda: XYZ.reshape(2, 30, 3).swapaxes(1, 2), {"row": "all"}, N),
}


@pytest.mark.parametrize("case", NPY)
@pytest.mark.parametrize("suffix", [".npy", ".npz", ".h5"])
def test_arrays_of_any_axis_order_are_read(tmp_path: Path, case: str, suffix: str) -> None:
    make, choice, count = NPY[case]
    values, path = make(), tmp_path / f"a{suffix}"
    if suffix == ".npy":
        np.save(path, values)
    elif suffix == ".npz":
        np.savez(path, points=values)
    else:
        import h5py

        with h5py.File(path, "w") as file:
            file["points"] = values
    cloud = files.read(path, **choice)
    assert isinstance(cloud, PointCloud) and len(cloud) == count
    if count == N:
        assert np.allclose(cloud.absolute, XYZ, atol=1e-6)
    if ("6," in case and "10" not in case) or case == "(60, 6)":
        assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB)
    shape = np.shape(values)
    assert bool(cloud.notes) == (shape[-1] > 12)


def test_a_structured_array_with_two_axes_is_read(tmp_path: Path) -> None:
    rows = np.zeros(
        (6, 10), [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("r", "u1"), ("g", "u1"), ("b", "u1")]
    )
    for k, axis in enumerate("xyz"):
        rows[axis] = XYZ[:, k].reshape(6, 10)
    rows["r"] = 255
    np.save(tmp_path / "a.npy", rows)
    cloud = files.read(tmp_path / "a.npy")
    assert isinstance(cloud, PointCloud) and np.allclose(cloud.absolute, XYZ, atol=1e-6)
    assert cloud.rgb is not None and (cloud.rgb == [255, 0, 0]).all()


def test_python_objects_beside_the_points_are_ignored(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", points=XYZ, meta=np.array({"a": 1}, dtype=object))
    assert len(cloud_of(tmp_path / "a.npz")) == N
    with pytest.raises(files.ReadError, match="Python objects"):
        files.read(tmp_path / "a.npz", dataset="meta")


def test_members_of_an_archive_that_were_not_chosen_are_not_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", points=XYZ, zeros=np.zeros((90_000, 3)))
    data = bytearray((tmp_path / "a.npz").read_bytes())
    at = data.index(np.zeros((7, 3)).tobytes(), len(data) // 2)
    data[at] = 1  # makes its checksum wrong
    (tmp_path / "a.npz").write_bytes(data)
    assert len(cloud_of(tmp_path / "a.npz", dataset="points")) == N
    with pytest.raises(files.ReadError):
        files.read(tmp_path / "a.npz", dataset="zeros")


@pytest.mark.parametrize("name", ["Range", "id", "R", "timestamp"])
def test_other_column_names_are_kept(tmp_path: Path, name: str) -> None:
    cloud = _read(tmp_path, "a.csv", _text(XYZ, INTENSITY, header=f"x,y,z,{name}\n", separator=","))
    assert list(cloud.attributes) == [name]


def test_names_of_numbered_components_give_roles() -> None:
    assert [role_of(f"Normals:{k}") for k in range(3)] == ["nx", "ny", "nz"]
    assert [role_of(f"RGB_{k}") for k in range(3)] == COLOURS
    assert role_of("max") == "max" and role_of("n") == "n" and role_of("exposure") == "exposure"
