"""How far a shape is from the training shapes, against Mahalanobis distances of SciPy in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from apsnet_core.checked_parts import FAR
from apsnet_core.networks.familiarity import Familiarity, features_of
from apsnet_core.weights import build
from tests.core.small_networks import clouds, randomised
from tests.core.weights.files import metadata

Features = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture
def known() -> Features:
    """Features of 90 training shapes in three classes, their labels, and features of 120 more shapes."""
    rng = np.random.default_rng(0)
    centres, spread = rng.normal(size=(3, 16)), rng.uniform(0.05, 0.3, 16)
    labels, more = np.arange(90) % 3, np.arange(120) % 3

    def draw(of: np.ndarray) -> np.ndarray:
        features = centres[of] + spread * rng.normal(size=(len(of), 16))
        return np.asarray(features * rng.uniform(1, 9, (len(of), 1)))

    return draw(labels), labels, draw(more)


def fitted(known: Features) -> Familiarity:
    train, labels, more = (torch.from_numpy(part) for part in known)
    return Familiarity.fit(train.float(), labels, more.float())


def by_scipy(known: Features, asked: np.ndarray) -> np.ndarray:
    """Mahalanobis distances (B,) to the nearest class mean with a diagonal covariance that classes share."""
    train, labels, _ = known
    unit = train / np.linalg.norm(train, axis=1, keepdims=True)
    means = np.stack([unit[labels == c].mean(0) for c in range(3)])
    variance = ((unit - means[labels]) ** 2).mean(0)
    asked = asked / np.linalg.norm(asked, axis=1, keepdims=True)
    return np.asarray(cdist(asked, means, "mahalanobis", VI=np.diag(1 / variance)).min(1))


def test_the_distance_is_mahalanobis_to_the_nearest_class_mean(known: Features) -> None:
    asked = np.concatenate([known[2], np.random.default_rng(1).normal(size=(50, 16))])
    found = fitted(known)(torch.from_numpy(asked).float())
    np.testing.assert_allclose(found, by_scipy(known, asked), rtol=1e-4)


def test_farther_than_gives_the_percentage_of_validation_shapes_that_are_nearer(known: Features) -> None:
    near, asked = by_scipy(known, known[2]), np.random.default_rng(1).normal(size=(300, 16)) + known[0][0]
    found = fitted(known).farther_than(torch.from_numpy(asked).float()).numpy()
    share = (near < by_scipy(known, asked)[:, None]).mean(1)
    assert len(set(found)) > 10  # both near and far shapes are asked about
    assert (np.abs(found - 100 * share) <= 1.01).all()
    own = fitted(known).farther_than(torch.from_numpy(known[2]).float()).numpy()
    assert (own >= FAR).mean() == pytest.approx(0.05, abs=0.01)


def test_training_shapes_are_added_to_few_validation_shapes(known: Features) -> None:
    train, labels, more = known
    few = fitted((train, labels, more[:20]))
    both = by_scipy(known, np.concatenate([more[:20], train]))
    np.testing.assert_allclose(few.reach, np.quantile(both, np.linspace(0, 1, 101)), rtol=1e-4)


def test_a_feature_without_variance_does_not_make_a_shape_unfamiliar() -> None:
    same = torch.ones(150, 8)
    familiar = Familiarity.fit(same, torch.zeros(150, dtype=torch.int64), same)
    assert bool((familiar.spread > 0).all()) and bool(familiar.reach.isfinite().all())
    assert int(familiar.farther_than(same[:1])) < FAR


@pytest.mark.parametrize(("architecture", "width"), [("pointnet", 1024), ("pcae", 128), ("pcrnet", 1024)])
def test_features_of_a_task_net_do_not_depend_on_the_batch(architecture: str, width: int) -> None:
    net, shapes = randomised(build(metadata(architecture))), clouds(67, 20)
    found = features_of(net, shapes)
    assert found.shape == (67, width) and not found.requires_grad
    torch.testing.assert_close(found[66:], features_of(net, shapes[66:]), atol=1e-4, rtol=1e-4)
