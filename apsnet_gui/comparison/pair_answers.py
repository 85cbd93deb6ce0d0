"""The task net's answers for the samples of two methods, side by side and in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from apsnet_gui.comparison.answer_beside_view import AnswerBesideView
from apsnet_gui.comparison.results import MethodResult, WholeCloud
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.form_rows import GRID, faint, heading, scrolling, set_role, wrap

WIDE = 232  # pixels
TIP = (
    "Samples at the same position are the same. The other samples of both methods are paired so that "
    "the sum of their distances is smallest."
)


class PairAnswers(QWidget):
    """Sentences about the differences, then the answer for each method; empty until both are sampled."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(WIDE)
        self.setObjectName("panelBody")
        self.moves, self.change = faint(), QLabel()
        self.moves.setToolTip(TIP)
        self.change.setToolTip("The task net's answers for the samples and for the reference's samples")
        wrap(self.change)
        self.names = [heading(""), heading("")]
        self.answers = [AnswerBesideView(theme, "#888888") for _ in self.names]
        body = _Words()
        body.setObjectName("panelBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.change)
        column.addWidget(self.moves)
        for name, answer in zip(self.names, self.answers, strict=True):
            column.addWidget(name)
            column.addWidget(answer)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(body, "The task net's answers for both"))
        self.is_empty = True

    def show_pair(self, parts: Sequence[MethodResult], whole: WholeCloud | None) -> None:
        """Show the answers for the reference and the other method, or nothing if ``parts`` is empty."""
        from apsnet_core.evaluation.comparison.reference import answers_beside

        self.is_empty = not parts
        rows = [part.row for part in parts if part.row is not None]
        words = answers_beside(rows[1], rows[0]) if len(rows) == 2 else ""
        self.change.setText(words)
        self.change.setVisible(bool(words))
        set_role(self.change, "warning" if " changes " in words else "")
        for place, (name, answer) in enumerate(zip(self.names, self.answers, strict=True)):
            part = parts[place] if parts else None
            name.setText(part.method.label if part else "")
            answer.bars.colour = part.method.row.colour if part else "#888888"
            answer.show_part(part, whole)
            name.setVisible(not answer.is_empty)
            answer.setVisible(not answer.is_empty)


class _Words(QWidget):
    """The scrolled body; its height is enough for all text, and bars are left out where they do not fit."""

    def heightForWidth(self, width: int) -> int:
        lines = self.layout()
        return lines.totalMinimumHeightForWidth(width) if lines is not None else -1
