"""A learned method: as many anchors as points, moved to where the shape is."""

from apsnet_core import Method
from apsnet_core.networks.registry import SamplerNetwork


def build(m: int):
    """The untrained network; torch is imported when one is wanted, not with the table of methods."""
    from apsnet_examples.anchors_network import Anchors

    return Anchors(m)


ANCHORS = Method(
    name="anchors",
    label="Anchors",
    about="One size: anchors in space, moved by what the cloud looks like as a whole.",
    colour="#882255",
    network=SamplerNetwork("anchors", build, judged_by=("g", "m")),
)
