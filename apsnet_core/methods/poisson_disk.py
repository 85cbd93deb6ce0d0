"""Poisson disk sampling: random points of which no two are close together (blue noise)."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.method import Method
from apsnet_core.types import Mask

_POOL = 6  # candidates per sample
_SLACK = 0.03  # of m: up to this many surplus points are accepted, and the closest ones are then removed
_STEPS = 24
_GUESSES = 6


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """Select ``m`` distinct indices of ``points`` (n, 3), in random order, far apart: see `poisson_disk`."""
    rows, _ = poisson_disk(points, m, seed)
    return rows


def poisson_disk(points: Float32, m: int, seed: int) -> tuple[Int64, float]:
    """Return the indices (m,) and their minimum distance, 0 if equal points had to be selected.

    Points are selected in random order unless a selected one is nearer than a radius (dart throwing, Cook
    1986). The radius is searched until m points, or slightly more, are selected; surplus points with the
    nearest neighbours are then removed.
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
    radius = min(extent * m**-0.5, high)  # a guess for points on a surface
    for step in range(_STEPS):
        taken = _thrown(own, radius)
        there = int(taken.sum())
        if there >= m:
            best, low = taken, radius
            if there <= m * (1 + _SLACK):
                break
        else:
            high = radius
        # On a surface the number is proportional to 1 / radius^2. If that leaves the interval, or does not
        # converge, bisect.
        radius *= (there / (m * (1 + _SLACK / 2))) ** 0.5
        if step >= _GUESSES or not low < radius < high:
            radius = (low + high) / 2
    if best is None:
        return pool[:m], 0.0
    chosen = _without_closest(own, np.flatnonzero(best), m)
    return pool[chosen], low


def _thrown(points: Float32, radius: float) -> Mask:
    """The mask (n,) of the points selected by dart throwing: none is within ``radius`` of an earlier one."""
    from apsnet_core.editing.outliers import duplicates
    from apsnet_core.ops.neighbours import neighbour_tree

    # Only the first point of each cell with a diagonal of one radius, to limit the pairs in dense places.
    undecided = ~duplicates(points, radius / 3**0.5)
    there = np.flatnonzero(undecided)
    pairs = there[neighbour_tree(points[there]).query_pairs(radius, output_type="ndarray")]
    first, second = pairs.min(axis=1), pairs.max(axis=1)
    taken = np.zeros(len(points), dtype=np.bool_)
    while undecided.any():
        waits = np.zeros(len(points), dtype=np.bool_)
        waits[second[undecided[first]]] = True
        now = undecided & ~waits  # all earlier neighbours are rejected
        taken |= now
        out = np.zeros(len(points), dtype=np.bool_)
        out[second[now[first]]] = True
        undecided &= ~now & ~out
        left = undecided[first] & undecided[second]
        first, second = first[left], second[left]
    return taken


def _without_closest(points: Float32, rows: Int64, m: int) -> Int64:
    """Reduce ``rows`` to ``m`` by removing the points with the nearest neighbours one after another."""
    from apsnet_core.ops.neighbours import neighbour_tree

    while len(rows) > m:
        distance, index = neighbour_tree(points[rows]).query(points[rows], k=2)
        order = np.argsort(distance[:, 1], kind="stable")
        gone = np.zeros(len(rows), dtype=np.bool_)
        for k in order.tolist():
            if gone.sum() >= len(rows) - m:
                break
            if not gone[index[k, 1]]:  # remove only one point of a close pair
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
