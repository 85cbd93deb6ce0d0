"""S-NET and SampleNet: generate all points at once, for one size or, if progressive, for several sizes."""

from __future__ import annotations

from dataclasses import replace

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
SNET_PROGRESSIVE = replace(
    SNET,
    name="snet_progressive",
    label="S-NET progressive",
    about="One network up to its largest size: points are generated at once, in order.",
    network=networks.SNET_PROGRESSIVE,
)
SAMPLENET = replace(
    SNET,
    name="samplenet",
    label="SampleNet",
    about="One size: points are generated at once, and drawn towards the cloud.",
    colour="#e69f00",
    network=networks.SAMPLENET,
)
SAMPLENET_PROGRESSIVE = replace(
    SAMPLENET,
    name="samplenet_progressive",
    label="SampleNet progressive",
    about="One network up to its largest size: points are generated at once, in order, drawn to the cloud.",
    network=networks.SAMPLENET_PROGRESSIVE,
)
