"""What is known of a method of sampling: one row of the table in `apsnet_core.methods.registry`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from apsnet_core.networks.registry import SamplerNetwork
from apsnet_core.networks.registry import Variant as Variant

if TYPE_CHECKING:
    from torch import Tensor

    from apsnet_core.cloud import Float32, Int64
    from apsnet_core.methods.interface import Sampler

Up = Literal["y", "z"]
Completion = Literal["lstm", "fps-after-128"]


@dataclass(frozen=True)
class Context:
    """What a sampler is made for: the ``variant`` and ``weights`` named with its method, and the ``task``.

    ``up`` is the clouds' axis that points up, None if it is to be guessed.
    """

    variant: Variant | None = None
    weights: str | None = None
    task: str | None = None
    up: str | None = None


@dataclass(frozen=True)
class Method:
    """A row: its ``name`` in METHOD, its ``label`` for people, a sentence ``about`` it, its ``colour``.

    How it samples is exactly one of: ``choose(points (n, 3) float32, m, seed)``, which gives (m,) int64 rows,
    all different; ``generate(points (B, n, 3), m)``, which takes a tensor to one of shape (B, m, 3);
    ``create(context)``, which makes a `Sampler` for anything more; ``network``, which is trained, and needs
    weights.

    ``variants`` are the ways it can be asked for, the default first: "g" generated points, "m" points of the
    cloud matched to them. A method that chooses rows has none; one that generates has both,
    unless told. ``seeded``: another seed gives another sample.
    ``nested``: a smaller sample is the beginning of a larger one. ``distilled``: the network is trained with
    the task net's answers on whole clouds, not with labels (Eq. 9). ``also`` are names that others give it.

    ``by_attention``: a network that ``rolls`` is asked what it looks at, not what it generates.
    ``weights_of`` is the method whose weights it takes, where it is not trained itself. ``by_field``: what
    METHOD has after the "@" are no weights of a network, but the field of the cloud that weighs its points.
    """

    name: str
    label: str
    about: str = ""
    colour: str = "#333333"
    choose: Callable[[Float32, int, int], Int64] | None = None
    generate: Callable[[Tensor, int], Tensor] | None = None
    create: Callable[[Context], Sampler] | None = None
    network: SamplerNetwork | None = None
    variants: tuple[Variant, ...] = ()
    seeded: bool = True
    nested: bool = False
    distilled: bool = False
    by_attention: bool = False
    weights_of: str = ""
    by_field: bool = False
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        makes = self.generate is not None or (self.network is not None and not self.by_attention)
        if not self.variants and makes:
            object.__setattr__(self, "variants", ("g", "m"))

    @property
    def default_variant(self) -> Variant | None:
        """The variant that is used unless one is named; None for a method without variants."""
        return self.variants[0] if self.variants else None

    @property
    def learned(self) -> bool:
        """Whether it needs weights, and so is for a task."""
        return self.network is not None

    @property
    def trained_as(self) -> str:
        """The name of the method that its weights were trained for."""
        return self.weights_of or self.name

    @property
    def any_size(self) -> bool:
        """Whether one sampler gives any number of points; else weights are for one number each."""
        return self.network is None or self.network.any_size

    @property
    def many_sizes(self) -> bool:
        """Whether one sampler may give several numbers of points, of which there can be a largest."""
        return self.network is None or self.network.many_sizes

    @property
    def stepwise(self) -> bool:
        """Whether points are generated one after another, with an attention for each."""
        return self.network is not None and self.network.rolls and not self.by_attention
