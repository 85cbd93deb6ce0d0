"""APSNet: generates points one after another, each by attention to the whole cloud."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.methods.method import Method
from apsnet_core.networks.registry import APSNET as NETWORK
from apsnet_core.networks.registry import APSNET_PLUS as NETWORK_PLUS

APSNET = Method(
    name="apsnet",
    label="APSNet",
    about="One network for all sizes: points are chosen one after another by attention.",
    colour="#d55e00",
    network=NETWORK,
    variants=("g", "m"),
    seeded=False,
    nested=True,
)
APSNET_KD = replace(
    APSNET,
    name="apsnet_kd",
    label="APSNet-KD",
    about="Learns from the task net's answers on the whole clouds: no labels are needed.",
    colour="#009e73",
    distilled=True,
)
APSNET_PLUS = replace(
    APSNET,
    name="apsnet_plus",
    label="APSNet+",
    about="Ours, beyond the paper: APSNet with a small network that sets the LSTM's first state.",
    colour="#a0522d",
    network=NETWORK_PLUS,
    also=("apsnet+",),
)
