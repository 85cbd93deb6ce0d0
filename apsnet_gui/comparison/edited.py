"""The bar over a view with a summary of the samples edited by hand, and a button to undo the edits."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from apsnet_gui.state.result import Result
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import GRID

UNDER_HEADER = 28  # pixels from the top of a view


class EditedBar(QFrame):
    """A bar on top of ``view`` that does not change its size; hidden while no sample is edited."""

    def __init__(self, session: Session, view: QWidget) -> None:
        super().__init__(view)
        self.setObjectName("edited")
        self._session = session
        self._result: Result | None = None
        self.words = QLabel()
        self.words.setProperty("role", "warning")
        self.back = QPushButton("Undo")
        self.back.setObjectName("flat")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.setToolTip("Restore the samples of the method")
        self.back.setAccessibleName("Restore the samples of the method")
        self.back.clicked.connect(self._undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID // 2, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.words)
        row.addWidget(self.back)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        place = QVBoxLayout(view)
        place.setContentsMargins(GRID // 2, UNDER_HEADER, GRID // 2, 0)
        place.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        place.addWidget(self, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_result(self, result: Result | None) -> None:
        """Show the summary of the edits of ``result``, or hide the bar if there are none."""
        self._result = result
        edit = result.edit if result else None
        self.words.setText(edit.words if edit else "")
        self.words.setToolTip(f"Samples edited by hand: {self.words.text()}")
        self.setVisible(edit is not None)

    def _undo(self) -> None:
        if self._result is not None:
            self._session.edit_samples("Undo all edits", self._result.key, None)
