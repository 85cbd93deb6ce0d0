"""Normal-space sampling: equally many points for each normal direction (Rusinkiewicz and Levoy, 2001)."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, Int64
from apsnet_core.methods.method import Method

_SIDE = 6  # cells along an edge of the cube on whose faces directions are binned


def choose_rows(points: Float32, m: int, seed: int) -> Int64:
    """Select ``m`` distinct indices of ``points`` (n, 3), a random one of each normal direction in turn."""
    from apsnet_core.ops.neighbours import local_planes

    normals, _, _ = local_planes(points)
    return in_turn(directions(normals), m, seed)


def directions(normals: Float32) -> Int64:
    """The direction bin (n,) of each normal (n, 3), regardless of its sign, on half of a cube's faces."""
    sizes = np.abs(normals)
    axis = sizes.argmax(axis=1)
    found = np.zeros(len(normals), dtype=np.int64)
    for front in range(3):
        rows = np.flatnonzero(axis == front)
        along = normals[rows, front]
        along[along == 0] = 1
        cell = np.full(len(rows), front)
        for side in (front + 1) % 3, (front + 2) % 3:
            # Dividing by the largest component makes opposite normals equal.
            flat = normals[rows, side] / along
            cell = cell * _SIDE + np.clip(((flat + 1) / 2 * _SIDE).astype(np.int64), 0, _SIDE - 1)
        found[rows] = cell
    return found


def in_turn(kinds: Int64, m: int, seed: int) -> Int64:
    """Draw ``m`` distinct indices of ``kinds`` (n,), one of each kind in turn while any are left."""
    shuffled = np.random.default_rng(seed).permutation(len(kinds))
    short = kinds.astype(np.min_scalar_type(int(kinds.max())))  # 16-bit numbers are sorted in one pass
    order = shuffled[np.argsort(short[shuffled], kind="stable")]
    own = kinds[order]
    begins = np.flatnonzero(np.diff(own, prepend=own[0] - 1))
    turn = np.arange(len(own)) - np.repeat(begins, np.diff(np.append(begins, len(own))))
    rank = np.empty(len(own), dtype=np.int64)
    rank[shuffled] = np.arange(len(own))  # the order within a turn is random, not by direction
    last = int(np.searchsorted(np.cumsum(np.bincount(turn)), m))  # the turn in which m is reached
    order, turn = order[turn <= last], turn[turn <= last]
    found: Int64 = order[np.lexsort((rank[order], turn))][:m]
    return found


NORMAL_SPACE = Method(
    name="normal_space",
    label="Normal space",
    about="As many points of each direction that the surface faces.",
    colour="#999933",
    choose=choose_rows,
    nested=True,
)
