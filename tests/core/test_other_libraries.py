"""Clouds, meshes and tables of other libraries are converted to ours and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import open3d
import pytest
import torch
import trimesh

import apsnet_core as apsnet
from apsnet_core.assets import asset

CHAIR = asset("shapes", "chair.obj")
XYZ = np.random.default_rng(0).normal(size=(300, 3))


def open3d_cloud() -> open3d.geometry.PointCloud:
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(XYZ))
    cloud.colors = open3d.utility.Vector3dVector(np.tile([1.0, 0.0, 0.5], (300, 1)))
    return cloud


class _Column:
    def __init__(self, values: np.ndarray) -> None:
        self._values = values

    def to_numpy(self) -> np.ndarray:
        return self._values


class _Table:
    """A table like those of pandas, whose columns are accessed by name."""

    def __init__(self, columns: dict[str, np.ndarray]) -> None:
        self.columns = list(columns)
        self._values = columns

    def __getitem__(self, name: str) -> _Column:
        return _Column(self._values[name])

    def to_numpy(self) -> np.ndarray:
        return np.column_stack(list(self._values.values()))


def test_files_and_meshes_of_other_libraries_are_sampled_on_the_surface() -> None:
    from_file = apsnet.sample(CHAIR, 12, "farthest_point")
    mesh = apsnet.read(CHAIR)
    assert isinstance(mesh, apsnet.TriangleMesh)
    for other in (mesh.to_open3d(), mesh.to_trimesh()):
        np.testing.assert_allclose(
            apsnet.sample(other, 12, "farthest_point").absolute, from_file.absolute, atol=1e-5
        )


def test_a_scene_of_one_cloud_is_that_cloud() -> None:
    scene = trimesh.Scene()
    scene.add_geometry(
        trimesh.PointCloud(XYZ), transform=trimesh.transformations.translation_matrix([1, 2, 3])
    )
    np.testing.assert_allclose(
        np.asarray(apsnet.PointCloud.from_trimesh(scene)), XYZ + np.array([1, 2, 3]), atol=1e-6
    )


def test_clouds_are_converted_to_other_libraries_and_back() -> None:
    cloud = apsnet.PointCloud.from_open3d(open3d_cloud())
    assert cloud.rgb is not None and cloud.rgb[0].tolist() == [255, 0, 128]
    back = apsnet.PointCloud.from_open3d(cloud.to_open3d())
    np.testing.assert_allclose(np.asarray(back), XYZ, atol=1e-6)
    np.testing.assert_array_equal(back.rgb, cloud.rgb)
    other = apsnet.PointCloud.from_trimesh(cloud.to_trimesh())
    np.testing.assert_allclose(np.asarray(other), XYZ, atol=1e-6)
    np.testing.assert_array_equal(other.rgb, cloud.rgb)


def test_a_table_gives_positions_colours_and_attributes() -> None:
    columns = {"X": XYZ[:, 0], "Y": XYZ[:, 1], "Z": XYZ[:, 2]}
    columns |= {name: np.full(300, value) for name, value in (("red", 9), ("green", 8), ("blue", 7))}
    cloud = apsnet.PointCloud.from_dataframe(_Table({**columns, "intensity": np.arange(300)}))
    np.testing.assert_allclose(np.asarray(cloud), XYZ, atol=1e-6)
    assert cloud.rgb is not None and cloud.rgb[5].tolist() == [9, 8, 7]
    assert cloud.attributes["intensity"][7] == 7
    with pytest.raises(ValueError, match=r"no column y; there are x, height"):
        apsnet.sample(_Table({"x": XYZ[:, 0], "height": XYZ[:, 1]}), 3)


@pytest.mark.parametrize("top", [1.0, 255, 255.0, 65535, 65535.0])
def test_colours_of_all_types_are_accepted_in_clouds_and_tables(tmp_path: Path, top: float) -> None:
    eight = np.array([[255, 0, 51], [0, 102, 204], [153, 255, 0]])
    colours = eight * (top / 255) if isinstance(top, float) else eight * (top // 255)
    table = {**dict(zip("xyz", np.eye(3), strict=True)), **dict(zip("rgb", colours.T, strict=True))}
    meshes = apsnet.TriangleMesh.from_array(np.eye(3), [[0, 1, 2]], rgb=colours)
    for shape in (
        apsnet.PointCloud.from_array(np.eye(3), rgb=colours),
        apsnet.PointCloud.from_array(np.eye(3), rgb=torch.tensor(colours)),
        apsnet.PointCloud.from_array(np.eye(3), rgb=colours.tolist()),
        apsnet.PointCloud.from_dataframe(_Table(table)),
        meshes,
    ):
        suffix = ".off" if shape is meshes else ".pcd"
        apsnet.write(shape, tmp_path / f"a{suffix}", force=True)
        back = apsnet.read(tmp_path / f"a{suffix}")
        assert back.rgb is not None and np.array_equal(
            back.rgb // (257 if back.rgb.max() > 255 else 1), eight
        )
    none = {name: -values for name, values in table.items()}
    assert {*apsnet.PointCloud.from_dataframe(_Table(none)).attributes} == {"r", "g", "b"}


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: apsnet.PointCloud.from_array(XYZ, rgb=XYZ - 1), "rgb must be numbers from 0 to 1"),
        (lambda: apsnet.PointCloud.from_array(XYZ, normals=[1]), "normals has 1 values for 300"),
        (lambda: apsnet.PointCloud.from_array(XYZ, attributes={"a": ["b"] * 300}), "'a' is of type <U1"),
        (lambda: apsnet.TriangleMesh.from_array(XYZ, [[0, 0.5, 1]]), "faces must be whole numbers"),
        (lambda: apsnet.read("a.npy", row=cast("Any", "2")), "a row is a whole number or 'all', not '2'"),
        (lambda: apsnet.read("a.csv", columns="x,y,z"), "columns are several names"),
    ],
)
def test_invalid_arrays_and_arguments_are_refused_in_a_sentence(made: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        made()


def test_array_protocol_objects_and_bfloat16_tensors_are_accepted() -> None:
    whole = apsnet.sample(XYZ, 300, "random")
    assert (
        len(apsnet.sample(whole, 20, "farthest_point")) == 20
    )  # a sampling is converted by numpy's protocol
    half = torch.from_numpy(XYZ).bfloat16()
    few = apsnet.sample(half, 20, "random")
    assert np.array_equal(np.asarray(few, np.float32), half.float().numpy()[few.rows])


def test_masked_rows_are_left_out_like_rows_that_are_not_finite() -> None:
    masked = np.ma.masked_array(XYZ, mask=np.arange(900).reshape(300, 3) % 30 == 0)
    sampling = apsnet.sample(masked, 270, "random")
    assert sampling.cloud.dropped == 30 and not np.isin(sampling.rows, np.arange(0, 300, 10)).any()


def test_a_computed_array_cannot_be_requested_without_a_copy() -> None:
    sampling = apsnet.sample(XYZ, 3, "random")
    for made in (sampling, sampling.cloud):
        assert np.asarray(made, np.float32).dtype == np.float32 and np.array(made, copy=True).shape[1] == 3
        with pytest.raises(ValueError, match="without a copy"):
            np.array(made, copy=False)
