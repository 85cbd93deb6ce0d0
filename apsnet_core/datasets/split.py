"""Which shapes are trained on, which choose the model, which give the score; near-identical ones together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.types import Mask


def hold_out(labels: Int64, groups: Int64, fraction: float, seed: int) -> Mask:
    """A mask (S,) of about ``fraction`` of each class, whole ``groups`` at a time, the same for a ``seed``.

    ``labels`` (S,) are the classes, ``groups`` (S,) equal numbers for shapes that must stay together. A
    class never gets more than its share, rounded; one of a single group gets none.
    """
    if not 0 <= fraction < 1:
        raise ValueError(f"the fraction held out must be in [0, 1), not {fraction}")
    held = np.zeros(len(labels), dtype=np.bool_)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        wanted = round(fraction * len(members))
        rng = np.random.default_rng([seed, int(label)])
        for group in rng.permutation(np.unique(groups[members])):
            candidates = members[groups[members] == group]
            if len(candidates) <= wanted:
                held[candidates] = True
                wanted -= len(candidates)
    return held


@dataclass(frozen=True)
class Fold:
    """One part of a cross-validation: the ``number``-th of ``count``, from 1."""

    number: int
    count: int

    def __post_init__(self) -> None:
        if not self.count >= 2 or not 1 <= self.number <= self.count:
            raise ValueError(f"a fold is one of 2 or more, from 1 on, as 2/5: not {self.number}/{self.count}")

    @classmethod
    def parse(cls, text: str) -> Fold:
        """The fold that a text such as "2/5" means; ValueError."""
        number, _, count = text.partition("/")
        if not (number.isdecimal() and count.isdecimal()):
            raise ValueError(f"a fold is written as 2/5, the second of five: not {text!r}")
        return cls(int(number), int(count))


def folds(labels: Int64, groups: Int64, count: int, seed: int = 0) -> Int64:
    """The fold (S,) of each shape, 0 to ``count`` - 1: of each class as many in each, ``groups`` together.

    The largest groups are placed first, each where fewest shapes of its class are; the order of the rest
    follows from ``seed``.
    """
    found = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        names, sizes = np.unique(groups[members], return_counts=True)
        rng = np.random.default_rng([seed, int(label)])
        filled = np.zeros(count, np.int64)
        order = rng.permutation(len(names))
        places = rng.permutation(count)  # else the first folds would get what is left of every class
        for group in order[np.argsort(-sizes[order], kind="stable")]:
            fold = places[filled[places].argmin()]
            filled[fold] += sizes[group]
            found[members[groups[members] == names[group]]] = fold
    return found
