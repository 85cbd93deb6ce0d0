"""Split shapes into training, validation and test parts, where near-identical shapes stay together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.types import Mask


def hold_out(labels: Int64, groups: Int64, fraction: float, seed: int) -> Mask:
    """A mask (S,) of about ``fraction`` of each class in whole ``groups``; a ``seed`` gives the same mask.

    ``labels`` (S,) are the classes, ``groups`` (S,) are equal for shapes that must stay together. No class
    exceeds its rounded share, so none of a class with a single group is held out. Raises ValueError for a
    fraction outside of [0, 1).
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
    """One part of a cross-validation: the ``number``-th of ``count`` folds, counted from 1."""

    number: int
    count: int

    def __post_init__(self) -> None:
        if not self.count >= 2 or not 1 <= self.number <= self.count:
            raise ValueError(
                "a fold such as 2/5 is a number from 1 to the count, which is 2 or more: "
                f"not {self.number}/{self.count}"
            )

    @classmethod
    def parse(cls, text: str) -> Fold:
        """The fold that a text such as "2/5" means; ValueError."""
        number, _, count = text.partition("/")
        if not (number.isdecimal() and count.isdecimal()):
            raise ValueError(f"a fold is written as 2/5, the second of five: not {text!r}")
        return cls(int(number), int(count))


def folds(labels: Int64, groups: Int64, count: int, seed: int = 0) -> Int64:
    """The fold (S,) of each shape, 0 to ``count`` - 1; classes are balanced and ``groups`` stay together.

    The largest groups are placed first, each in the fold with the fewest shapes of its class; the order of
    groups of equal size follows from ``seed``.
    """
    found = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        names, sizes = np.unique(groups[members], return_counts=True)
        rng = np.random.default_rng([seed, int(label)])
        filled = np.zeros(count, np.int64)
        order = rng.permutation(len(names))
        places = rng.permutation(count)  # otherwise the first folds would get the remainder of every class
        for group in order[np.argsort(-sizes[order], kind="stable")]:
            fold = places[filled[places].argmin()]
            filled[fold] += sizes[group]
            found[members[groups[members] == names[group]]] = fold
    return found
