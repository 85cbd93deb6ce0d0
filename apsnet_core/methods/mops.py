"""MOPS-Net: generates all points at once, each as a weighted mean of the cloud."""

from __future__ import annotations

from apsnet_core.methods.method import Method
from apsnet_core.networks.registry import MOPS as NETWORK

MOPS = Method(
    name="mops",
    label="MOPS-Net",
    about="One network up to its largest size: every point is a weighted mean of the whole cloud.",
    colour="#f0e442",
    network=NETWORK,
    variants=("g", "m"),
    seeded=False,
)
