"""Registration pairs are as FACTS requires: 25 per shape, three uniform angles, fixed by the seed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from apsnet_core.datasets.dataset import Split
from apsnet_core.datasets.pairs import registration_pairs
from tests.core.datasets.conftest import ellipsoid


@pytest.fixture(scope="module")
def shapes() -> Split:
    points = np.stack([ellipsoid(i, 256) for i in range(40)])
    return Split(points, np.zeros(40, np.int64), tuple(map(str, range(40))))


def test_the_source_is_the_rotated_template(shapes: Split) -> None:
    pairs = registration_pairs(shapes, points=200)
    assert len(pairs) == 1000
    template, source, rotation = pairs.batch(torch.tensor([0, 24, 25, 999]))
    np.testing.assert_array_equal(template, shapes.points[[0, 0, 1, 39], :200])
    for one, turned, matrix in zip(template, source, rotation, strict=True):
        oracle = Rotation.from_matrix(matrix.double().numpy()).apply(one.double().numpy())
        np.testing.assert_allclose(turned, oracle, atol=1e-6)


def test_angles_are_uniform_within_the_limit(shapes: Split) -> None:
    pairs = registration_pairs(shapes, per_shape=100, points=10)
    angles = Rotation.from_matrix(pairs.rotation.double().numpy()).as_euler("xyz", degrees=True)
    assert np.abs(angles).max() <= 45.001
    # The quartiles of 4000 uniform angles are -22.5, 0 and 22.5, within 4 standard errors.
    np.testing.assert_allclose(
        np.quantile(angles, [0.25, 0.5, 0.75], axis=0).T, [[-22.5, 0, 22.5]] * 3, atol=3
    )
    small = registration_pairs(shapes, max_angle=5, points=10).rotation.double().numpy()
    assert np.abs(Rotation.from_matrix(small).as_euler("xyz", degrees=True)).max() <= 5.001


def test_a_seed_fixes_the_pairs(shapes: Split) -> None:
    a, b = (registration_pairs(shapes, 1, seed=4, mode="resampled", points=64) for _ in range(2))
    which = torch.arange(40)
    for one, other in zip(a.batch(which), b.batch(which), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
    assert not torch.equal(a.rotation, registration_pairs(shapes, 1, seed=5, points=64).rotation)


def test_resampled_clouds_are_drawn_independently(shapes: Split) -> None:
    pairs = registration_pairs(shapes, mode="resampled", points=128)
    template, source, rotation = pairs.batch(torch.arange(50))
    back = source @ rotation  # applies the inverse rotation
    shared = torch.cdist(template.double(), back.double()).amin(dim=2) < 1e-5
    # Each point of one cloud is in the other with probability 128 / 256.
    assert 0.45 < float(shared.double().mean()) < 0.55
    assert len(torch.unique(template[0], dim=0)) == 128


def test_pairs_that_cannot_be_drawn_are_refused(shapes: Split) -> None:
    with pytest.raises(ValueError, match="257 points cannot be drawn"):
        registration_pairs(shapes, points=257)
    with pytest.raises(ValueError, match=r"256 points cannot be drawn \(resampled\)"):
        registration_pairs(shapes, points=256, mode="resampled")
    with pytest.raises(ValueError, match="at least one pair"):
        registration_pairs(shapes, 0)
