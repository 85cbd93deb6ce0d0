"""A sampling method: one row of the table in `apsnet_core.methods.registry`."""

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
    """The settings of a sampler: the ``variant`` and ``weights`` named with its method, and the ``task``.

    ``up`` is the up axis of the clouds, or None to guess it.
    """

    variant: Variant | None = None
    weights: str | None = None
    task: str | None = None
    up: str | None = None


@dataclass(frozen=True)
class Method:
    """A row: its ``name`` in METHOD, its ``label`` in the interface, a sentence ``about`` it, its ``colour``.

    A method samples by exactly one of these:

    - ``choose(points (n, 3) float32, m, seed)`` returns m distinct indices (m,) int64;
    - ``generate(points (B, n, 3), m)`` returns a tensor (B, m, 3);
    - ``create(context)`` returns a `Sampler`, for anything else;
    - ``network`` is trained and needs weights.

    Its properties:

    - ``variants``: "g" for generated points, "m" for points of the cloud matched to them, the default first.
      A method that selects points has none; by default, one that generates points has both.
    - ``seeded``: another seed gives another sample.
    - ``nested``: a smaller sample is a prefix of a larger one.
    - ``distilled``: the network learns from the task net's outputs for whole clouds, not from labels (Eq. 9).
    - ``also``: other common names of the method.
    - ``by_attention``: it selects the points with most attention of a network with ``rolls``, instead of the
      points that the network generates.
    - ``weights_of``: the method whose weights it uses if it is not trained itself.
    - ``by_field``: the text after "@" in METHOD names a field of the cloud that weights its points.
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
        """The variant used by default; None for a method without variants."""
        return self.variants[0] if self.variants else None

    @property
    def learned(self) -> bool:
        """Whether the method needs weights, which belong to a task."""
        return self.network is not None

    @property
    def trained_as(self) -> str:
        """The name of the method for which its weights were trained."""
        return self.weights_of or self.name

    @property
    def any_size(self) -> bool:
        """Whether one sampler gives any number of points."""
        return self.network is None or self.network.any_size

    @property
    def many_sizes(self) -> bool:
        """Whether one sampler gives several numbers of points, possibly up to a maximum."""
        return self.network is None or self.network.many_sizes

    @property
    def stepwise(self) -> bool:
        """Whether the method generates points one after another, with attention for each."""
        return self.network is not None and self.network.rolls and not self.by_attention
