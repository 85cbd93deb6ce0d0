"""Laser scans: the contents of their headers are kept, reported, or compared with the points."""

from __future__ import annotations

from pathlib import Path

import laspy
import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from tests.core.files.corpus import e57, ptx

RNG = np.random.default_rng(5)
XYZ = RNG.normal(size=(60, 3)).astype(np.float32)
RGB = RNG.integers(0, 256, (60, 3)).astype(np.uint8)


def _cloud(path: Path, **choice: object) -> PointCloud:
    cloud = files.read(path, **choice)  # type: ignore[arg-type]
    assert isinstance(cloud, PointCloud)
    return cloud


def _las(path: Path, point_format: int = 3, version: str = "1.4", standard: bool = False) -> Path:
    header = laspy.LasHeader(point_format=point_format, version=version)
    header.scales = np.full(3, 1e-4)
    header.global_encoding.gps_time_type = laspy.header.GpsTimeType(int(standard))
    las = laspy.LasData(header)
    las.x, las.y, las.z = XYZ.astype(float).T
    las.gps_time = np.arange(60) + 0.5
    las.red, las.green, las.blue = RGB.astype(np.uint16).T
    las.write(path)
    return path


@pytest.mark.parametrize("suffix", [".las", ".laz"])
@pytest.mark.parametrize("standard", [False, True])
def test_the_type_of_gps_times_is_read_back(tmp_path: Path, suffix: str, standard: bool) -> None:
    cloud = _cloud(_las(tmp_path / f"a{suffix}", 7, standard=standard))
    assert cloud.standard_time == standard
    files.write(cloud.take(np.arange(7)), tmp_path / f"b{suffix}")
    with laspy.open(tmp_path / f"b{suffix}") as back:
        assert back.header.global_encoding.gps_time_type == int(standard)
        assert back.read().gps_time.tolist() == (np.arange(7) + 0.5).tolist()


@pytest.mark.parametrize("most", [9, 200])
def test_classes_stored_as_floats_are_written_as_classes_of_las(tmp_path: Path, most: int) -> None:
    classes = RNG.integers(0, most, 60).astype(np.float64)  # text is read as floats; LAS needs integers
    files.write(PointCloud(XYZ, attributes={"classification": classes}), tmp_path / "a.las")
    assert list(laspy.read(tmp_path / "a.las").classification) == list(classes)


@pytest.mark.parametrize("suffix", [".las", ".laz"])
@pytest.mark.parametrize("point_format", [2, 3, 7])
def test_colours_of_8_bits_in_fields_of_16_stay_bright(
    tmp_path: Path, suffix: str, point_format: int
) -> None:
    header = laspy.LasHeader(point_format=point_format, version="1.4")
    las = laspy.LasData(header)
    las.x, las.y, las.z = XYZ.astype(float).T
    las.red, las.green, las.blue = RGB.astype(np.uint16).T
    las.write(tmp_path / f"a{suffix}")
    cloud = _cloud(tmp_path / f"a{suffix}")
    assert cloud.rgb is not None and cloud.rgb.dtype == np.uint8 and np.array_equal(cloud.rgb, RGB)
    assert cloud.notes == ("colours are of 8 bits in fields of 16",)
    for other in (".ply", ".pcd", ".las"):
        files.write(cloud, tmp_path / f"b{other}")
        again = _cloud(tmp_path / f"b{other}").rgb
        assert again is not None
        assert np.array_equal(again >> 8 if again.dtype == np.uint16 else again, RGB)


def test_colours_of_16_bits_are_read_back(tmp_path: Path) -> None:
    files.write(PointCloud(XYZ, rgb=RGB.astype(np.uint16) * 257), tmp_path / "a.las")
    rgb = _cloud(tmp_path / "a.las").rgb
    assert rgb is not None and np.array_equal(rgb, RGB.astype(np.uint16) * 257)


def _announce(path: Path, count: int) -> None:
    data = bytearray(path.read_bytes())
    data[107:111] = count.to_bytes(4, "little")
    path.write_bytes(data)


@pytest.mark.parametrize("suffix", [".las", ".laz"])
def test_fewer_points_announced_than_held_is_noted(tmp_path: Path, suffix: str) -> None:
    header = laspy.LasHeader(point_format=3, version="1.2")
    las = laspy.LasData(header)
    las.x = las.y = las.z = np.arange(60.0)
    las.write(tmp_path / f"a{suffix}")
    _announce(tmp_path / f"a{suffix}", 59)
    cloud = _cloud(tmp_path / f"a{suffix}")
    assert len(cloud) == 59
    assert any("span x 0 to 59 and not 0 to 58" in note for note in cloud.notes)
    assert (suffix == ".laz") or "1 point more than its header announces left out" in cloud.notes


def test_a_valid_scan_has_no_notes(tmp_path: Path) -> None:
    files.write(PointCloud(XYZ), tmp_path / "a.laz")
    assert _cloud(tmp_path / "a.laz").notes == ()


def test_normals_of_las_that_are_not_finite_are_replaced_with_a_note(tmp_path: Path) -> None:
    header = laspy.LasHeader(point_format=6, version="1.4")
    header.add_extra_dims([laspy.ExtraBytesParams(f"n{axis}", "f4") for axis in "xyz"])
    las = laspy.LasData(header)
    las.x, las.y, las.z = XYZ.astype(float).T
    las["nx"], las["ny"], las["nz"] = np.full(60, np.nan), np.zeros(60), np.ones(60)
    las.write(tmp_path / "a.las")
    cloud = _cloud(tmp_path / "a.las")
    assert cloud.normals is not None and not cloud.normals.any()
    assert cloud.notes == ("60 normals not finite: (0, 0, 0) instead",)


TIMES = {
    "nanoseconds": 1_700_000_000_123_456_789 + np.arange(60),
    "negative": -(2**60) - np.arange(60),
    "unsigned": np.arange(60, dtype=np.uint64) + np.uint64(2**63 + 5),
}


@pytest.mark.parametrize("suffix", [".ply", ".pcd", ".npz", ".h5", ".las", ".csv"])
@pytest.mark.parametrize("times", TIMES)
def test_times_of_64_bits_are_exact(tmp_path: Path, suffix: str, times: str) -> None:
    cloud = PointCloud(XYZ, attributes={"t": TIMES[times], "gps_time": np.arange(60)})
    files.write(cloud, tmp_path / f"a{suffix}")
    back = _cloud(tmp_path / f"a{suffix}")
    assert [int(t) for t in back.attributes["t"]] == [int(t) for t in TIMES[times]]


@pytest.mark.parametrize(("suffix", "fields"), [(".bin", ["intensity"]), (".pcd.bin", ["intensity", "ring"])])
def test_kitti_and_nuscenes_scans_are_read(tmp_path: Path, suffix: str, fields: list[str]) -> None:
    extra = RNG.integers(0, 32, (60, len(fields))).astype(np.float32)
    (tmp_path / f"000{suffix}").write_bytes(np.column_stack([XYZ, extra]).tobytes())
    cloud = _cloud(tmp_path / f"000{suffix}")
    assert np.array_equal(cloud.xyz, XYZ) and list(cloud.attributes) == fields
    assert np.array_equal(cloud.attributes["intensity"], extra[:, 0])
    (tmp_path / f"cut{suffix}").write_bytes(np.column_stack([XYZ, extra]).tobytes()[:-3])
    with pytest.raises(files.ReadError, match="not whole rows of"):
        files.read(tmp_path / f"cut{suffix}")
    (tmp_path / f"other{suffix}").write_bytes(RNG.bytes(4000))
    with pytest.raises(files.ReadError, match=r"so it is no such scan|NaN"):
        files.read(tmp_path / f"other{suffix}")


@pytest.mark.parametrize("more", [0, 2, 4])
def test_a_bin_file_with_rows_of_another_width_needs_columns(tmp_path: Path, more: int) -> None:
    rows = np.column_stack([XYZ, np.ones((60, more), np.float32)])
    (tmp_path / "a.bin").write_bytes(rows.tobytes())
    with pytest.raises(files.ReadError, match="--columns, for example x,y,z,intensity,ring"):
        files.read(tmp_path / "a.bin")
    told = ("x", "y", "z", "intensity", "ring", "-", "time")[: 3 + more]
    cloud = _cloud(tmp_path / "a.bin", columns=told)
    assert np.array_equal(cloud.xyz, XYZ)
    assert list(cloud.attributes) == [name for name in told[3:] if name != "-"]


TURN = np.array([[0, 1, 0, 0], [-1, 0, 0, 0], [0, 0, 1, 0], [100, 200, 300, 1.0]])


def test_ptx_points_are_transformed_by_their_matrix(tmp_path: Path) -> None:
    grid = XYZ.copy()
    grid[[3, 9]] = 0
    (tmp_path / "a.ptx").write_bytes(ptx(grid, TURN, RGB))
    cloud = _cloud(tmp_path / "a.ptx")
    expected = np.column_stack([-XYZ[:, 1] + 100.0, XYZ[:, 0] + 200.0, XYZ[:, 2] + 300.0])
    left = np.delete(np.arange(60), [3, 9])
    assert np.allclose(cloud.absolute, expected[left], atol=1e-4)
    assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB[left])
    assert cloud.source_rows(np.arange(58)).tolist() == left.tolist()
    assert cloud.notes == ("2 cells of the grid empty",)


def test_several_scans_in_one_ptx_file_are_joined(tmp_path: Path) -> None:
    (tmp_path / "a.ptx").write_bytes(ptx(XYZ[:20]) + ptx(XYZ[20:], TURN))
    both = _cloud(tmp_path / "a.ptx")
    assert len(both) == 60 and both.notes == ("2 scans put together",)
    assert np.allclose(_cloud(tmp_path / "a.ptx", row=0).xyz, XYZ[:20], atol=1e-6)
    with pytest.raises(files.ReadError, match="go from 0 to 1"):
        files.read(tmp_path / "a.ptx", row=2)
    (tmp_path / "b.ptx").write_bytes(ptx(XYZ)[:-200])
    with pytest.raises(files.ReadError, match=r"cut short|what a PTX file holds"):
        files.read(tmp_path / "b.ptx")


def test_e57_files_of_pye57_are_read_in_their_pose(tmp_path: Path) -> None:
    pytest.importorskip("pye57")
    half = np.sqrt(0.5)
    pose = {"rotation": np.array([half, 0, 0, half]), "translation": np.array([100.0, 200, 300])}
    e57(tmp_path / "a.e57", XYZ[:20], XYZ[20:], **pose)
    cloud = _cloud(tmp_path / "a.e57")
    assert cloud.unit == "m", "the E57 standard prescribes metres"
    expected = np.column_stack([-XYZ[:, 1] + 100.0, XYZ[:, 0] + 200.0, XYZ[:, 2] + 300.0])
    assert np.allclose(cloud.absolute, expected, atol=1e-4) and cloud.notes == ("2 scans put together",)
    assert np.allclose(_cloud(tmp_path / "a.e57", row=1).absolute, expected[20:], atol=1e-4)


def test_e57_colours_are_read_and_invalid_points_dropped(tmp_path: Path) -> None:
    pye57 = pytest.importorskip("pye57")
    file = pye57.E57(str(tmp_path / "a.e57"), mode="w")
    data = {f"cartesian{axis}": XYZ[:, k].astype(float) for k, axis in enumerate("XYZ")}
    data |= {f"color{name}": RGB[:, k] for k, name in enumerate(("Red", "Green", "Blue"))}
    data["intensity"] = np.linspace(0, 1, 60)
    data["cartesianInvalidState"] = (np.arange(60) % 10 == 3).astype(np.int8)
    file.write_scan_raw(data)
    file.close()
    cloud = _cloud(tmp_path / "a.e57")
    left = np.flatnonzero(np.arange(60) % 10 != 3)
    assert cloud.source_rows(np.arange(54)).tolist() == left.tolist()
    assert np.allclose(cloud.xyz, XYZ[left], atol=1e-6)
    assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB[left])
    assert np.allclose(cloud.attributes["intensity"], np.linspace(0, 1, 60)[left])


def test_e57_fields_of_all_types_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has colours of 16 bits, times, normals of an extension, and an id beyond 2^31."""
    libe57 = pytest.importorskip("pye57").libe57
    file = libe57.ImageFile(str(tmp_path / "a.e57"), "w")
    file.extensionsAdd("nor", "http://www.libe57.org/E57_NOR_surface_normals.txt")
    file.extensionsAdd("own", "http://example.org/own")
    root = file.root()
    for name, word in (("formatName", "ASTM E57 3D Imaging Data File"), ("guid", "{a}")):
        root.set(name, libe57.StringNode(file, word))
    for name, number in (("versionMajor", 1), ("versionMinor", 0)):
        root.set(name, libe57.IntegerNode(file, number, 0, 9))
    scans = libe57.VectorNode(file, True)
    root.set("data3D", scans)
    scan, prototype = libe57.StructureNode(file), libe57.StructureNode(file)
    columns = {
        **{f"cartesian{axis}": XYZ[:, k].astype(np.float64) for k, axis in enumerate("XYZ")},
        **{f"color{name}": RGB[:, k] * np.longlong(257) for k, name in enumerate(("Red", "Green", "Blue"))},
        "timeStamp": np.linspace(1e9, 1e9 + 1, 60),
        **{f"nor:normal{axis}": np.full(60, float(axis == "Z")) for axis in "XYZ"},
        "own:id": np.arange(60, dtype=np.longlong) + 2**40,
    }
    buffers = libe57.VectorSourceDestBuffer()
    for name, values in columns.items():
        if name.startswith("color"):
            node = libe57.IntegerNode(file, 0, 0, 65535)
        elif name == "own:id":
            node = libe57.IntegerNode(file, 0, 0, 2**50)
        else:
            node = libe57.FloatNode(file, 0.0, libe57.E57_DOUBLE, -1e10, 1e10)
        prototype.set(name, node)
        buffers.append(libe57.SourceDestBuffer(file, name, values, 60, True, True))
    points = libe57.CompressedVectorNode(file, prototype, libe57.VectorNode(file, True))
    scan.set("points", points)
    scans.append(scan)
    writer = points.writer(buffers)
    writer.write(60)
    writer.close()
    file.close()
    cloud = _cloud(tmp_path / "a.e57")
    assert np.allclose(cloud.xyz, XYZ, atol=1e-6) and cloud.rgb is not None and cloud.normals is not None
    assert cloud.rgb.dtype == np.uint16 and np.array_equal(cloud.rgb, RGB.astype(np.uint16) * 257)
    assert np.array_equal(cloud.attributes["timeStamp"], np.linspace(1e9, 1e9 + 1, 60))
    assert np.array_equal(cloud.attributes["own:id"], np.arange(60) + 2**40)
    assert cloud.normals.tolist() == [[0, 0, 1]] * 60
    assert cloud.notes == ()
    # No available library writes E57 fields of text, so the type of a field is patched instead.
    from apsnet_core.files import e57 as ours

    known = ours._type
    monkeypatch.setattr(ours, "_type", lambda node: None if node.elementName() == "own:id" else known(node))
    assert ours.read(tmp_path / "a.e57").notes == ("fields that are not numeric left out: own:id",)
