"""Poisson disk sampling: as random as can be with no two points close together (blue noise)."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.method import Method
from apsnet_core.types import Mask

_POOL = 6  # points to one of the sample, among which it is sought
_SLACK = 0.03  # of m: as many points more than m are found before the closest are left out
_STEPS = 24
_GUESSES = 6


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """``m`` distinct rows of ``points`` (n, 3), in random order, as far apart as was found."""
    rows, _ = poisson_disk(points, m, seed)
    return rows


def poisson_disk(points: Float32, m: int, seed: int) -> tuple[Int64, float]:
    """The rows (m,), and the distance that any two have at least, 0 where equal points had to be taken.

    Points are taken in random order unless one taken before is nearer than a radius (dart throwing, Cook
    1986), the radius is closed in on until m are left, and of a few too many the closest go.
    """
    rng = np.random.default_rng(seed)
    n = len(points)
    pool = np.arange(n) if n <= _POOL * m else rng.choice(n, _POOL * m, replace=False)
    pool = rng.permutation(pool)
    own = points[pool]
    extent = float(np.linalg.norm(np.ptp(own, axis=0).astype(np.float64)))
    if not extent:
        return pool[:m], 0.0
    low, high = 0.0, 2 * extent * m ** (-1 / 3)
    best: Mask | None = None
    radius = min(extent * m**-0.5, high)  # as if on a surface
    for step in range(_STEPS):
        taken = _thrown(own, radius)
        there = int(taken.sum())
        if there >= m:
            best, low = taken, radius
            if there <= m * (1 + _SLACK):
                break
        else:
            high = radius
        # On a surface so many fit as 1 / radius^2; where that leads out, or on and on, try the middle.
        radius *= (there / (m * (1 + _SLACK / 2))) ** 0.5
        if step >= _GUESSES or not low < radius < high:
            radius = (low + high) / 2
    if best is None:
        return pool[:m], 0.0
    chosen = _without_closest(own, np.flatnonzero(best), m)
    return pool[chosen], low


def _thrown(points: Float32, radius: float) -> Mask:
    """Which of ``points`` (n, 3), in this order, have none before them that is taken within ``radius``."""
    from apsnet_core.editing.outliers import duplicates
    from apsnet_core.ops.neighbours import neighbour_tree

    # Of a cell whose points are all within the radius the first alone: pairs stay few in the densest place.
    undecided = ~duplicates(points, radius / 3**0.5)
    there = np.flatnonzero(undecided)
    pairs = there[neighbour_tree(points[there]).query_pairs(radius, output_type="ndarray")]
    first, second = pairs.min(axis=1), pairs.max(axis=1)
    taken = np.zeros(len(points), dtype=np.bool_)
    while undecided.any():
        waits = np.zeros(len(points), dtype=np.bool_)
        waits[second[undecided[first]]] = True
        now = undecided & ~waits  # all of those before them are out
        taken |= now
        out = np.zeros(len(points), dtype=np.bool_)
        out[second[now[first]]] = True
        undecided &= ~now & ~out
        left = undecided[first] & undecided[second]
        first, second = first[left], second[left]
    return taken


def _without_closest(points: Float32, rows: Int64, m: int) -> Int64:
    """``m`` of the ``rows``: those with the nearest neighbours are left out one after another."""
    from apsnet_core.ops.neighbours import neighbour_tree

    while len(rows) > m:
        distance, index = neighbour_tree(points[rows]).query(points[rows], k=2)
        order = np.argsort(distance[:, 1], kind="stable")
        gone = np.zeros(len(rows), dtype=np.bool_)
        for k in order.tolist():
            if gone.sum() >= len(rows) - m:
                break
            if not gone[index[k, 1]]:  # of a close pair only one
                gone[k] = True
        rows = rows[~gone]
    return rows


POISSON_DISK = Method(
    name="poisson_disk",
    label="Poisson disk",
    about="Random points, no two of which are close together: blue noise.",
    colour="#44aa99",
    choose=choose_rows,
    also=("blue_noise", "poisson"),
)
