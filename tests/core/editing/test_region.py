"""Growing, shrinking and spreading of selections against plain distances in float64."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from apsnet_core.editing.region import connected, grow, shrink

RNG = np.random.default_rng(5)
POINTS = RNG.normal(size=(900, 3)).astype(np.float32)
CHOSEN = (POINTS[:, 0] > 0.5) & (POINTS[:, 1] > 0)


@pytest.mark.parametrize("radius", [0.05, 0.3, 2.0])
def test_a_selection_grows_and_shrinks_by_a_length(radius: float) -> None:
    apart = cdist(POINTS.astype(np.float64), POINTS.astype(np.float64))
    told: list[float] = []
    grown = grow(POINTS, CHOSEN, radius, told.append)
    np.testing.assert_array_equal(grown, CHOSEN | (apart[:, CHOSEN] <= radius).any(axis=1))
    np.testing.assert_array_equal(
        shrink(POINTS, CHOSEN, radius), CHOSEN & (apart[:, ~CHOSEN] > radius).all(axis=1)
    )
    assert told[-1] == 1.0


def test_selections_of_all_or_no_points_do_not_change() -> None:
    for all_or_none in (np.ones(900, np.bool_), np.zeros(900, np.bool_)):
        for spread in (grow, shrink, connected):
            np.testing.assert_array_equal(spread(POINTS, all_or_none, 0.2), all_or_none)


def test_a_selection_spreads_over_its_connected_component() -> None:
    line = np.stack([np.arange(400) * 0.1, np.zeros(400), np.zeros(400)], axis=1)
    up = np.array([0, 3, 0])
    points = np.concatenate([line, line + up, line[:1] + 2 * up]).astype(np.float32)
    seed = np.zeros(len(points), np.bool_)
    seed[[7, 800]] = True
    found = connected(points, seed, 0.5)
    assert found[:400].all() and not found[400:800].any() and found[800]
    assert connected(points, seed, 4.0).all()


@pytest.mark.parametrize("length", [0.0, -1.0, np.nan, np.inf])
def test_lengths_that_are_not_above_0_are_refused(length: float) -> None:
    for spread in (grow, shrink, connected):
        with pytest.raises(ValueError, match="above 0, not"):
            spread(POINTS, CHOSEN, length)
