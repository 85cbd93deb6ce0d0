"""The changes between two samplings: the shared points, and the pairing of the others by least distance."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from apsnet_core.colours.diverging import diverging, reach
from apsnet_core.difference_colours import ends
from apsnet_core.evaluation.moved import moved
from apsnet_core.sampling import Sampling


def sampling(points: list[list[float]]) -> Sampling:
    return Sampling(np.array(points, np.float32), None, "voxel", len(points), 0, 0.0)


def test_samples_are_kept_lost_gained_and_paired_by_least_total_distance() -> None:
    rng = np.random.default_rng(0)
    same, other, third = (rng.random((count, 3)).tolist() for count in (4, 5, 6))
    found = moved(sampling(other[:3] + same + other[3:]), sampling(third[:2] + same[::-1] + third[2:]))
    for own, expected in ((found.kept, same), (found.lost, other), (found.gained, third)):
        points = np.array(expected, np.float32)
        np.testing.assert_array_equal(np.sort(own, axis=0), np.sort(points, axis=0))
    apart = np.linalg.norm(found.lost[:, None].astype(float) - found.gained[None], axis=2)
    least = min(sum(apart[i, j] for i, j in enumerate(chosen)) for chosen in permutations(range(6), 5))
    assert len(found.pairs) == 5 and abs(found.lengths.sum() - least) < 1e-6
    assert found.words.startswith("4 of 9 and 10 samples are in both; the others make 5 pairs, on ")


def test_the_same_point_twice_counts_as_two_samples() -> None:
    twice = sampling([[0, 0, 0], [0, 0, 0], [1, 0, 0]])
    once = sampling([[0, 0, 0], [1, 0, 0], [1, 0, 0]])
    found = moved(twice, once)
    assert (len(found.kept), found.lost.tolist(), found.gained.tolist()) == (2, [[0, 0, 0]], [[1, 0, 0]])
    assert found.words == "2 of 3 samples are in both; the others make 1 pair, on average 1\u00a0units apart."
    assert moved(twice, twice).words == "All 3 samples are the same."


def test_the_colours_are_centred_on_zero() -> None:
    for dark in (True, False):
        table, (less, same, more) = diverging(dark).astype(int), ends(dark)
        assert table[0].tolist() == list(less) and table[255].tolist() == list(more)
        assert np.abs(table[127:129] - same).max() <= 2
        distance = np.abs(table - same).sum(axis=1)
        assert (np.diff(distance[:128]) <= 0).all() and (np.diff(distance[128:]) >= 0).all()
    assert reach(np.array([-3, 2], np.float32)) == 3 and reach(np.zeros(2, np.float32)) == 1
