"""The layers that a view draws: order and size of samples, colours of meshes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.colours.eye_dome import SPARSE
from apsnet_core.sampling import Sampling
from apsnet_gui.state.document import Choice, Document, Look
from apsnet_gui.state.open_shape import Loaded, new_entry
from apsnet_gui.state.result import Result
from apsnet_gui.viewport.scene import SphereLayer
from apsnet_gui.views.document_scene import colours_of, sample_layers
from apsnet_gui.views.sample_size import sphere_radius
from tests.narrow import of_kind


def sampled(cloud: PointCloud, m: int) -> Result:
    sampling = Sampling(cloud.xyz[:m], np.arange(m), "random", m, 0, 0.0)
    return Result("a", Choice(m=m), cloud, sampling, sampling, "key")


@pytest.mark.parametrize(
    ("ghost", "points", "front"),
    [(True, 9000, True), (False, SPARSE + 1, False), (False, SPARSE, True), (False, 1, True)],
)
def test_samples_are_drawn_in_front_of_faded_and_sparse_clouds(ghost: bool, points: int, front: bool) -> None:
    cloud = PointCloud(np.random.default_rng(0).random((points, 3), np.float32))
    active = new_entry(Loaded.measured(cloud), "/a.ply")
    document = Document((active,), active.id, look=Look(ghost=ghost))
    for step in (1, 2):
        layers = sample_layers(document, active, sampled(cloud, min(points, 3)), step)
        assert layers and all(of_kind(SphereLayer, layer).in_front is front for layer in layers)


def test_many_samples_are_drawn_smaller_but_not_too_small() -> None:
    """Up to 32 samples have the requested size; more samples together cover the area of these 32."""
    xyz = np.random.default_rng(0).random((5000, 3), np.float32)
    cloud = PointCloud(xyz)
    diagonal = float(np.linalg.norm(xyz.max(0) - xyz.min(0)))

    def radius(m: int) -> float:
        return sphere_radius(sampled(cloud, m), Look(sphere=10))

    assert radius(1) == radius(32) == pytest.approx(diagonal / 100)
    assert 64 * radius(64) ** 2 == pytest.approx(32 * radius(32) ** 2)
    assert radius(1000) == radius(5000) == pytest.approx(0.35 * radius(1))


@pytest.mark.parametrize("m", [1000, 5000, 40_000])
def test_many_samples_do_not_cover_the_plain_below_them(m: int) -> None:
    """The discs of all samples, without overlap, would cover less than a fifth of the plain."""
    rng = np.random.default_rng(0)
    flat = rng.random((40_000, 3), np.float32) * np.array([200, 150, 0.5], np.float32)
    radius = sphere_radius(sampled(PointCloud(flat), m), Look())
    assert 0.02 < m * np.pi * radius**2 / (200 * 150) < 0.2
    result = sampled(PointCloud(flat), m)
    parts = np.where((flat[:, :2] < 50).all(axis=1), 0, -1)  # the objects cover a twelfth of it
    own = replace(result, sampling=replace(result.sampling, parts=parts))
    assert 0.02 < m * np.pi * sphere_radius(own, Look()) ** 2 / 50**2 < 0.2


@pytest.mark.parametrize("rgb", [np.full((3, 3), 0xAB, np.uint8), np.full((3, 3), 0xABCD, np.uint16)])
def test_a_mesh_is_shown_in_its_colours(rgb: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> None:
    mesh = TriangleMesh(
        np.eye(3, dtype=np.float32), np.array([[0, 1, 2]]), rgb=rgb, normals=-np.eye(3, dtype=np.float32)
    )
    auto = colours_of(mesh, "auto", "#102030", "y", True)
    assert auto.rgb.tolist() == [[0xAB] * 3] * 3
    assert colours_of(mesh, "plain", "#102030", "y", True).rgb.tolist() == [[16, 32, 48]] * 3
    assert colours_of(mesh, "normal", "#102030", "y", True).rgb.diagonal().tolist() == [0, 0, 0]
    bare = TriangleMesh(mesh.vertices, mesh.faces)
    assert colours_of(bare, "auto", "#102030", "y", True).rgb.tolist() == [[16, 32, 48]] * 3
