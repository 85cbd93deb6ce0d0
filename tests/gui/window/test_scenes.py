"""What a view is given to show."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.sampling import Sampling
from apsnet_gui.state.document import Choice, Look
from apsnet_gui.state.result import Result
from apsnet_gui.views.document_scene import colours_of, sphere_radius


def test_many_samples_are_drawn_smaller_but_not_too_small() -> None:
    """Up to a few have the size that is asked for; more of them cover together what those would."""
    xyz = np.random.default_rng(0).random((5000, 3), np.float32)
    cloud = PointCloud(xyz)
    diagonal = float(np.linalg.norm(xyz.max(0) - xyz.min(0)))

    def radius(m: int) -> float:
        sampling = Sampling(xyz[:m], np.arange(m), "random", m, 0, 0.0)
        return sphere_radius(Result("a", Choice(m=m), cloud, sampling, sampling, "key"), Look(sphere=10))

    assert radius(1) == radius(32) == pytest.approx(diagonal / 100)
    assert 64 * radius(64) ** 2 == pytest.approx(32 * radius(32) ** 2)
    assert radius(1000) == radius(5000) == pytest.approx(0.35 * radius(1))


@pytest.mark.parametrize("type_", [np.uint8, np.uint16])
def test_a_mesh_is_shown_in_its_colours(type_: type) -> None:
    rgb = np.eye(3) * np.iinfo(type_).max
    mesh = TriangleMesh(
        np.eye(3, dtype=np.float32),
        np.array([[0, 1, 2]]),
        rgb=rgb.astype(type_),
        normals=-np.eye(3, dtype=np.float32),
    )
    auto = colours_of(mesh, "auto", "#102030", "y", True)
    assert auto.rgb.tolist() == (np.eye(3) * 255).astype(int).tolist()
    assert colours_of(mesh, "plain", "#102030", "y", True).rgb.tolist() == [[16, 32, 48]] * 3
    assert colours_of(mesh, "normal", "#102030", "y", True).rgb.diagonal().tolist() == [0, 0, 0]
    bare = TriangleMesh(mesh.vertices, mesh.faces)
    assert colours_of(bare, "auto", "#102030", "y", True).rgb.tolist() == [[16, 32, 48]] * 3
