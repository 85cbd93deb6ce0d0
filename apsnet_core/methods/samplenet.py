"""S-NET and SampleNet: all points of one size generated at once."""

from __future__ import annotations

from apsnet_core.methods.method import Method
from apsnet_core.networks import registry as networks

SNET = Method(
    name="snet",
    label="S-NET",
    about="One size: points are generated at once.",
    colour="#cc79a7",
    network=networks.SNET,
    variants=("m", "g"),
    seeded=False,
)
SAMPLENET = Method(
    name="samplenet",
    label="SampleNet",
    about="One size: points are generated at once, and drawn towards the cloud.",
    colour="#e69f00",
    network=networks.SAMPLENET,
    variants=("m", "g"),
    seeded=False,
)
