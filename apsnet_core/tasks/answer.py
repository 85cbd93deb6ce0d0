"""What a task net says of one cloud or of a sample of it, in words, figures, and as points to be drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from apsnet_core.cloud import Float32
from apsnet_core.tasks.metric import Metric

if TYPE_CHECKING:
    from torch import Tensor

NetAnswer = Any
"""What a task net gives: a tensor, or a tuple of them such as a `Pose`. Only its own task knows which."""


def in_words(name: str) -> str:
    """The name of a class as people read it.

    >>> in_words("night_stand")
    'night stand'
    """
    return name.replace("_", " ")


@dataclass(frozen=True)
class Verdict:
    """The one number of an answer, in its ``metric``.

    Of a classification also the ``answer``, that to the ``whole`` cloud, and the ``label`` of the cloud,
    None if unknown.
    """

    metric: Metric
    value: float
    answer: str | None = None
    whole: str | None = None
    label: str | None = None

    @property
    def title(self) -> str:
        """The heading of a column of such numbers."""
        return self.metric.short.format(whole=in_words(self.whole or ""))

    def as_dict(self) -> dict[str, str | float | None]:
        """Its fields for programs, the metric by its name."""
        return {**vars(self), "metric": self.metric.name}


class Figure(NamedTuple):
    """A line of an answer: a word, a number as text, and its share (0 to 1) if it is one of a whole."""

    word: str
    text: str
    share: float | None = None


@dataclass(frozen=True, eq=False)
class Answer(ABC):
    """What every answer has; each task's own says more.

    Of a whole cloud unlike all that the net was trained on, ``warning`` says so in a sentence.
    """

    warning: str | None = field(default=None, kw_only=True)

    @property
    def drawn(self) -> Float32 | None:
        """Points (k, 3) to be drawn in the cloud's coordinates, None where there is nothing to draw."""
        return None

    @property
    def known(self) -> str:
        """What the net can answer at all, in a sentence; empty where it can answer anything."""
        return ""

    @abstractmethod
    def verdict(self, whole: Answer, label: str | int | None = None) -> Verdict:
        """The verdict beside the answer to the ``whole`` cloud, whose known class is ``label``."""

    @abstractmethod
    def figures(self) -> tuple[Figure, ...]:
        """The answer in a few lines."""

    def beside(self, whole: Answer) -> tuple[tuple[str, str], ...]:
        """Words and numbers that stand beside a view, with what the ``whole`` cloud gives."""
        return tuple((word, text) for word, text, _ in self.figures())

    @abstractmethod
    def of_all_points(self) -> str:
        """A sentence: what the net says of the whole cloud, to compare others with."""

    @abstractmethod
    def caption(self, m: int) -> str:
        """Two lines under a picture of what ``m`` points gave."""


@dataclass(frozen=True, eq=False)
class Question:
    """What a net was asked of one cloud, and its raw answer.

    ``classes`` are those the net knows; ``whole`` (1, k, 3) is the cloud as the net sees it; ``answer`` the
    net's on the points it was shown; ``ask`` asks it of others; ``restore`` takes points (k, 3) of the net's
    world back to the cloud's.
    """

    classes: tuple[str, ...]
    whole: Tensor
    answer: NetAnswer
    ask: Callable[[Tensor], NetAnswer]
    restore: Callable[[Float32], Float32]
    of_whole: bool

    @cached_property
    def on_whole(self) -> NetAnswer:
        """The net's raw answer on the whole cloud, asked at first use."""
        return self.answer if self.of_whole else self.ask(self.whole)
