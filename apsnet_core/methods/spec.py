"""A method with its variant, weights and seed, written as METHOD."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from apsnet_core.methods.method import Method
from apsnet_core.methods.registry import method
from apsnet_core.networks.registry import Variant

_LONGEST = 4096  # characters of an untrusted text
_PARTNER = 1 << 62  # within the range of seeds, but far above the seeds that people use


@dataclass(frozen=True)
class MethodSpec:
    """A method as it is written: ``name[:g|:m][@weights][#seed]``.

    ``variant`` is None for a method without variants, and ``seed`` is None for the seed common to all
    methods. For a method weighted by a field, ``weights`` is the field's name.
    """

    name: str
    variant: Variant | None = None
    weights: str | None = None
    seed: int | None = None

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> Any:
        """Let pydantic models with a method parse its text."""
        from pydantic_core import core_schema

        return core_schema.chain_schema(
            [
                core_schema.str_schema(strict=True, max_length=_LONGEST),
                core_schema.no_info_plain_validator_function(cls.parse),
            ]
        )

    @classmethod
    def of(cls, name: str) -> MethodSpec:
        """The method called ``name`` with its default variant."""
        return cls(name, method(name).default_variant)

    @classmethod
    def parse(cls, text: str) -> MethodSpec:
        """Parse a METHOD: ``apsnet:m@mine#3`` is APSNet-M with the weights "mine" and the seed 3.

        Raises ValueError with the accepted forms.

        >>> MethodSpec.parse("apsnet:m@mine#3").label
        'APSNet-M (mine, seed 3)'
        """
        if not isinstance(text, str):
            raise ValueError(f"a method is a text like 'apsnet:m', not {text!r}")
        rest, seed = _own_seed(text.strip())
        head, at, weights = rest.partition("@")
        name, colon, variant = head.partition(":")
        row = method(name)
        name = row.name
        if at and not weights:
            raise ValueError(f"{text!r} names no {'field' if row.by_field else 'weights'} after the '@'")
        named = row.learned or row.by_field
        if not row.variants and (colon or (at and not named)):
            lacks = "no variants" if named else "neither variants nor weights"
            raise ValueError(f"{name} has {lacks}: write {name!r}, not {text!r}")
        if at and not named:
            raise ValueError(f"{name} has no weights: write only {name!r}, not {text!r}")
        if colon and variant not in row.variants:
            ways = {"g": f"{name}:g (generated)", "m": f"{name}:m (matched)"}
            possible = " or ".join(ways[variant] for variant in sorted(row.variants))
            raise ValueError(f"{name} is {possible}, not {text!r}")
        return cls(name, cast(Variant, variant) if colon else row.default_variant, weights or None, seed)

    @property
    def row(self) -> Method:
        """The method's row in the table."""
        return method(self.name)

    @property
    def label(self) -> str:
        """The method's name for display: "APSNet-G", "SampleNet-M (mine)", "Random (seed 3)"."""
        variant = f"-{self.variant.upper()}" if self.variant else ""
        extra = [self.weights] if self.weights else []
        extra += [f"seed {self.seed}"] if self.seed is not None else []
        return self.row.label + variant + (f" ({', '.join(extra)})" if extra else "")

    def seeded(self, seed: int) -> int:
        """The seed of the spec if it has one, otherwise ``seed``."""
        return seed if self.seed is None else self.seed

    def for_partner(self, seed: int) -> MethodSpec:
        """The method for the second cloud of a pair. The first is sampled with ``seed`` or the spec's seed.

        The second cloud needs another seed. With the same one, even random sampling would select the same
        points of a cloud and its rotated copy, and so reveal which points correspond.
        """
        return replace(self, seed=self.seeded(seed) ^ _PARTNER) if self.row.seeded else self

    def __str__(self) -> str:
        """The shortest text that parses to this spec."""
        variant = f":{self.variant}" if self.variant not in (None, self.row.default_variant) else ""
        weights = f"@{self.weights}" if self.weights else ""
        ends = f"#{self.seed}" if self.seed is not None else "#" if _seems_seeded(weights) else ""
        return self.name + variant + weights + ends


def _own_seed(text: str) -> tuple[str, int | None]:
    """Split METHOD into the text without the seed, and the seed. A "#" without a number belongs to the name.

    A single "#" at the end means that there is no seed, if the name of the weights itself ends like a seed.
    """
    rest, _, seed = text.rpartition("#")
    if not seed and _seems_seeded(rest):
        return rest, None
    return (rest, int(seed)) if rest and seed.isdecimal() else (text, None)


def _seems_seeded(text: str) -> bool:
    """Whether the text ends in "#", or "#" and a number."""
    _, mark, number = text.rpartition("#")
    return bool(mark) and (not number or number.isdecimal())
