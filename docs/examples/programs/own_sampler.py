"""A sampler of one's own, compared with farthest point sampling and APSNet on one shape."""

import numpy as np

import apsnet_core as apsnet
from apsnet_core.assets import asset
from apsnet_core.methods import register


def lowest(points: np.ndarray, m: int, seed: int) -> np.ndarray:
    """The rows (m,) of the lowest of points (n, 3)."""
    return np.argsort(points[:, 1], kind="stable")[:m]


register(apsnet.Method(name="lowest", label="Lowest points", choose=lowest, seeded=False))
found = apsnet.compare(
    asset("shapes", "chair.obj"), ["lowest", "farthest_point", "apsnet"], [8, 32], task="classification"
)
print(found)
for row in found.rows:
    assert row.verdict is not None
    answer = f"{row.verdict.answer} {row.verdict.value:.0%}"
    print(f"{row.label:<16} {row.m:>3} points: Chamfer distance {row.chamfer:6.0f}, {answer}")
