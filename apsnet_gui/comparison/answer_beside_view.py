"""The task net's answer beside a view: the likeliest classes as bars, or its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from apsnet_core.tasks.registration import Registration
from apsnet_core.units import with_unit
from apsnet_gui.comparison.bars import ClassBars
from apsnet_gui.comparison.results import MethodResult, WholeCloud, classification
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.widgets.form_rows import GRID

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.registration_target import Copy

Lines = list[tuple[str, ...]]
COLUMNS = 4


class AnswerBesideView(QWidget):
    """The answer for one method's samples; hidden while there is none."""

    def __init__(self, theme: Theme, colour: str) -> None:
        super().__init__()
        self.bars = ClassBars(theme, colour)
        self.figures = Figures()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bars)
        column.addWidget(self.figures)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def is_empty(self) -> bool:
        """Whether there is no answer to show."""
        return not self.bars.rows and not self.figures.lines

    def show_part(self, part: MethodResult | None, whole: WholeCloud | None) -> None:
        """Show the answer for the samples beside the answer for the ``whole`` cloud."""
        answer = part.answer if part else None
        said = classification(answer)
        self.bars.show_answers(said, classification(whole.answer) if whole else None)
        lines = lines_of(part, whole) if part and whole and answer is not None and said is None else []
        self.figures.show_lines(lines)
        self.bars.setVisible(bool(self.bars.rows))
        self.figures.setVisible(bool(lines))


class Figures(QWidget):
    """Lines of a word and up to three numbers each; the last text of a line fills the remaining columns."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Lines = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(2)

    def show_lines(self, lines: Lines) -> None:
        """Replace the lines."""
        if lines == self.lines:
            return
        self.lines = lines
        while (item := self._grid.takeAt(0)) is not None:
            cast(QWidget, item.widget()).deleteLater()
        for row, line in enumerate(lines):
            for at, text in enumerate(line):
                label = QLabel(text)
                label.setFont(tabular(label.font()))
                label.setProperty("role", "faint" if at == 0 else "")
                side = Qt.AlignmentFlag.AlignLeft if at == 0 else Qt.AlignmentFlag.AlignRight
                label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                span = 1 if at + 1 < len(line) else COLUMNS - at
                self._grid.addWidget(label, row, at, 1, span)
        self.setAccessibleName("; ".join(" ".join(filter(None, line)) for line in lines))


def lines_of(part: MethodResult, whole: WholeCloud) -> Lines:
    """An answer without classes as lines of numbers, such as the error of a reconstruction."""
    if part.answer is None or whole.answer is None:
        return []
    if whole.copy is None or not isinstance(part.answer, Registration):
        return list(part.answer.beside(whole.answer))
    return turns(part.answer, whole.copy)


def turns(found: Registration, copy: Copy) -> Lines:
    """Lines with the true rotation of the copy, the rotation that the task net found, and the error.

    The angles are about x, y and z. If the true rotation is not known, the misfit replaces the error.
    """
    from apsnet_core.evaluation.comparison.registration_target import angles_of

    lines: Lines = [("turn about", "x", "y", "z")]
    if copy.rotation is not None:
        lines.append(("true", *degrees(angles_of(copy.rotation))))
    lines.append(("found", *degrees(angles_of(found.rotation))))
    if found.error is not None:
        return [*lines, ("error", f"{found.error:.1f}°")]
    return [*lines, ("true", "not known"), ("misfit", with_unit(f"{found.misfit:.4g}", "units²"))]


def degrees(angles: tuple[float, float, float]) -> tuple[str, str, str]:
    """Three angles as texts in whole degrees, with a true minus sign."""
    x, y, z = (f"{angle:.0f}°".replace("-0°", "0°").replace("-", "\u2212") for angle in angles)
    return x, y, z
