"""The sampler that a method's name stands for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal, cast

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.interface import Sampler
from apsnet_core.methods.spec import CLASSICAL, LEARNED, METHODS, Completion, MethodSpec, Variant
from apsnet_core.sampling import Sampling

__all__ = ["CLASSICAL", "LEARNED", "METHODS", "Completion", "MethodSpec", "Variant", "create"]


@dataclass(frozen=True)
class _OwnSeed:
    """A sampler that keeps to its own seed."""

    sampler: Sampler
    seed: int

    def sample(self, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
        return self.sampler.sample(cloud, m, self.seed)


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
        sampler = cast(Sampler, getattr(import_module(f"apsnet_core.methods.{spec.name}"), spec.name))
        return sampler if spec.seed is None else _OwnSeed(sampler, spec.seed)
    from apsnet_core.methods.learned import LearnedSampler
    from apsnet_core.weights.listing import named

    own_task = named(spec.weights).metadata.task if spec.weights else "classification"
    sampler = LearnedSampler(spec, task or own_task, up, working, completion)
    sampler.entry(m)  # what is missing is said now, not at the first cloud
    return sampler
