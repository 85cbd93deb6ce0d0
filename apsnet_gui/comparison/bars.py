"""The likeliest classes of a sample as bars, with marks for the probabilities of the full cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from apsnet_core.percent import percent
from apsnet_core.tasks.answer import in_words
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.widgets.form_rows import GRID

if TYPE_CHECKING:
    from apsnet_core.tasks.classification import Classification

ROWS = 5
BAR = 6
MARK = 2


class ClassBars(QWidget):
    """Five rows, each with a class, its probability, and a bar in the method's ``colour``.

    A mark on the bar shows the probability of the class for the full cloud.
    """

    def __init__(self, theme: Theme, colour: str) -> None:
        super().__init__()
        self._theme = theme
        self.colour = colour
        self.setFont(tabular(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.rows: list[tuple[str, float, float]] = []
        theme.changed.connect(self.update)

    def show_answers(self, sample: Classification | None, whole: Classification | None) -> None:
        """Show the likeliest classes of the ``sample``, with their probabilities for the ``whole`` cloud."""
        self.rows = []
        if sample is not None and whole is not None:
            of_whole = dict(whole.top(len(whole.classes)))
            shown = sample.top(ROWS)
            [(goal, _)] = whole.top(1)
            if goal not in dict(shown):  # always include the class of the full cloud
                shown[-1] = goal, dict(sample.top(len(sample.classes)))[goal]
            self.rows = [(name, value, of_whole[name]) for name, value in shown]
        words = ", ".join(
            f"{name} {percent(value)}, full cloud {percent(full)}" for name, value, full in self.rows
        )
        self.setAccessibleName(f"Likeliest classes: {words}" if words else "Likeliest classes")
        self.setToolTip("Probability of each class. Bar: from the sample. Mark: from the full cloud.")
        self.update()

    @property
    def _line(self) -> float:
        return QFontMetricsF(self.font()).height() + BAR + GRID

    def sizeHint(self) -> QSize:
        widest = QFontMetricsF(self.font()).horizontalAdvance("night_stand  100 %")
        return QSize(round(widest) + 3 * GRID, round((ROWS + 1) * self._line))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, measure = self._theme.colours, QFontMetricsF(self.font())
        room = self.width() - 2.0 * GRID
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for i, (name, value, full) in enumerate(self.rows[: int(self.height() / self._line)]):
                top = i * self._line + GRID / 2
                number = percent(value)
                painter.setPen(QColor(colours.text if i == 0 else colours.faint))
                painter.drawText(GRID, round(top + measure.ascent()), in_words(name))
                right = GRID + room - measure.horizontalAdvance(number)
                painter.drawText(round(right), round(top + measure.ascent()), number)
                track = QRectF(GRID, top + measure.height() + 2, room, BAR)
                painter.setPen(QColor(0, 0, 0, 0))
                painter.setBrush(QColor(colours.line))
                painter.drawRoundedRect(track, BAR / 2, BAR / 2)
                painter.setBrush(QColor(self.colour))
                painter.drawRoundedRect(
                    QRectF(GRID, track.top(), max(room * value, BAR), BAR), BAR / 2, BAR / 2
                )
                painter.setBrush(QColor(colours.text))
                painter.drawRect(QRectF(GRID + (room - MARK) * full, track.top() - 2, MARK, BAR + 4))
            if self.rows and self.height() >= (ROWS + 1) * self._line - 1:
                top = ROWS * self._line + GRID / 2
                painter.drawRect(QRectF(GRID, top + 2, MARK, measure.height() - 4))
                painter.setPen(QColor(colours.faint))
                painter.drawText(2 * GRID, round(top + measure.ascent()), "full cloud")
