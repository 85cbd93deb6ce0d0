"""The methods by name: what METHOD may be on a command line or in a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

Variant = Literal["g", "m"]
Completion = Literal["lstm", "fps-after-128"]

CLASSICAL = ("random", "farthest_point", "voxel")
# A learned method generates points (g) or matches them to input points (m); the default is the paper's.
LEARNED: dict[str, Variant] = {"snet": "m", "samplenet": "m", "apsnet": "g", "apsnet_kd": "g"}
METHODS = (*CLASSICAL, *LEARNED)
_LABELS = {
    **{"random": "Random", "farthest_point": "Farthest point", "voxel": "Voxel"},
    **{"snet": "S-NET", "samplenet": "SampleNet", "apsnet": "APSNet", "apsnet_kd": "APSNet-KD"},
}


@dataclass(frozen=True)
class MethodSpec:
    """A method as it is written: ``name[:g|:m][@weights][#seed]``.

    ``variant`` is None for a classical method, ``seed`` for one with the seed that all have.
    """

    name: str
    variant: Variant | None = None
    weights: str | None = None
    seed: int | None = None

    @classmethod
    def parse(cls, text: str) -> MethodSpec:
        """``apsnet:m@mine#3`` is APSNet-M with the weights "mine" and the seed 3.

        ``ValueError`` says what would be taken.
        """
        rest, seed = _own_seed(text.strip())
        head, at, weights = rest.partition("@")
        name, colon, variant = head.partition(":")
        if name not in METHODS:
            raise ValueError(f"there is no method {name!r}; the methods are {', '.join(METHODS)}")
        if at and not weights:
            raise ValueError(f"{text!r} names no weights after the '@'")
        if name in CLASSICAL:
            if colon or at:
                raise ValueError(f"{name} generates and learns nothing: write {name!r}, not {text!r}")
            return cls(name, seed=seed)
        if colon and variant not in ("g", "m"):
            raise ValueError(f"{name} is {name}:g (generated) or {name}:m (matched), not {text!r}")
        return cls(name, cast(Variant, variant) if colon else LEARNED[name], weights or None, seed)

    @property
    def label(self) -> str:
        """The method as a person reads it: "APSNet-G", "SampleNet-M (mine)", "Random (seed 3)"."""
        variant = f"-{self.variant.upper()}" if self.variant else ""
        extra = [self.weights] if self.weights else []
        extra += [f"seed {self.seed}"] if self.seed is not None else []
        return _LABELS[self.name] + variant + (f" ({', '.join(extra)})" if extra else "")

    def seeded(self, seed: int) -> int:
        """Its own seed, else the one that all have."""
        return seed if self.seed is None else self.seed

    def __str__(self) -> str:
        """The shortest text that parses to this."""
        variant = f":{self.variant}" if self.variant not in (None, LEARNED.get(self.name)) else ""
        weights = f"@{self.weights}" if self.weights else ""
        return self.name + variant + weights + (f"#{self.seed}" if self.seed is not None else "")


def _own_seed(text: str) -> tuple[str, int | None]:
    """METHOD without its seed, and the seed; what ends in no number is part of a weights' name."""
    rest, mark, seed = text.rpartition("#")
    return (rest, int(seed)) if mark and seed.isdecimal() else (text, None)
