"""Files written by other libraries are read with the same contents, and these libraries read our files."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import h5py
import laspy
import numpy as np
import open3d as o3d
import plyfile
import pytest
import trimesh

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from tests.core.files.opened import area_of, cloud_of, mesh_of
from tests.naive.polygons import shoelace
from tests.narrow import of_kind, present

N = 200
RNG = np.random.default_rng(11)
XYZ = RNG.normal(size=(N, 3)).astype(np.float32)
RGB = RNG.integers(0, 256, (N, 3)).astype(np.uint8)
NORMALS = (lambda v: (v / np.linalg.norm(v, axis=1, keepdims=True)).astype(np.float32))(
    RNG.normal(size=(N, 3))
)


@pytest.mark.parametrize(("text", "order"), [(True, "="), (False, "<"), (False, ">")])
def test_ply_files_of_plyfile_are_read(tmp_path: Path, text: bool, order: str) -> None:
    fields = [
        ("nz", "f8"),
        ("quality", "f4"),
        ("y", "f8"),
        ("red", "u1"),
        ("z", "f4"),
        ("green", "u1"),
        ("id", "i4"),
    ]
    fields += [("x", "f4"), ("blue", "u1"), ("nx", "f4"), ("ny", "f4"), ("class", "i2"), ("flag", "i1")]
    rows = np.zeros(N, dtype=fields)
    for axis, name in enumerate("xyz"):
        rows[name], rows[f"n{name}"], rows[("red", "green", "blue")[axis]] = (
            XYZ[:, axis],
            NORMALS[:, axis],
            RGB[:, axis],
        )
    rows["quality"], rows["id"] = RNG.normal(size=N), RNG.integers(-(2**31), 2**31, N)
    rows["class"], rows["flag"] = RNG.integers(-(2**15), 2**15, N), RNG.integers(-128, 128, N)
    camera = plyfile.PlyElement.describe(np.zeros(1, dtype=[("view", "f4")]), "camera")
    vertex = plyfile.PlyElement.describe(rows, "vertex")
    plyfile.PlyData([camera, vertex], text=text, byte_order=order, comments=["by plyfile"]).write(
        tmp_path / "a.ply"
    )
    cloud = cloud_of(tmp_path / "a.ply")
    assert np.array_equal(cloud.xyz, XYZ)
    assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB)
    assert np.allclose(present(cloud.normals), NORMALS, rtol=1e-6)
    for name in ("quality", "id", "class", "flag"):
        assert cloud.attributes[name].dtype == rows[name].dtype
        assert np.array_equal(cloud.attributes[name], rows[name]), name


@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("sizes", [(3,), (4,), (3, 4, 5)])
@pytest.mark.parametrize("name", ["vertex_indices", "vertex_index"])
def test_faces_in_ply_files_of_plyfile_are_read(
    tmp_path: Path, text: bool, sizes: tuple[int, ...], name: str
) -> None:
    vertices = np.zeros(50, dtype=[("x", "f4"), ("y", "f4"), ("z", "f4")])
    corners = np.array([(np.cos(t), np.sin(t)) for t in np.linspace(0, 6, 50)])
    vertices["x"], vertices["y"] = corners.T
    polygons = np.empty(20, dtype=[("quality", "f4"), (name, object), ("flags", "u1")])
    starts = RNG.integers(0, 50, 20)
    lists = [np.sort((start + np.arange(sizes[k % len(sizes)]) * 3) % 50) for k, start in enumerate(starts)]
    polygons[name] = [row.astype("i4") for row in lists]
    described = plyfile.PlyElement.describe(polygons, "face", val_types={name: "i4"}, len_types={name: "u1"})
    plyfile.PlyData([plyfile.PlyElement.describe(vertices, "vertex"), described], text=text).write(
        tmp_path / "a.ply"
    )
    mesh = mesh_of(tmp_path / "a.ply")
    expected = sum(shoelace(corners[row]) for row in lists)
    assert np.isclose(area_of(mesh), expected, rtol=1e-5)
    assert len(mesh.faces) == sum(len(row) - 2 for row in lists)


def _open3d() -> o3d.geometry.PointCloud:
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(XYZ.astype(np.float64)))
    cloud.colors = o3d.utility.Vector3dVector(RGB / 255.0)
    cloud.normals = o3d.utility.Vector3dVector(NORMALS.astype(np.float64))
    return cloud


@pytest.mark.parametrize(("text", "compressed"), [(True, False), (False, False), (False, True)])
def test_pcd_files_of_open3d_are_read(tmp_path: Path, text: bool, compressed: bool) -> None:
    path = tmp_path / "a.pcd"
    assert o3d.io.write_point_cloud(path, _open3d(), write_ascii=text, compressed=compressed)
    cloud = cloud_of(path)
    assert np.allclose(cloud.xyz, XYZ, atol=1e-6 if text else 0)
    assert np.allclose(present(cloud.normals), NORMALS, atol=1e-6)
    assert cloud.rgb is not None and np.abs(cloud.rgb.astype(int) - RGB).max() <= (1 if text else 0)


@pytest.mark.parametrize(("text", "compressed"), [(True, False), (False, False), (False, True)])
def test_pcd_files_of_open3d_with_further_fields_are_read(
    tmp_path: Path, text: bool, compressed: bool
) -> None:
    cloud = o3d.t.geometry.PointCloud(o3d.core.Tensor.from_numpy(XYZ))
    extra: dict[str, np.ndarray] = {
        "ring": RNG.integers(0, 65536, (N, 1)).astype(np.uint16),
        "stamp": RNG.normal(size=(N, 1)) * 1e9,
        "tag": RNG.integers(-(2**31), 2**31, (N, 1)).astype(np.int32),
    }
    for name, values in extra.items():
        cloud.point[name] = o3d.core.Tensor.from_numpy(values)
    path = tmp_path / "a.pcd"
    assert o3d.t.io.write_point_cloud(path, cloud, write_ascii=text, compressed=compressed)
    back = cloud_of(path)
    assert np.allclose(back.xyz, XYZ, atol=1e-5 if text else 0)
    for name, values in extra.items():
        assert np.allclose(back.attributes[name], values[:, 0], rtol=1e-5 if text else 0, atol=0), name


@pytest.mark.parametrize("suffix", [".pcd", ".ply"])
def test_open3d_reads_our_files(tmp_path: Path, suffix: str) -> None:
    files.write(
        PointCloud(XYZ, rgb=RGB, normals=NORMALS, attributes={"w": np.arange(N)}), tmp_path / f"a{suffix}"
    )
    back = o3d.io.read_point_cloud(tmp_path / f"a{suffix}")
    assert np.array_equal(np.asarray(back.points, dtype=np.float32), XYZ)
    assert np.array_equal(np.round(np.asarray(back.colors) * 255), RGB)
    assert np.array_equal(np.asarray(back.normals, dtype=np.float32), NORMALS)


@pytest.mark.parametrize("suffix", [".xyz", ".xyzn", ".xyzrgb", ".pts"])
def test_text_files_of_open3d_are_read(tmp_path: Path, suffix: str) -> None:
    assert o3d.io.write_point_cloud(tmp_path / f"a{suffix}", _open3d())
    cloud = cloud_of(tmp_path / f"a{suffix}")
    assert np.allclose(cloud.xyz, XYZ, atol=1e-6)
    if suffix == ".xyzn":
        assert np.allclose(present(cloud.normals), NORMALS, atol=1e-6)
    if suffix in (".xyzrgb", ".pts"):
        assert cloud.rgb is not None and np.array_equal(cloud.rgb, RGB)


def test_plyfile_numpy_and_h5py_read_our_files(tmp_path: Path) -> None:
    cloud = PointCloud(
        XYZ, np.array([637000.0, 851000, 0]), RGB, NORMALS, {"w": np.arange(N, dtype=np.uint16)}
    )
    for suffix in (".ply", ".npz", ".npy", ".h5", ".csv"):
        files.write(cloud, tmp_path / f"a{suffix}")
    vertex = plyfile.PlyData.read(tmp_path / "a.ply")["vertex"]
    assert np.array_equal(np.column_stack([vertex[axis] for axis in "xyz"]), cloud.absolute)
    assert vertex["w"].dtype == np.uint16 and np.array_equal(vertex["blue"], RGB[:, 2])
    arrays = np.load(tmp_path / "a.npz", allow_pickle=False)
    assert np.array_equal(arrays["xyz"], cloud.absolute) and np.array_equal(arrays["w"], np.arange(N))
    assert np.array_equal(np.load(tmp_path / "a.npy"), cloud.absolute)
    with h5py.File(tmp_path / "a.h5") as file:
        assert np.array_equal(file["data"], cloud.absolute) and np.array_equal(file["rgb"], RGB)
    table = np.genfromtxt(tmp_path / "a.csv", delimiter=",", names=True)
    assert np.array_equal(table["x"], cloud.absolute[:, 0].round(10)) or np.allclose(
        table["x"], cloud.absolute[:, 0]
    )


@pytest.mark.parametrize("suffix", [".las", ".laz"])
@pytest.mark.parametrize(("point_format", "version"), [(0, "1.2"), (3, "1.2"), (6, "1.4"), (8, "1.4")])
def test_las_files_of_laspy_are_read(tmp_path: Path, suffix: str, point_format: int, version: str) -> None:
    header = laspy.LasHeader(point_format=point_format, version=version)
    header.scales, header.offsets = np.full(3, 0.01), np.array([600000.0, 800000.0, 0.0])
    header.add_extra_dim(laspy.ExtraBytesParams("height", np.float64))
    las = laspy.LasData(header)
    las.X, las.Y, las.Z = RNG.integers(-100_000, 100_000, (3, N), dtype=np.int32)
    las.intensity, las.height = RNG.integers(1, 65536, N), RNG.normal(size=N)
    las.classification, las.return_number = RNG.integers(1, 32, N), RNG.integers(1, 8, N)
    las.write(tmp_path / f"a{suffix}")
    cloud = cloud_of(tmp_path / f"a{suffix}")
    assert np.abs(cloud.absolute - las.xyz).max() < 0.001
    assert cloud.offset.any()
    for name in ("intensity", "classification", "return_number", "height"):
        assert np.array_equal(cloud.attributes[name], np.asarray(las[name])), name


def test_the_coordinate_system_of_las_files_is_kept(tmp_path: Path) -> None:
    header = laspy.LasHeader(point_format=6, version="1.4")
    wkt = 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]]]'
    header.vlrs.append(laspy.VLR("LASF_Projection", 2112, "", wkt.encode() + b"\0"))
    las = laspy.LasData(header)
    las.x, las.y, las.z = XYZ.T
    las.write(tmp_path / "a.laz")
    assert cloud_of(tmp_path / "a.laz").crs == wkt
    keys = laspy.VLR("LASF_Projection", 34735, "", np.array([1, 1, 0, 1, 3072, 0, 1, 2992], "<u2").tobytes())
    header = laspy.LasHeader(point_format=0, version="1.2")
    header.vlrs.append(keys)
    las = laspy.LasData(header)
    las.x, las.y, las.z = XYZ.T
    las.write(tmp_path / "b.las")
    cloud = cloud_of(tmp_path / "b.las")
    assert cloud.crs is not None and "EPSG:2992" in cloud.crs
    files.write(cloud, tmp_path / "c.las")
    back = laspy.read(tmp_path / "c.las").header.vlrs
    assert [vlr.record_data_bytes() for vlr in back if vlr.record_id == 34735] == [keys.record_data]


SOLID = trimesh.creation.icosphere(subdivisions=2, radius=2.0)


@pytest.mark.parametrize("suffix", [".ply", ".obj", ".off", ".stl", ".glb", ".gltf"])
def test_mesh_files_of_trimesh_are_read(tmp_path: Path, suffix: str) -> None:
    SOLID.export(tmp_path / f"a{suffix}")
    mesh = mesh_of(tmp_path / f"a{suffix}")
    assert len(mesh.faces) == len(SOLID.faces) and len(mesh.vertices) == len(SOLID.vertices)
    assert np.isclose(area_of(mesh), SOLID.area, rtol=1e-5)
    assert np.allclose(mesh.vertices.min(axis=0), SOLID.bounds[0], atol=1e-6)


def test_ascii_stl_files_of_trimesh_are_read(tmp_path: Path) -> None:
    SOLID.export(tmp_path / "a.stl", file_type="stl_ascii")
    mesh = mesh_of(tmp_path / "a.stl")
    assert np.isclose(area_of(mesh), SOLID.area, rtol=1e-5) and len(mesh.vertices) == len(SOLID.vertices)


@pytest.mark.parametrize("suffix", [".glb", ".gltf"])
def test_meshes_are_placed_by_the_scene_as_by_trimesh(tmp_path: Path, suffix: str) -> None:
    scene = trimesh.Scene()
    turn = trimesh.transformations.rotation_matrix(0.7, [1, 2, 3], [0, 1, 0])
    scene.add_geometry(SOLID, node_name="a", geom_name="ball", transform=turn)
    scene.add_geometry(
        trimesh.creation.box(), node_name="b", parent_node_name="a", transform=np.diag([2, 2, 2, 1])
    )
    scene.graph.update(
        "c", frame_from="a", geometry="ball", matrix=trimesh.transformations.translation_matrix([9, 0, 0])
    )
    scene.export(tmp_path / f"a{suffix}")
    mesh = mesh_of(tmp_path / f"a{suffix}")
    expected = of_kind(trimesh.Trimesh, scene.to_geometry())
    assert np.isclose(area_of(mesh), expected.area, rtol=1e-5)
    assert np.allclose(mesh.vertices.min(axis=0), expected.bounds[0], atol=1e-5)
    assert np.allclose(mesh.vertices.max(axis=0), expected.bounds[1], atol=1e-5)


def test_a_cloud_of_an_hdf5_file_of_modelnet_is_chosen_by_row(tmp_path: Path) -> None:
    path = tmp_path / "ply_data_train0.h5"
    clouds = RNG.normal(size=(6, 50, 3)).astype(np.float32)
    normals = RNG.normal(size=(6, 50, 3)).astype(np.float32)
    with h5py.File(path, "w") as file:
        file.create_dataset("data", data=clouds, compression="gzip")
        file["normal"], file["label"] = normals, np.arange(10, 16, dtype=np.uint8)[:, None]
    cloud = cloud_of(path, row=4)
    assert np.array_equal(cloud.xyz, clouds[4]) and cloud.label == 14
    assert np.array_equal(present(cloud.normals), normals[4])
    assert np.array_equal(cloud_of(path, row=-1).xyz, clouds[5])
    with pytest.raises(files.ReadError, match=r"6 clouds of 50 points; choose a row from 0 to 5"):
        files.read(path)
    with pytest.raises(files.ReadError, match="rows go from 0 to 5"):
        files.read(path, row=6)
    with pytest.raises(files.ReadError, match=r"no dataset 'points'.*data \(6, 50, 3\)"):
        files.read(path, dataset="points")
    assert [(d.name, d.rows, d.points) for d in files.describe(path)] == [("data", 6, 50), ("normal", 6, 50)]


def test_array_files_of_numpy_are_read(tmp_path: Path) -> None:
    np.save(tmp_path / "f.npy", np.asfortranarray(XYZ.astype(">f8")))
    assert np.array_equal(cloud_of(tmp_path / "f.npy").xyz, XYZ)
    np.save(tmp_path / "h.npy", XYZ.astype(np.float16))
    assert np.array_equal(cloud_of(tmp_path / "h.npy").xyz, XYZ.astype(np.float16).astype(np.float32))
    np.save(tmp_path / "s.npy", np.stack([XYZ, -XYZ]))
    assert np.array_equal(cloud_of(tmp_path / "s.npy", row=1).xyz, -XYZ)
    np.save(tmp_path / "six.npy", np.column_stack([XYZ, NORMALS]))
    assert np.array_equal(present(cloud_of(tmp_path / "six.npy").normals), NORMALS)
    np.savez(
        tmp_path / "a.npz", points=np.stack([XYZ, -XYZ]), names=np.array(["chair", "table"]), other=np.ones(3)
    )
    cloud = cloud_of(tmp_path / "a.npz", row=1)
    assert np.array_equal(cloud.xyz, -XYZ) and cloud.label == "table"
    np.savez(tmp_path / "b.npz", a=XYZ, b=XYZ)
    with pytest.raises(files.ReadError, match=r"choose a dataset: a \(200, 3\), b \(200, 3\)"):
        files.read(tmp_path / "b.npz")
    assert np.array_equal(cloud_of(tmp_path / "b.npz", dataset="b").xyz, XYZ)


def test_version_2_of_numpys_format_is_read(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, XYZ, version=(2, 0))
    (tmp_path / "a.npy").write_bytes(stream.getvalue())
    assert np.array_equal(cloud_of(tmp_path / "a.npy").xyz, XYZ)


def test_copc_files_are_read_as_by_laspy(tmp_path: Path) -> None:
    """The file has one node; laspy's COPC reader reads it too and is the oracle."""
    path = tmp_path / "a.copc.laz"
    header = laspy.LasHeader(point_format=7, version="1.4")
    header.scales = np.full(3, 0.001)
    header.vlrs.append(laspy.VLR("copc", 1, "", bytes(160)))
    las = laspy.LasData(header)
    las.X, las.Y, las.Z = RNG.integers(-100_000, 100_000, (3, N), dtype=np.int32)
    las.red, las.intensity = RNG.integers(256, 65536, N), RNG.integers(1, 65536, N)
    las.write(path)
    data = bytearray(path.read_bytes())
    (start,) = struct.unpack_from("<I", data, 96)
    (table,) = struct.unpack_from("<q", data, start)
    end = len(data)  # here follows an extended record: the index with one entry, the root with all points
    info = struct.pack("<5d2Q2d", 0, 0, 0, 100.0, 1.0, end + 60, 32, 0, 0)
    data[375 + 54 : 375 + 54 + len(info)] = info
    data += struct.pack("<H16sHQ32s", 0, b"copc", 1000, 32, b"")
    data += struct.pack("<4iQ2i", 0, 0, 0, 0, start + 8, table - start - 8, N)
    struct.pack_into("<QI", data, 235, end, 1)
    path.write_bytes(data)
    with laspy.CopcReader.open(path) as reader:
        theirs = reader.query()
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud) and len(theirs) == N
    assert np.abs(cloud.absolute - np.column_stack([theirs.x, theirs.y, theirs.z])).max() < 1e-4
    assert cloud.rgb is not None and np.array_equal(cloud.rgb[:, 0], theirs.red)
    assert np.array_equal(cloud.attributes["intensity"], theirs.intensity)
