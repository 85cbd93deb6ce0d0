"""The table of networks that sample: how each is built, asked for points and trained."""

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
    """A row. ``name`` is what the metadata of weights call it.

    ``build(m)`` makes the untrained network for at most ``m`` points; with ``options`` (defaults of keyword
    arguments, by the names that a recipe gives them) ``build(m, **options)``.
    ``generate(network, points, m)`` takes points (B, N, 3) to (B, m, 3). A network of ``any_size`` gives any
    number of points, and the smaller samples are the beginnings of the larger ones (Eq. 10); one that is
    ``ordered`` is such up to the number it was built for; others give that number alone.
    ``rolls``: calling it gives a `Rollout`, with its attention.

    In training the task net is fed with what ``train(network, points, m)`` gives beside the generated points,
    without it with these; ``regulariser(network)`` is added to the loss. The best epoch is that of the best
    metric on the variants ``judged_by``.
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
        """Whether it may be trained for several numbers of points together."""
        return self.any_size or self.ordered

    def gives(self, m: int, sizes: Sequence[int]) -> bool:
        """Whether a network trained for ``sizes`` can give ``m`` points."""
        return self.any_size or m in sizes or (self.ordered and 1 <= m <= max(sizes, default=0))


def _build_apsnet(m: int) -> nn.Module:
    from apsnet_core.networks.apsnet import APSNet

    return APSNet()


def _build_apsnet_plus(m: int) -> nn.Module:
    from apsnet_core.networks.apsnet import APSNetPlus

    return APSNetPlus()


Network = Any  # each function below knows the methods of the module that it is given


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
    """All that it generates, or the first ``m`` of it."""
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
# Matched samples alone would favour an untrained network: its match is farthest point sampling.
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
# One ordered output, whose beginnings are the smaller samples.
SAMPLENET_PROGRESSIVE = replace(SAMPLENET, name="samplenet_progressive", ordered=True)
SNET_PROGRESSIVE = replace(SNET, name="snet_progressive", ordered=True)
MOPS = SamplerNetwork(
    "mops", _build_mops, _at_once, ordered=True, regulariser=_sharpness_loss, judged_by=("g", "m")
)
# It chooses points of the cloud: matching them changes nothing.
APES = SamplerNetwork("apes", _build_apes, any_size=True, train=_straight_through, judged_by=("m",))

_networks = {
    network.name: network
    for network in (APSNET, APSNET_PLUS, SAMPLENET, SNET, SAMPLENET_PROGRESSIVE, SNET_PROGRESSIVE, MOPS, APES)
}


def sampler_network(name: str) -> SamplerNetwork | None:
    """The row of that name, of a plug-in's method too; None where no network of that name samples."""
    if name not in _networks:
        # The table of methods is a layer above: plug-ins are asked for the rows that it will take.
        for offer in plugins.offers("apsnet.methods", object):
            network = getattr(offer.row, "network", None)
            if isinstance(network, SamplerNetwork) and network.name == name:
                return network
    return _networks.get(name)


def add_network(network: SamplerNetwork) -> None:
    """Add a row; ValueError where its name is taken by another."""
    if _networks.setdefault(network.name, network) is not network:
        raise ValueError(f"there is a network named {network.name!r} already")


def remove_network(name: str) -> None:
    """Take an added row out again."""
    _networks.pop(name, None)
