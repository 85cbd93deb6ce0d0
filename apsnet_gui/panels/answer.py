"""The task net's answer to the sampling: the most likely classes as bars, or the numbers of the task."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from apsnet_core.tasks.answer import in_words
from apsnet_core.tasks.registry import task
from apsnet_gui.state.result import TaskAnswer
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import GRID, faint, heading, value

ROWS = 5


class AnswerView(QWidget):
    """Shows the session's answer; hidden while there is no result."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._heading = heading("Task")
        self._whole = faint()
        self._warning = QLabel(wordWrap=True)
        self._warning.setProperty("role", "warning")
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QProgressBar, QLabel]] = []
        for i in range(ROWS):
            row = QLabel(), QProgressBar(textVisible=False), value(f"Answer {i + 1}")
            row[1].setRange(0, 1000)
            row[2].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for at, widget in enumerate(row):
                grid.addWidget(widget, i, at)
            self._rows.append(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        column.setSpacing(GRID)
        column.addWidget(self._heading)
        column.addLayout(grid)
        column.addWidget(self._whole)
        column.addWidget(self._warning)
        session.answered.connect(self._show)
        session.sampled.connect(lambda _: self._show(session.answer))
        self._show(session.answer)

    @property
    def text(self) -> str:
        """The answer with its remark and warning as one line."""
        rows = [f"{name.text()} {number.text()}" for name, _, number in self._rows if not name.isHidden()]
        return " ".join([", ".join([*rows, self._whole.text()]), self._warning.text()]).strip()

    def _show(self, answer: TaskAnswer | None) -> None:
        result = self._session.result
        self.setVisible(result is not None)
        if result is None:
            return
        self._heading.setText(f"{task(result.choice.task).label} of the samples")
        # To avoid flicker, the previous answer stays visible but disabled until the new one is there.
        self.setEnabled(answer is not None)
        if answer is None:
            return
        for i, widgets in enumerate(self._rows):
            there = i < len(answer.rows)
            for widget in widgets:
                widget.setVisible(there)
            if not there:
                continue
            word, number, share = answer.rows[i]
            name, bar, figure = widgets
            name.setText(in_words(word))
            figure.setText(number)
            bar.setVisible(share is not None)
            bar.setValue(round(1000 * (share or 0)))
            bar.setAccessibleName(f"Share of {word}")
        self._whole.setText(answer.whole)
        for label in (self._heading, self._whole, self._warning):
            label.setToolTip(answer.known)
        self._warning.setText(answer.warning or "")
        self._warning.setVisible(bool(answer.warning))
