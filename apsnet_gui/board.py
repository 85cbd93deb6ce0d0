"""What is known of a comparison: for each method its samples, their numbers, and the task net's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from apsnet_core.cloud import PointCloud
from apsnet_gui.session import Result

if TYPE_CHECKING:
    from apsnet_core.evaluation.answers import Classification, Reconstruction, Registration
    from apsnet_core.evaluation.compare import Row
    from apsnet_core.evaluation.verdict import Turned

    Answer = Classification | Reconstruction | Registration

SURE = 0.5  # a net that gives its likeliest class less than this is not sure of it


@dataclass(frozen=True, eq=False)
class Part:
    """One method's part, as far as it is there: first the ``result``, then ``row`` and ``answer``.

    ``problem`` says in a sentence why there is none, or no answer.
    """

    method: str
    result: Result | None = None
    row: Row | None = None
    answer: Answer | None = None
    problem: str | None = None


@dataclass(frozen=True, eq=False)
class Whole:
    """The full ``cloud`` the methods sampled, and what the task net makes of it.

    ``copy`` is the cloud turned, which a registration lays back on it.
    """

    cloud: PointCloud
    copy: Turned | None = None
    answer: Answer | None = None


class Board(QObject):
    """Holds the parts by method, for as long as they answer what the document asks.

    ``part_changed`` names a method; ``curves`` are rows of all methods at several sizes.
    """

    part_changed = Signal(str)
    whole_changed = Signal()
    curves_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts: dict[str, Part] = {}
        self.whole: Whole | None = None
        self.curves: list[Row] = []

    def put(self, part: Part) -> None:
        self.parts[part.method] = part
        self.part_changed.emit(part.method)

    def drop(self, methods: Sequence[str]) -> None:
        """Forget these: what they say is no longer asked for."""
        for method in methods:
            if self.parts.pop(method, None) is not None:
                self.part_changed.emit(method)

    def set_whole(self, whole: Whole | None) -> None:
        self.whole = whole
        self.whole_changed.emit()

    def set_curves(self, rows: list[Row]) -> None:
        self.curves = rows
        self.curves_changed.emit()

    def rows(self, methods: Sequence[str]) -> list[Row]:
        """The rows there are, in the order of ``methods``."""
        return [part.row for method in methods if (part := self.parts.get(method)) and part.row]


def likeliest(answer: Classification) -> str:
    """The class, with its probability; said to be a guess where the net is not sure."""
    [(name, probability)] = answer.top(1)
    text = f"{name} {percent(probability)}"
    return text if probability >= SURE else f"not sure, best guess {text}"


def classification(answer: Answer | None) -> Classification | None:
    """The answer if it is a class."""
    return cast("Classification", answer) if hasattr(answer, "probabilities") else None


def headline(part: Part) -> str:
    """The one number by which a method is judged for the task, in a few words; empty until it is known."""
    if (said := classification(part.answer)) is not None:
        return likeliest(said)
    if part.row is None or part.row.verdict is None:
        return ""
    verdict = part.row.verdict
    return f"NRE {verdict.value:.2f}" if verdict.metric == "nre" else f"{verdict.value:.1f}° off"


def percent(value: float) -> str:
    """A fraction as percent, with a thin space; not 100 before it is."""
    text = f"{100 * value:.0f}"
    return f"{'>99' if text == '100' and value < 1 else text}\u2009%"
