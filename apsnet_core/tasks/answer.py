"""The answer of a task net for one cloud or a sample of it, as text, numbers, and points to be drawn."""

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
"""The output of a task net: a tensor, or a tuple of tensors such as a `Pose`, depending on the task."""


def in_words(name: str) -> str:
    """The name of a class for display.

    >>> in_words("night_stand")
    'night stand'
    """
    return name.replace("_", " ")


@dataclass(frozen=True)
class Verdict:
    """The main number of an answer, in its ``metric``.

    For a classification it also has the predicted class, ``answer``, the class predicted for the ``whole``
    cloud, and the ``label`` of the cloud, None if unknown.
    """

    metric: Metric
    value: float
    answer: str | None = None
    whole: str | None = None
    label: str | None = None

    @property
    def title(self) -> str:
        """The heading for a column of these numbers."""
        return self.metric.short.format(whole=in_words(self.whole or ""))

    def as_dict(self) -> dict[str, str | float | None]:
        """The fields as a dict for machine-readable output, with the metric's name."""
        return {**vars(self), "metric": self.metric.name}


class Figure(NamedTuple):
    """A line of an answer: a word, a number as text, and the number as a share (0 to 1) if it is one."""

    word: str
    text: str
    share: float | None = None


@dataclass(frozen=True, eq=False)
class Answer(ABC):
    """The base class of answers. Each task's own class has more fields.

    ``warning`` is a sentence if the whole cloud is unlike the net's training shapes.
    """

    warning: str | None = field(default=None, kw_only=True)

    @property
    def drawn(self) -> Float32 | None:
        """Points (k, 3) to be drawn, in the cloud's coordinates, or None if there is nothing to draw."""
        return None

    @property
    def known(self) -> str:
        """A sentence with the answers that the net can give, such as its classes. Empty if not limited."""
        return ""

    @abstractmethod
    def verdict(self, whole: Answer, label: str | int | None = None) -> Verdict:
        """The verdict, given the answer for the ``whole`` cloud; ``label`` is the cloud's true class."""

    @abstractmethod
    def figures(self) -> tuple[Figure, ...]:
        """The answer in a few lines."""

    def beside(self, whole: Answer) -> tuple[tuple[str, str], ...]:
        """Words and numbers to show beside a view, including numbers for the ``whole`` cloud."""
        return tuple((word, text) for word, text, _ in self.figures())

    @abstractmethod
    def of_all_points(self) -> str:
        """A sentence with the net's answer for the whole cloud, as a reference for other answers."""

    @abstractmethod
    def caption(self, m: int) -> str:
        """Two lines of caption for a picture of the answer from ``m`` points."""


@dataclass(frozen=True, eq=False)
class Question:
    """The input of a net for one cloud, and its raw answer.

    ``classes`` are the net's classes, and ``whole`` (1, k, 3) is the cloud as the net sees it. ``answer`` is
    the net's answer for the given points; ``of_whole`` tells that they were the whole cloud. ``ask`` runs the
    net on other points. ``restore`` maps points (k, 3) from the net's coordinates back to the cloud's.
    """

    classes: tuple[str, ...]
    whole: Tensor
    answer: NetAnswer
    ask: Callable[[Tensor], NetAnswer]
    restore: Callable[[Float32], Float32]
    of_whole: bool

    @cached_property
    def on_whole(self) -> NetAnswer:
        """The net's raw answer for the whole cloud, computed on first use."""
        return self.answer if self.of_whole else self.ask(self.whole)
