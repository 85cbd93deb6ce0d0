"""The methods by name: what METHOD may be on a command line or in a window, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal, cast

from apsnet_core.samplers.interface import Sampler

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
    """A method as it is written: ``name[:g|:m][@weights]``. ``variant`` is None for a classical method."""

    name: str
    variant: Variant | None = None
    weights: str | None = None

    @classmethod
    def parse(cls, text: str) -> MethodSpec:
        """``apsnet:m@mine`` is APSNet-M with the weights "mine". ``ValueError`` says what would be taken."""
        head, at, weights = text.strip().partition("@")
        name, colon, variant = head.partition(":")
        if name not in METHODS:
            raise ValueError(f"there is no method {name!r}; the methods are {', '.join(METHODS)}")
        if at and not weights:
            raise ValueError(f"{text!r} names no weights after the '@'")
        if name in CLASSICAL:
            if colon or at:
                raise ValueError(f"{name} generates and learns nothing: write {name!r}, not {text!r}")
            return cls(name)
        if colon and variant not in ("g", "m"):
            raise ValueError(f"{name} is {name}:g (generated) or {name}:m (matched), not {text!r}")
        return cls(name, cast(Variant, variant) if colon else LEARNED[name], weights or None)

    @property
    def label(self) -> str:
        """The method as a person reads it: "Farthest point", "APSNet-G", "SampleNet-M (mine)"."""
        variant = f"-{self.variant.upper()}" if self.variant else ""
        return _LABELS[self.name] + variant + (f" ({self.weights})" if self.weights else "")

    def __str__(self) -> str:
        """The shortest text that parses to this."""
        variant = f":{self.variant}" if self.variant not in (None, LEARNED.get(self.name)) else ""
        return self.name + variant + (f"@{self.weights}" if self.weights else "")


def create(
    spec: MethodSpec,
    task: str | None = None,
    up: Literal["y", "z"] | None = None,
    *,
    m: int | None = None,
    working: int | None = None,
    completion: Completion = "lstm",
) -> Sampler:
    """The sampler of a method, a learned one with weights for ``task``; ``ValueError`` if there are none.

    ``task`` is classification unless the weights that ``spec`` names are for another. ``up`` is the clouds'
    axis that points up, None if it is to be guessed; ``m`` the points that there must be weights for, None if
    not known yet. `LearnedSampler` has ``working`` and ``completion``.
    """
    if spec.name in CLASSICAL:
        if working is not None or completion != "lstm":
            raise ValueError(f"{spec.name} has no network: a working size and a completion are for APSNet")
        # Each module holds its sampler under its own name, and is imported when it is asked for.
        return cast(Sampler, getattr(import_module(f"apsnet_core.samplers.{spec.name}"), spec.name))
    from apsnet_core.samplers.learned import LearnedSampler
    from apsnet_core.weights.listing import named

    own_task = named(spec.weights).metadata.task if spec.weights else "classification"
    sampler = LearnedSampler(spec, task or own_task, up, working, completion)
    sampler.entry(m)  # what is missing is said now, not at the first cloud
    return sampler
