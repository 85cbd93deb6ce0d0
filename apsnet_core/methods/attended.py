"""Sampling by importance: the points of the cloud that got most of APSNet's attention."""

from __future__ import annotations

from apsnet_core.methods.method import Method
from apsnet_core.networks.registry import APSNET as NETWORK

ATTENDED = Method(
    name="attended",
    label="Most attended",
    about="The points of the cloud that got most of APSNet's attention in its first 32 steps.",
    colour="#6a51a3",
    network=NETWORK,
    by_attention=True,
    weights_of="apsnet",
    seeded=False,
    nested=True,
    also=("attention", "most_attended"),
)
