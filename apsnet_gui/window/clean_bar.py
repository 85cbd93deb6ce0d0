"""The bar for cleaning: what to look for, how strictly, and how many points would be removed."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSlider, QWidget

from apsnet_gui.views.clean_tool import CLEANINGS, CleanTool
from apsnet_gui.views.going import can_go, going_words
from apsnet_gui.widgets.floating_bar import FloatingBar
from apsnet_gui.widgets.form_rows import faint, segments
from apsnet_gui.widgets.qt_types import Ignored

STEPS = 200  # steps of the slider


class CleanBar(FloatingBar):
    """Shown while the cleaning tool is held."""

    def __init__(self, picture: QWidget, tool: CleanTool) -> None:
        super().__init__(picture, "Clean")
        self._tool = tool
        self.kinds = QButtonGroup(self)
        kinds = segments(self.kinds, [(each.text, each.tip) for each in CLEANINGS])
        self.kinds.idClicked.connect(lambda which: tool.set(which, CLEANINGS[which].first))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setFixedWidth(160)
        self.slider.setAccessibleName("How strictly")
        self.slider.valueChanged.connect(self._lead)
        self.value, self.words = faint(), faint()
        for label, width in ((self.value, 24), (self.words, 40)):
            label.setWordWrap(False)
            label.setMinimumWidth(label.fontMetrics().averageCharWidth() * width)
        self.apply, leave = QPushButton("Apply"), QPushButton("Cancel")
        self.apply.setToolTip("Remove the marked points  (Enter)")
        self.apply.clicked.connect(tool.apply)
        leave.setToolTip("Keep the cloud unchanged  (Esc)")
        leave.clicked.connect(tool.put_down)
        self.add_row(kinds, self.slider, self.value)
        self.add_row(self.words, self.apply, leave)
        tool.changed.connect(self._follow)
        tool.found.connect(self._follow)

    def _follow(self, *_: Ignored) -> None:
        """Show the settings of the tool and the number of points that it found."""
        tool, cleaning = self._tool, self._tool.cleaning
        self.setVisible(tool.held)
        self.kinds.button(tool.which).setChecked(True)
        with QSignalBlocker(self.slider):
            share = (tool.value - cleaning.low) / (cleaning.high - cleaning.low)
            self.slider.setValue(round(share * STEPS))
        self.slider.setToolTip(cleaning.tip)
        self.value.setText(cleaning.said(tool.value, tool.diagonal, tool.unit))
        going = tool.going
        self.apply.setEnabled(going is not None and can_go(going))
        if going is not None:
            self.words.setText(going_words(going))
        else:
            self.words.setText(
                f"Not found: {tool.problem}" if tool.problem else "Searching the points to remove…"
            )

    def _lead(self, at: int) -> None:
        cleaning = self._tool.cleaning
        self._tool.set(self._tool.which, cleaning.low + (cleaning.high - cleaning.low) * at / STEPS)
