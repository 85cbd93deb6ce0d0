"""APES (adapted): selects the points of the cloud that get most attention from the other points."""

from __future__ import annotations

from apsnet_core.methods.method import Method
from apsnet_core.networks.registry import APES as NETWORK

APES = Method(
    name="apes",
    label="APES (adapted)",
    about="One network for all sizes: the points that get most attention from all others are chosen at once.",
    colour="#882255",
    network=NETWORK,
    variants=("m",),
    seeded=False,
    nested=True,
)
