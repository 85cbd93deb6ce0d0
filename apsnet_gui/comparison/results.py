"""The results of a comparison: for each method its samples, their metrics, and the task net's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.percent import percent
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.answer import Answer, in_words
from apsnet_core.tasks.classification import Classification
from apsnet_gui.state.document import MethodAtSize
from apsnet_gui.state.result import Result
from apsnet_gui.widgets.form_rows import counted

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.comparison import Cell, ComparisonRow
    from apsnet_core.evaluation.comparison.registration_target import Copy
    from apsnet_core.evaluation.judges import Judge

SURE = 0.5  # a probability below which the likeliest class is called a guess
STRANGE = "unlike its training"


@dataclass(frozen=True, eq=False)
class MethodResult:
    """The result at one place, computed in two steps: first ``result``, then its ``row`` and ``answer``.

    ``partner`` are the samples of the copy, which a registration also needs. ``problem`` is a sentence why
    there is no result or no answer.
    """

    place: MethodAtSize
    result: Result | None = None
    row: ComparisonRow | None = None
    answer: Answer | None = None
    problem: str | None = None
    partner: Sampling | None = None

    @property
    def method(self) -> MethodSpec:
        """The specification of the method."""
        return self.place.method

    @property
    def is_whole(self) -> bool:
        """Whether the result is complete."""
        return self.row is not None or self.problem is not None


@dataclass(frozen=True, eq=False)
class WholeCloud:
    """The full ``cloud`` that the methods sampled, and the task net's answer for it.

    ``judge`` is the task net, and ``copy`` the cloud that a registration aligns with ``cloud``. If a what-if
    changed ``cloud``, ``untouched`` is the answer for the unchanged cloud.
    """

    cloud: PointCloud
    judge: Judge
    copy: Copy | None = None
    answer: Answer | None = None
    untouched: Answer | None = None

    @property
    def reference(self) -> Answer | None:
        """The answer with which all others are compared: that for the unchanged cloud."""
        return self.untouched or self.answer

    @property
    def warning(self) -> str | None:
        """A sentence if this shape is unlike the training of the task net, else None."""
        return self.answer.warning if self.answer else None


class ComparisonResults(QObject):
    """The results by place, for all places of the document's comparison.

    ``part_changed`` carries a place; ``curves`` are rows of all methods at several sizes.
    """

    part_changed = Signal(object)
    whole_changed = Signal()
    curves_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts: dict[MethodAtSize, MethodResult] = {}
        self.whole: WholeCloud | None = None
        self.curves: list[ComparisonRow] = []

    def put(self, part: MethodResult) -> None:
        """Set the result of one method at one size."""
        self.parts[part.place] = part
        self.part_changed.emit(part.place)

    def drop(self, places: Sequence[MethodAtSize]) -> None:
        """Remove the results at these places."""
        for place in places:
            if self.parts.pop(place, None) is not None:
                self.part_changed.emit(place)

    def set_whole(self, whole: WholeCloud | None) -> None:
        """Set the full cloud with the task net's answer."""
        self.whole = whole
        self.whole_changed.emit()

    def set_curves(self, rows: list[ComparisonRow]) -> None:
        """Set the rows that the plot draws."""
        self.curves = rows
        self.curves_changed.emit()

    def cells(self, places: Sequence[MethodAtSize], sizes: Sequence[int]) -> list[Cell]:
        """The rows that are computed, and the failed places with the reason, in the order of ``places``."""
        from apsnet_core.evaluation.comparison.comparison import FailedCell

        found: list[Cell] = []
        for place in places:
            part = self.parts.get(place)
            if part is not None and part.row is not None:
                found.append(part.row)
            elif part is not None and part.problem is not None:
                found.append(FailedCell(part.method, sizes[place.row], part.problem))
        return found

    def rows(self, places: Sequence[MethodAtSize]) -> list[tuple[MethodAtSize, ComparisonRow]]:
        """The rows that are computed, with their places, in the order of ``places``."""
        return [(place, part.row) for place in places if (part := self.parts.get(place)) and part.row]


def likeliest(answer: Classification, strange: bool = False, brief: bool = False) -> str:
    """The likeliest class with its probability, called a guess if the net is unsure or the shape strange."""
    [(name, probability)] = answer.top(1)
    text = f"{in_words(name)} {percent(probability)}"
    if probability >= SURE and not strange:
        return text
    if brief:
        return f"{'strange' if strange else 'unsure'}: {text}"
    return f"{STRANGE if strange else 'not sure'}: best guess {text}"


def labelled(answer: str, label: str) -> str:
    """The words for whether the class ``answer`` is the shape's known class ``label``."""
    return "as labelled" if answer == label else f"labelled {in_words(label)}"


def classification(answer: Answer | None) -> Classification | None:
    """The answer if it is a classification, else None."""
    return answer if isinstance(answer, Classification) else None


def headlines(part: MethodResult, strange: bool = False, sized: bool = True) -> list[str]:
    """The size and the task's metric as a line, in several versions from the longest to the shortest.

    The lines do not have the size if ``sized`` is false.
    """
    if part.result is None:
        return []
    m = part.result.sampling.m
    long = short = ""
    if (said := classification(part.answer)) is not None:
        long, short = likeliest(said, strange), likeliest(said, strange, brief=True)
    elif part.row is not None and part.row.verdict is not None:
        long = short = part.row.verdict.metric.sentence(part.row.verdict.value)
    if not sized:
        return [text for text in (long, short) if text]
    if not long:
        return [counted(m, "point"), str(m)]
    return [f"{m} · {long}", f"{m} · {short}", short, str(m)]


def numbers_of(row: ComparisonRow, answer: Answer | None) -> str:
    """The tooltip of a method's view: all metrics of its samples, a line for each with its meaning."""
    from apsnet_core.evaluation.comparison.columns import columns_of

    lines = [f"{counted(row.m, 'sample')} by {row.label}"]
    for column in columns_of([row]):
        lines.append(f"{column.title}: {column.number(row)} {column.unit}")
        if column.about:
            lines[-1] += f". {column.about}"
    if answer is not None and answer.known:
        lines.append(answer.known)
    return "\n".join(lines)
