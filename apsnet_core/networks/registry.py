"""The table of sampler networks: how each is built, called and trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from apsnet_core import plugins

if TYPE_CHECKING:
    from torch import Tensor, nn

Variant = Literal["g", "m"]


def _called(network: nn.Module, points: Tensor, m: int) -> Tensor:
    generated: Tensor = network(points, m)
    return generated


@dataclass(frozen=True)
class SamplerNetwork:
    """A row of the table. ``name`` is the network's name in the metadata of weights files.

    ``build(m)``, or ``build(m, **options)``, makes the untrained network for at most ``m`` points;
    ``options`` are the defaults of its keyword arguments, named as in a training recipe.
    ``generate(network, points, m)`` maps points (B, N, 3) to (B, m, 3). A network with ``any_size`` generates
    any number of points, and smaller samples are prefixes of larger ones (Eq. 10). With ``ordered`` this
    holds up to the number it was built for. Other networks generate only that number.
    If ``rolls`` is true, calling the network returns a `Rollout`, with its attention.

    ``train(network, points, m)`` returns the generated points and the points for the task net in training;
    without ``train`` the task net gets the generated points. ``regulariser(network)`` is added to the loss.
    The best epoch is the one with the best metric on the variants ``judged_by``.
    """

    name: str
    build: Callable[..., nn.Module]
    generate: Callable[[nn.Module, Tensor, int], Tensor] = _called
    any_size: bool = False
    ordered: bool = False
    rolls: bool = False
    options: Mapping[str, int] = field(default_factory=dict, hash=False)
    train: Callable[[nn.Module, Tensor, int], tuple[Tensor, Tensor]] | None = None
    regulariser: Callable[[nn.Module], Tensor] | None = None
    judged_by: tuple[Variant, ...] = ("g",)

    @property
    def many_sizes(self) -> bool:
        """Whether the network can be trained for several sample sizes together."""
        return self.any_size or self.ordered

    def gives(self, m: int, sizes: Sequence[int]) -> bool:
        """Whether a network trained for the sample ``sizes`` can generate ``m`` points."""
        return self.any_size or m in sizes or (self.ordered and 1 <= m <= max(sizes, default=0))


def _build_apsnet(m: int) -> nn.Module:
    from apsnet_core.networks.apsnet import APSNet

    return APSNet()


def _build_apsnet_plus(m: int) -> nn.Module:
    from apsnet_core.networks.apsnet import APSNetPlus

    return APSNetPlus()


Network = Any  # each function below uses methods of one specific network class


def _roll(network: Network, points: Tensor, m: int) -> Tensor:
    generated: Tensor = network(points, m).points
    return generated


def _build_samplenet(m: int, neighbours: int) -> nn.Module:
    from apsnet_core.networks.samplenet import SampleNet

    return SampleNet(m, k=neighbours)


def _build_snet(m: int) -> nn.Module:
    from apsnet_core.networks.samplenet import SNet

    return SNet(m)


def _build_mops(m: int) -> nn.Module:
    from apsnet_core.networks.mops import MOPSNet

    return MOPSNet(m)


def _build_apes(m: int) -> nn.Module:
    from apsnet_core.networks.apes import APES

    return APES()


def _straight_through(network: Network, points: Tensor, m: int) -> tuple[Tensor, Tensor]:
    chosen = network.straight_through(points, m)
    return chosen, chosen


def _at_once(network: Network, points: Tensor, m: int) -> Tensor:
    """Generate all points at once and return the first ``m``."""
    if m > network.m:
        raise ValueError(f"these weights give at most {network.m} points, not {m}")
    generated: Tensor = network.generate(points)
    return generated[:, :m]


def _projected(network: Network, points: Tensor, m: int) -> tuple[Tensor, Tensor]:
    generated, projected = network(points)
    return generated, projected


def _projection_loss(network: Network) -> Tensor:
    loss: Tensor = network.projection_loss()
    return loss


def _sharpness_loss(network: Network) -> Tensor:
    loss: Tensor = network.sharpness_loss()
    return loss


APSNET = SamplerNetwork("apsnet", _build_apsnet, _roll, any_size=True, rolls=True)
APSNET_PLUS = replace(APSNET, name="apsnet_plus", build=_build_apsnet_plus)
# Matched samples only would favour an untrained network, whose match is farthest point sampling.
SAMPLENET = SamplerNetwork(
    "samplenet",
    _build_samplenet,
    _at_once,
    options={"neighbours": 8},
    train=_projected,
    regulariser=_projection_loss,
    judged_by=("g", "m"),
)
SNET = SamplerNetwork("snet", _build_snet, _at_once, judged_by=("g", "m"))
# The output is ordered, so that smaller samples are its prefixes.
SAMPLENET_PROGRESSIVE = replace(SAMPLENET, name="samplenet_progressive", ordered=True)
SNET_PROGRESSIVE = replace(SNET, name="snet_progressive", ordered=True)
MOPS = SamplerNetwork(
    "mops", _build_mops, _at_once, ordered=True, regulariser=_sharpness_loss, judged_by=("g", "m")
)
# APES selects points of the cloud, so matching does not change them.
APES = SamplerNetwork("apes", _build_apes, any_size=True, train=_straight_through, judged_by=("m",))

_networks = {
    network.name: network
    for network in (APSNET, APSNET_PLUS, SAMPLENET, SNET, SAMPLENET_PROGRESSIVE, SNET_PROGRESSIVE, MOPS, APES)
}


def sampler_network(name: str) -> SamplerNetwork | None:
    """Return the sampler network called ``name``, including those of plug-ins, or None if there is none."""
    if name not in _networks:
        # The methods' table is a higher layer, so the plug-ins' rows for it are read here directly.
        for offer in plugins.offers("apsnet.methods", object):
            network = getattr(offer.row, "network", None)
            if isinstance(network, SamplerNetwork) and network.name == name:
                return network
    return _networks.get(name)


def add_network(network: SamplerNetwork) -> None:
    """Add a row. Raises ValueError if another network has its name."""
    if _networks.setdefault(network.name, network) is not network:
        raise ValueError(f"there is a network named {network.name!r} already")


def remove_network(name: str) -> None:
    """Remove an added row."""
    _networks.pop(name, None)
