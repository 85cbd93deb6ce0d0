"""glTF: all ways to store the same triangles are read, and unknown required extensions are refused."""

from __future__ import annotations

import base64
import io
import json
import sys
from pathlib import Path
from typing import Any

import DracoPy
import meshopt
import numpy as np
import pytest
import trimesh
from PIL import Image

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from tests.core.files.scenes import glb

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], np.float32)
TWO = np.array([0, 1, 2, 2, 1, 3], np.uint16)


class Scene:
    """A builder of glTF files with one mesh of one primitive in one node."""

    def __init__(self) -> None:
        self.payload = b""
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.primitive: dict[str, Any] = {"attributes": {}}
        self.mesh: dict[str, Any] = {"primitives": [self.primitive]}
        self.node: dict[str, Any] = {"mesh": 0}
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0"},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [self.node],
            "meshes": [self.mesh],
            "accessors": self.accessors,
            "bufferViews": self.views,
        }

    def view(self, data: bytes, **more: Any) -> int:
        self.payload += b"\0" * (-len(self.payload) % 4)
        self.views.append({"buffer": 0, "byteOffset": len(self.payload), "byteLength": len(data), **more})
        self.payload += data
        return len(self.views) - 1

    def array(self, values: np.ndarray, **more: Any) -> int:
        kinds = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
        width = values.shape[1] if values.ndim == 2 else 1
        kind = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}[width]
        number = kinds[values.dtype.str[1:]]
        accessor = {"bufferView": self.view(values.tobytes()), "componentType": number, "type": kind}
        self.accessors.append(accessor | {"count": len(values), **more})
        return len(self.accessors) - 1

    def set(self, **arrays: np.ndarray) -> Scene:
        for name, values in arrays.items():
            index = self.array(values)
            if name == "indices":
                self.primitive["indices"] = index
            else:
                self.primitive["attributes"][name] = index
        return self

    def write(self, path: Path) -> Path:
        path.write_bytes(glb(self.json | {"buffers": [{"byteLength": len(self.payload)}]}, self.payload))
        return path

    def mesh_in(self, folder: Path) -> TriangleMesh:
        mesh = files.read(self.write(folder / "a.glb"))
        assert isinstance(mesh, TriangleMesh)
        return mesh


def square() -> Scene:
    return Scene().set(POSITION=CORNERS, indices=TWO)


def _placed(mesh: TriangleMesh) -> list[list[list[float]]]:
    return mesh.vertices[mesh.faces].tolist()  # type: ignore[no-any-return]


WHOLE = CORNERS[TWO.reshape(2, 3)].tolist()


@pytest.mark.parametrize(
    ("mode", "indices"),
    [(4, [0, 1, 2, 2, 1, 3]), (5, [0, 1, 2, 3]), (5, None), (6, [1, 3, 2, 0])],
)
def test_triangles_strips_and_fans(tmp_path: Path, mode: int, indices: list[int] | None) -> None:
    scene = Scene().set(POSITION=CORNERS)
    scene.primitive["mode"] = mode
    if indices is not None:
        scene.set(indices=np.array(indices, np.uint8))
    mesh = scene.mesh_in(tmp_path)
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    assert np.cross(b - a, c - a)[:, 2].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("dtype", "top"), [(np.int8, 127), (np.uint8, 255), (np.int16, 32767), (np.uint16, 65535)]
)
@pytest.mark.parametrize("normalised", [True, False])
def test_integer_positions_are_read_and_normalised(
    tmp_path: Path, dtype: Any, top: int, normalised: bool
) -> None:
    scene = Scene().set(indices=TWO)
    scene.json["extensionsRequired"] = ["KHR_mesh_quantization"]
    scene.primitive["attributes"]["POSITION"] = scene.array(
        (CORNERS * top).astype(dtype), normalized=normalised
    )
    mesh = scene.mesh_in(tmp_path)
    assert np.ptp(mesh.vertices) == (1 if normalised else top) and mesh.faces.shape == (2, 3)


def test_interleaved_buffers_with_a_stride_are_read(tmp_path: Path) -> None:
    scene = Scene().set(indices=TWO)
    mixed = np.column_stack([CORNERS, np.full((4, 3), 9, np.float32)])
    view = scene.view(mixed.tobytes(), byteStride=24)
    scene.accessors.append({"bufferView": view, "componentType": 5126, "type": "VEC3", "count": 4})
    scene.primitive["attributes"]["POSITION"] = 1
    assert _placed(scene.mesh_in(tmp_path)) == WHOLE


@pytest.mark.parametrize("base", [True, False])
def test_sparse_accessors_replace_single_elements(tmp_path: Path, base: bool) -> None:
    scene = square()
    accessor = scene.accessors[0]
    accessor["sparse"] = {
        "count": 2,
        "indices": {"bufferView": scene.view(np.array([1, 3], np.uint8).tobytes()), "componentType": 5121},
        "values": {"bufferView": scene.view(np.array([[0, 5, 0], [0, 0, 9]], np.float32).tobytes())},
    }
    if not base:
        del accessor["bufferView"]
    expected = CORNERS.copy() if base else np.zeros((4, 3), np.float32)
    expected[[1, 3]] = [[0, 5, 0], [0, 0, 9]]
    assert np.array_equal(scene.mesh_in(tmp_path).vertices, expected)


def test_instances_morph_targets_and_mirrored_nodes_are_applied(tmp_path: Path) -> None:
    scene = square()
    moves = np.array([[0, 0, 0], [10, 0, 0], [0, 20, 0]], np.float32)
    turns = np.array([[0, 0, 0, 1], [0, 0, np.sqrt(0.5), np.sqrt(0.5)], [0, 0, 0, 1]], np.float32)
    sizes = np.array([[1, 1, 1], [2, 2, 2], [-1, 1, 1]], np.float32)
    attributes = {
        "TRANSLATION": scene.array(moves),
        "ROTATION": scene.array(turns),
        "SCALE": scene.array(sizes),
    }
    scene.node |= {
        "extensions": {"EXT_mesh_gpu_instancing": {"attributes": attributes}},
        "translation": [0, 0, 7],
    }
    scene.primitive["targets"] = [{"POSITION": scene.array(CORNERS * 0 + np.array([0, 0, 4], np.float32))}]
    scene.mesh["weights"] = [0.5]
    mesh = scene.mesh_in(tmp_path)
    flat = CORNERS[:, :2]
    turned, mirrored = np.column_stack([-flat[:, 1], flat[:, 0]]), flat * [-1, 1]
    expected = np.vstack([flat, turned * 2 + [10, 0], mirrored + np.array([0, 20])])
    assert np.allclose(mesh.vertices[:, :2], expected, atol=1e-6)
    assert (mesh.vertices[:, 2] == [9] * 4 + [11] * 4 + [9] * 4).all()
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()
    scene.node["weights"] = [0]
    assert scene.mesh_in(tmp_path).vertices[:, 2].min() == 7


def test_a_skin_bends_its_mesh(tmp_path: Path) -> None:
    """One vertex follows the first joint, two the second, and one both joints equally."""
    joints = np.array([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]], np.uint8)
    weights = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0.5, 0.5, 0, 0], [1, 0, 0, 0]], np.float32)
    scene = square().set(JOINTS_0=joints, WEIGHTS_0=weights)
    bind = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    bind[1, 3, 2] = -1  # glTF stores matrices by column: this is a translation by -1 along z
    scene.json["skins"] = [{"joints": [1, 2], "inverseBindMatrices": scene.array(bind.reshape(2, 16))}]
    scene.json["nodes"] += [{"translation": [5, 0, 0]}, {"translation": [0, 0, 3]}]
    scene.json["scenes"][0]["nodes"] = [0, 1, 2]
    scene.node |= {"skin": 0, "translation": [100, 100, 100]}  # has no effect on a skinned mesh
    moved = CORNERS + np.array([[5, 0, 0], [0, 0, 2], [2.5, 0, 1], [0, 0, 2]], np.float32)
    assert np.allclose(scene.mesh_in(tmp_path).vertices, moved)


def test_colours_of_vertices_materials_and_textures(tmp_path: Path) -> None:
    rgba = np.array([[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [255, 255, 255, 0]], np.uint8)
    scene = square()
    scene.primitive["attributes"]["COLOR_0"] = scene.array(rgba, normalized=True)
    rgb = scene.mesh_in(tmp_path).rgb
    assert rgb is not None and rgb.tolist() == rgba[:, :3].tolist()
    scene = square().set(COLOR_0=np.tile(np.array([0.5, 1, 0], np.float32), (4, 1)))
    scene.json["materials"] = [{"pbrMetallicRoughness": {"baseColorFactor": [1, 0.4, 1, 1]}}]
    scene.primitive["material"] = 0
    rgb = scene.mesh_in(tmp_path).rgb
    assert rgb is not None and rgb.tolist() == [[128, 102, 0]] * 4
    pixels = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]], np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    uv = np.array([[0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [1.9, -0.1]], np.float32)
    scene = square().set(TEXCOORD_0=uv)
    scene.json["images"] = [{"bufferView": scene.view(stream.getvalue()), "mimeType": "image/png"}]
    scene.json["textures"] = [{"source": 0}]
    scene.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    scene.primitive["material"] = 0
    rgb = scene.mesh_in(tmp_path).rgb
    assert rgb is not None and rgb.tolist() == pixels.reshape(4, 3).tolist()
    scene.json["images"] = [{"bufferView": scene.view(b"no picture")}]
    mesh = scene.mesh_in(tmp_path)
    assert mesh.rgb is None and mesh.notes[0].startswith("a texture is left out: ")


def test_normals_stay_perpendicular_to_a_stretched_surface(tmp_path: Path) -> None:
    slope = np.tile(np.array([0, 0.6, 0.8], np.float32), (4, 1))
    scene = square().set(NORMAL=slope)
    scene.node["scale"] = [1, 2, 1]
    normals = scene.mesh_in(tmp_path).normals
    assert normals is not None and np.allclose(normals, np.array([0, 0.3, 0.8]) / np.hypot(0.3, 0.8))


def test_points_without_triangles_are_a_cloud_and_others_are_counted(tmp_path: Path) -> None:
    red = np.tile(np.array([1, 0, 0], np.float32), (4, 1))
    scene = Scene().set(POSITION=CORNERS, COLOR_0=red)
    scene.primitive["mode"] = 0
    cloud = files.read(scene.write(tmp_path / "a.glb"))
    assert isinstance(cloud, PointCloud) and cloud.rgb is not None
    assert np.array_equal(cloud.xyz, CORNERS) and cloud.rgb.tolist() == [[255, 0, 0]] * 4
    positions = scene.primitive["attributes"]
    scene.mesh["primitives"] += [{"attributes": positions}, {"attributes": positions, "mode": 1}]
    scene.json["animations"] = [{}, {}]
    assert scene.mesh_in(tmp_path).notes == (
        "1 corner of an unfinished triangle left out",
        "lines left out",
        "2 animations left out",
        "4 points beside its triangles left out",
    )
    scene.mesh["primitives"] = [{"attributes": positions, "mode": 3}]
    with pytest.raises(files.ReadError, match="there is no mesh in its scene"):
        scene.mesh_in(tmp_path)


def test_draco_compressed_meshes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    packed = DracoPy.encode(
        ball.vertices.astype(np.float32), ball.faces.astype(np.uint32), quantization_bits=16
    )
    scene = Scene()
    scene.json["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    extension = {"bufferView": scene.view(packed), "attributes": {"POSITION": 0}}
    count = {"componentType": 5126, "type": "VEC3", "count": len(ball.vertices)}
    scene.accessors += [count, {"componentType": 5125, "type": "SCALAR", "count": ball.faces.size}]
    scene.primitive |= {
        "attributes": {"POSITION": 0},
        "indices": 1,
        "extensions": {"KHR_draco_mesh_compression": extension},
    }
    mesh = scene.mesh_in(tmp_path)
    (tmp_path / "a.drc").write_bytes(packed)
    alone = files.read(tmp_path / "a.drc")
    for found in (mesh, alone):
        assert isinstance(found, TriangleMesh) and len(found.faces) == len(ball.faces)
        area = trimesh.Trimesh(found.vertices, found.faces, process=False).area
        assert np.isclose(area, ball.area, rtol=1e-3)
    from apsnet_core.files import draco

    monkeypatch.setitem(sys.modules, "DracoPy", None)
    with pytest.raises(files.ReadError, match=r"Draco .*pip install 'apsnet-studio\[draco\]'"):
        draco.decode(packed, tmp_path / "a.drc")


def packed_by_meshopt(scene: Scene, packed: list[tuple[bytes, dict[str, Any]]], name: str) -> dict[str, Any]:
    """Pack each view of the scene into the first buffer; the views refer to a second, absent buffer."""
    scene.payload = b""
    for view, (data, how) in zip(scene.views, packed, strict=True):
        place = {"buffer": 0, "byteOffset": len(scene.payload), "byteLength": len(data)}
        view |= {"buffer": 1, "extensions": {name: place | how}}
        scene.payload += data
    scene.json["extensionsRequired"] = [name, "KHR_mesh_quantization"]
    nowhere = {"byteLength": 10**6, "extensions": {name: {"fallback": True}}}
    return scene.json | {"buffers": [{"byteLength": len(scene.payload)}, nowhere]}


@pytest.mark.parametrize("name", ["EXT_meshopt_compression", "KHR_meshopt_compression"])
def test_meshopt_compressed_meshes_are_read(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    places = np.round(ball.vertices * 2000).astype(np.int16)
    places = np.column_stack([places, np.zeros(len(places), np.int16)])  # padded to a stride of eight bytes
    float_normals = ball.vertex_normals.astype(np.float32)
    corners = ball.faces.astype(np.uint16).reshape(-1)
    scene = Scene()
    scene.primitive |= {"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2}
    scene.views += [
        {"byteOffset": 0, "byteLength": places.nbytes, "byteStride": 8},
        {"byteOffset": 10**5, "byteLength": float_normals.nbytes, "byteStride": 12},
        {"byteOffset": 2 * 10**5, "byteLength": corners.nbytes},
    ]
    scene.accessors += [
        {"bufferView": 0, "componentType": 5122, "type": "VEC3", "count": len(places)},
        {"bufferView": 1, "componentType": 5126, "type": "VEC3", "count": len(places)},
        {"bufferView": 2, "componentType": 5123, "type": "SCALAR", "count": len(corners)},
    ]
    exponential = meshopt.encode_filter_exp(float_normals, 15)
    packed: list[tuple[bytes, dict[str, Any]]] = [
        (
            meshopt.encode_gltf_buffer(places, "ATTRIBUTES"),
            {"count": len(places), "byteStride": 8, "mode": "ATTRIBUTES"},
        ),
        (
            meshopt.encode_gltf_buffer(exponential, "ATTRIBUTES"),
            {"count": len(places), "byteStride": 12, "mode": "ATTRIBUTES", "filter": "EXPONENTIAL"},
        ),
        (
            meshopt.encode_gltf_buffer(corners, "TRIANGLES"),
            {"count": len(corners), "byteStride": 2, "mode": "TRIANGLES"},
        ),
    ]
    path = tmp_path / "a.glb"
    path.write_bytes(glb(packed_by_meshopt(scene, packed, name), scene.payload))
    mesh = files.read(path)
    assert isinstance(mesh, TriangleMesh) and mesh.normals is not None
    # meshoptimizer may start a triangle at another corner and change the order of triangles.
    found, whole = (
        {frozenset(map(tuple, triangle)) for triangle in triangles.round().astype(int).tolist()}
        for triangles in (mesh.absolute[mesh.faces], places[:, :3][ball.faces])
    )
    assert found == whole
    assert np.allclose(mesh.normals, float_normals, atol=1e-3)
    damaged = [(data[:-3], how) for data, how in packed]
    path.write_bytes(glb(packed_by_meshopt(scene, damaged, name), scene.payload))
    with pytest.raises(files.ReadError, match=f"{name} cannot be unpacked"):
        files.read(path)
    from apsnet_core.files.gltf import meshopt as ours

    monkeypatch.setitem(sys.modules, "meshopt", None)
    with pytest.raises(files.ReadError, match=rf"{name}, .*pip install 'apsnet-studio\[meshopt\]'"):
        ours.unpacked(b"", 1, 4, {"mode": "INDICES"}, name, path)


def test_unknown_required_extensions_are_refused_by_name(tmp_path: Path) -> None:
    scene = square()
    for view in scene.views:  # an extension that is not required may be ignored: the plain bytes are read
        view["extensions"] = {"EXT_meshopt_compression": {"buffer": 1, "byteLength": 9}}
    assert _placed(scene.mesh_in(tmp_path)) == WHOLE
    scene.json["extensionsRequired"] = ["VENDOR_secret_shapes"]
    with pytest.raises(files.ReadError, match="requires the extension VENDOR_secret_shapes"):
        scene.mesh_in(tmp_path)
    scene.json["extensionsRequired"] = ["KHR_materials_unlit"]
    assert _placed(scene.mesh_in(tmp_path)) == WHOLE


@pytest.mark.parametrize("uri", ["my%20points.bin", "my points.bin", "./my%20points.bin"])
def test_buffers_in_files_beside_the_gltf_file_are_read(tmp_path: Path, uri: str) -> None:
    scene = square()
    (tmp_path / "my points.bin").write_bytes(scene.payload)
    scene.json["buffers"] = [{"byteLength": len(scene.payload), "uri": uri}]
    (tmp_path / "a.gltf").write_text(json.dumps(scene.json))
    mesh = files.read(tmp_path / "a.gltf")
    assert isinstance(mesh, TriangleMesh) and _placed(mesh) == WHOLE
    (tmp_path / "my points.bin").unlink()
    with pytest.raises(files.ReadError, match=r"needs the file (\./)?my points.bin beside it"):
        files.read(tmp_path / "a.gltf")
    data = "data:;base64," + base64.b64encode(scene.payload[:-4]).decode()
    scene.json["buffers"] = [{"byteLength": len(scene.payload), "uri": data}]
    (tmp_path / "a.gltf").write_text(json.dumps(scene.json))
    with pytest.raises(files.ReadError, match=r"announces 60 bytes and has 56"):
        files.read(tmp_path / "a.gltf")


def test_small_files_of_many_vertices_are_refused(tmp_path: Path) -> None:
    scene = square()
    scene.accessors[0] |= {"count": 10**9}
    del scene.accessors[0]["bufferView"]
    with pytest.raises(files.ReadError, match="announces 1000000000 elements that are not in the file"):
        scene.mesh_in(tmp_path)
    scene = square()
    scene.json["nodes"] = [{"mesh": 0, "children": [1]}, {"children": [0]}]
    with pytest.raises(files.ReadError, match="more than one place"):
        scene.mesh_in(tmp_path)
