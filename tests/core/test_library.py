"""The functions of `import apsnet_core as apsnet`, with clouds and meshes of other libraries too."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import open3d
import pytest
import torch
import trimesh

import apsnet_core as apsnet
from apsnet_core.assets import asset
from apsnet_core.batch.evaluation import METHODS, SIZES, Evaluation
from apsnet_core.cli.evaluate import evaluate as command
from apsnet_core.datasets import open_dataset
from apsnet_core.datasets.split import Fold
from apsnet_core.methods import register, unregister
from apsnet_core.notebook import on_faces
from apsnet_core.tasks.registry import DEFAULT
from tests.core.test_other_libraries import XYZ, open3d_cloud

CHAIR = asset("shapes", "chair.obj")


@pytest.mark.parametrize(
    "make",
    [
        lambda: XYZ,
        lambda: XYZ.astype(np.float32),
        lambda: XYZ.astype(np.float16).astype(np.float64),
        lambda: XYZ.tolist(),
        lambda: torch.from_numpy(XYZ).requires_grad_(),
        open3d_cloud,
        lambda: open3d.t.geometry.PointCloud.from_legacy(open3d_cloud()),
        lambda: trimesh.PointCloud(XYZ),
        lambda: apsnet.PointCloud.from_array(XYZ),
        lambda: list(XYZ),
        lambda: list(torch.from_numpy(XYZ).requires_grad_()),
        lambda: open3d.t.geometry.PointCloud(open3d.core.Tensor.from_numpy(XYZ)).point.positions,
        lambda: open3d.utility.Vector3dVector(XYZ),
        lambda: torch.from_numpy(XYZ).to_sparse(),
        lambda: np.array([tuple(point) for point in XYZ], [("x", ">f8"), ("y", "f4"), ("z", "f8")]),
    ],
)
def test_a_cloud_of_any_library_gives_the_same_rows(make: object) -> None:
    sampling = apsnet.sample(make(), 20, "random", seed=3)  # type: ignore[operator]
    rows = np.random.default_rng(3).choice(300, 20, replace=False)
    np.testing.assert_array_equal(sampling.rows, rows)
    np.testing.assert_allclose(sampling, XYZ[rows], atol=2e-3)


def test_a_batch_and_ragged_clouds_give_a_list() -> None:
    batch = np.random.default_rng(1).random((3, 64, 3))
    for clouds in (batch, torch.from_numpy(batch), list(batch), [batch[0], batch[1, :50], batch[2].tolist()]):
        found = apsnet.sample(clouds, 8, "farthest_point")
        assert [len(sampling) for sampling in found] == [8, 8, 8]
        np.testing.assert_allclose(np.asarray(found[0]), batch[0][found[0].rows], atol=1e-6)


def test_large_coordinates_keep_a_precision_below_a_millimetre() -> None:
    utm = XYZ + np.array([500_000.0, 5_400_000.0, 300.0])
    sampling = apsnet.sample(utm, 50, "random")
    np.testing.assert_allclose(sampling.absolute, utm[sampling.rows], atol=1e-4)


def test_attention_and_rows_are_right_for_clouds_with_nan() -> None:
    holed = XYZ.copy()
    holed[::10] = np.nan
    sampling = apsnet.sample(holed, 16, "apsnet:m", up="z")
    assert not np.isnan(holed[sampling.rows]).any()
    np.testing.assert_allclose(sampling.absolute, holed[sampling.rows], atol=1e-5)
    attention = sampling.attention()
    assert attention.shape == (16, 270)
    np.testing.assert_allclose(attention.sum(axis=1), 1.0, atol=1e-5)
    # Eq. 3: each generated point is the mean of the cloud under its attention.
    generated = apsnet.sample(holed, 16, "apsnet", up="z")
    np.testing.assert_allclose(attention @ generated.cloud.xyz, generated.points, atol=1e-4)


@pytest.mark.parametrize(
    ("x", "why"),
    [
        (XYZ.T, r"\(n, 3\).*not \(3, 300\); its transpose would do"),
        (np.zeros((5, 2)), r"\(n, 3\).*not \(5, 2\)"),
        (np.full((5, 3), np.nan), "none of its points is finite"),
        (np.zeros((0, 3)), "there is no point in it"),
        ([["a", "b", "c"]], "numbers"),
        (42, "of type int is not a shape"),
        (XYZ[:10], "cannot sample 32 of 10 points"),
        (torch.empty((40, 3), device="meta"), "on the device meta has no values"),
        (open3d.geometry.LineSet(), "LineSet of Open3D is neither"),
        (np.array([("a", "b", "c")], [("x", "U1"), ("y", "U1"), ("z", "U1")]), "must be numbers"),
    ],
)
def test_shapes_that_cannot_be_sampled_are_refused_in_a_sentence(x: object, why: str) -> None:
    with pytest.raises(ValueError, match=why) as said:
        apsnet.sample(x, 32, "random")
    assert "\n" not in str(said.value)


def test_compare_gives_measures_and_the_verdict_of_the_net() -> None:
    found = apsnet.compare(CHAIR, "farthest_point,apsnet", [8], task="classification")
    assert [row.method for row in found.rows] == ["farthest_point", "apsnet"]
    assert all(row.verdict is not None for row in found.rows)


def test_a_task_net_is_frozen_and_passes_gradients() -> None:
    net = apsnet.task_net("classification")
    cloud = torch.rand(2, 128, 3, requires_grad=True)
    generated = apsnet.networks.APSNet()(cloud, 8).points
    loss = apsnet.sampling_loss(generated, cloud) + net(generated).square().mean()
    loss.backward()
    assert cloud.grad is not None and cloud.grad.abs().sum() > 0
    assert not any(parameter.requires_grad for parameter in net.parameters())


def test_train_and_evaluate_work_on_the_bundled_furniture(tmp_path: Path) -> None:
    changes = ["optimisation.epochs=1", "points=64", "snapshots=0"]
    run = apsnet.train("furniture-pointnet", tmp_path / "net", changes)
    assert run.best.is_file()
    table = apsnet.evaluate("furniture", "random", [8], net=str(run.best), seeds=1, shapes=8)
    assert [row.m for row in table.rows] == [8]


def test_reprs_are_one_line_and_notebooks_get_a_picture() -> None:
    sampling = apsnet.sample(XYZ, 5, "voxel")
    for shape in (apsnet.PointCloud.from_array(XYZ), sampling, apsnet.read(CHAIR)):
        assert "\n" not in repr(shape) and len(repr(shape)) < 200
    assert "data:image/png" in sampling._repr_html_()
    axes = sampling.plot()
    assert len(axes.collections) == 2
    cloud = sampling.cloud
    assert len(cloud[10:20]) == 10 and len(cloud[np.arange(300) % 2 == 0]) == 150 and len(cloud[4]) == 1


def test_a_mesh_has_a_picture_of_its_surface() -> None:
    square = np.array([[0.0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0]])
    mesh = apsnet.TriangleMesh.from_array(square, np.array([[0, 1, 2], [0, 2, 3]]))
    points = on_faces(mesh.vertices, mesh.faces)
    assert (points >= 0).all() and (points <= [2, 1, 0]).all()
    assert abs((points[:, 0] < 1).mean() - 0.5) < 0.05 and abs((points[:, 1] < 0.5).mean() - 0.5) < 0.05
    assert "data:image/png" in mesh._repr_html_() and len(mesh.plot().collections) == 1
    assert len(on_faces(mesh.vertices[:1], np.zeros((0, 3), int))) == 1


class DataArray:
    """A replacement of xarray's DataArray with the documented constructor."""

    def __init__(self, data: Any, coords: Any, dims: Any, name: str, attrs: dict[str, object]) -> None:
        self.values, self.dims, self.attrs = data, dims, attrs
        sizes = dict(zip(dims, data.shape, strict=True))
        self.coords = {
            key: value if isinstance(value, tuple) else (key, value) for key, value in coords.items()
        }
        assert all(len(values) == sizes[dim] for dim, values in self.coords.values())


def test_attention_is_saved_as_npz_and_converted_to_xarray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = np.add(XYZ, [5e5, 5.4e6, 0])
    sampling = apsnet.sample(far, 5, "apsnet:m")
    sampling.save_attention(tmp_path / "a.npz")
    found = np.load(tmp_path / "a.npz", allow_pickle=False)
    monkeypatch.setitem(sys.modules, "xarray", SimpleNamespace(DataArray=DataArray))
    array = sampling.to_xarray()
    monkeypatch.undo()
    for attention in (found["attention"], array.values):
        assert np.array_equal(attention, sampling.attention()) and attention.shape == (5, 300)
    assert np.abs(found["cloud"] - far).max() < 1e-3 and np.array_equal(
        array.coords["x"][1], found["cloud"][:, 0]
    )
    assert np.abs(far[found["rows"]] - found["points"]).max() < 1e-3
    assert array.dims == ("step", "point") and array.coords["step"][1].tolist() == [1, 2, 3, 4, 5]
    assert np.array_equal(array.coords["sample_y"][1], found["points"][:, 1])
    with pytest.raises(FileExistsError, match="exists already"):
        sampling.save_attention(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="no attention to show"):
        apsnet.sample(XYZ, 5, "voxel").save_attention(tmp_path / "b.npz")


@pytest.mark.parametrize("m", [2.5, "32", None])
def test_invalid_numbers_of_points_are_refused_in_a_sentence(m: Any) -> None:
    with pytest.raises(ValueError, match="m is a whole number of points from 1, not"):
        apsnet.sample(XYZ, m, "apsnet")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"seed": 1.5}, "a seed is a whole number from 0 to .*, not 1.5"),
        ({"seed": None}, "a seed is a whole number from 0 to .*, not None"),
        ({"method": "apsnet", "up": (0, 0, 1)}, "up is one of x, -x,.* not .0, 0, 1"),
        ({"method": 3}, "a method is a text like 'apsnet:m', not 3"),
        ({"device": torch.device("meta")}, "there is no device 'meta': take auto, cpu, cuda"),
    ],
)
def test_arguments_of_the_wrong_type_are_refused_in_a_sentence(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        apsnet.sample(XYZ, 3, **{"method": "random", **given})


@pytest.mark.parametrize(
    ("methods", "sizes", "why"),
    [
        ("random", [], "name at least one number of points"),
        ([], [8], "name at least one method"),
        ("random", "8,32", "m is a whole number of points from 1, not '8,32'"),
        ("random", [8.0], "m is a whole number of points from 1, not 8.0"),
    ],
)
def test_comparisons_without_methods_or_sizes_are_refused_in_a_sentence(
    methods: Any, sizes: Any, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        apsnet.compare(XYZ, methods, sizes)


def test_a_net_without_a_task_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="needs a task: give task too"):
        apsnet.compare(XYZ, "random", 8, net="classification-pointnet")


def test_compare_accepts_a_single_size() -> None:
    assert [row.m for row in apsnet.compare(XYZ, "random", 8).rows] == [8]


def test_some_rows_of_a_sampling_keep_their_attention() -> None:
    sampling = apsnet.sample(XYZ, 12, "apsnet:m")
    few = sampling[[7, 2]]
    assert len(few) == few.m == 2 and np.array_equal(few.rows, sampling.rows[[7, 2]])
    assert np.array_equal(few, np.asarray(sampling)[[7, 2]])
    np.testing.assert_allclose(few.attention(), sampling.attention()[[7, 2]], rtol=1e-5)
    assert len(list(apsnet.sample(XYZ, 3, "apsnet"))) == 3 and len(sampling[:5]) == 5
    with pytest.raises(IndexError):
        sampling[12]


def test_arrays_tensors_and_samplings_are_written_and_read_back(tmp_path: Path) -> None:
    sampling = apsnet.sample(XYZ, 9, "farthest_point")
    for name, made in {"array": XYZ[:9], "tensor": torch.from_numpy(XYZ[:9]), "sampling": sampling}.items():
        path = tmp_path / f"{name}.ply"
        apsnet.write(made, path)
        np.testing.assert_allclose(np.asarray(apsnet.read(path)), np.asarray(made), atol=1e-6)
    back = apsnet.read(tmp_path / "sampling.ply")
    assert isinstance(back, apsnet.PointCloud)
    assert back.attributes["index"].tolist() == sampling.rows.tolist()
    with pytest.raises(TypeError, match=r"type int is not a shape: write accepts a Sampling, an array"):
        apsnet.write(3, tmp_path / "a.ply")


def test_pictures_of_a_shape_are_upright_for_any_up_axis() -> None:
    upright = apsnet.sample(CHAIR, 8, "farthest_point").cloud
    x, y, z = upright.absolute.T
    turned = apsnet.PointCloud.from_array(np.column_stack([x, -z, y]), source="chair.las")
    one, other = (apsnet.sample(cloud, 8, "farthest_point") for cloud in (upright, turned))
    picture = re.compile(r"data:image/png;base64,([^&\"]+)")
    for first, second in ((upright, turned), (one, other)):
        found = [picture.search(shape._repr_html_()) for shape in (first, second)]
        assert found[0] and found[1] and found[0][1] == found[1][1]
    assert (one.plot()._vertical_axis, other.plot()._vertical_axis) == (1, 2)


def test_a_generating_method_gives_rows_of_the_original_array() -> None:
    holed = XYZ.copy()
    holed[:30] = np.nan
    register(
        apsnet.Method(
            name="first", label="First", generate=lambda points, m: points[:, :m], variants=("g", "m")
        )
    )
    try:
        sampling = apsnet.sample(holed, 4, "first:m")
    finally:
        unregister("first")
    assert sampling.rows.tolist() == [30, 31, 32, 33] and len(sampling.cloud) == 270


def test_evaluate_has_the_options_and_defaults_of_the_command_line() -> None:
    """Names and defaults equal those of the class that both the library and the command line fill."""
    asked = {field.name: field.default for field in fields(Evaluation) if field.name != "data"}
    given = {name: each.default for name, each in inspect.signature(apsnet.evaluate).parameters.items()}
    assert {name: given[name] for name in asked} == asked
    assert set(given) - set(asked) == {"data", "out", "device"}
    shell = {name: each.default for name, each in inspect.signature(command).parameters.items()}
    assert set(asked) <= set(shell)
    texts = {"methods": METHODS, "sizes": ",".join(map(str, SIZES)), "task": DEFAULT, "up": "auto"}
    assert {name: shell[name] for name in asked} == asked | texts | {"paired": None}


def test_evaluate_accepts_folds_classes_and_paired_tests() -> None:
    table = apsnet.evaluate(
        "furniture", ["random", "voxel"], 8,
        seeds=1, shapes=3, classes=["chair", "sofa"], fold="2/3", paired=["all"],
    )  # fmt: skip
    part = open_dataset("furniture", classes=["chair", "sofa"], fold=Fold(2, 3)).test
    assert table.held_out.rows is not None and part.rows is not None
    assert table.held_out.rows.tolist() == part.rows[np.arange(3) * len(part) // 3].tolist()
    assert [(pair.first, pair.second, pair.m) for pair in table.pairs] == [("Random", "Voxel", 8)]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"fold": "3"}, "a fold is written as 2/5"),
        ({"paired": ["random"]}, "a paired test is of two different methods"),
        ({"paired": ["random,voxel"]}, "voxel is to be tested but is not one"),
        ({"paired": "random"}, "a paired test is of two different methods"),
        ({"table": "4"}, "the paper's tables and figures here are"),
        ({"seeds": 0}, "seeds is a whole number from 1, not 0"),
        ({"shapes": -3}, "shapes is a whole number from 1, not -3"),
        ({"turns": 0}, "turns is a whole number from 1, not 0"),
        ({"split": "tests"}, "split is one of test, validation, train, all, not 'tests'"),
        ({"pairs": "same"}, "pairs is one of exact, resampled, not 'same'"),
        ({"facing": "north"}, "facing is one of stored, known, not 'north'"),
        ({"classes": "chair,boat"}, "furniture has no class 'boat'"),
    ],
)
def test_invalid_evaluations_are_refused_in_a_sentence(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        apsnet.evaluate("furniture", "random", 8, **given)
