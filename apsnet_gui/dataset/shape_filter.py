"""The fields of the dataset's filter: name, class, part, and whether the methods disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from apsnet_core.tasks.answer import in_words
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID

if TYPE_CHECKING:
    from apsnet_gui.dataset.collection import Collection, Filter

SEARCH_MS = 120  # delay between the last key press and the search


class ShapeFilter(QWidget):
    """Fields for the values of a `Filter`; ``changed`` is emitted when these change."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(self.changed)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search names")
        self.search.setAccessibleName("Search names")
        self.search.textChanged.connect(lambda: self._later.start())
        self.label, self.part = ComboBox(), ComboBox()
        self.label.setAccessibleName("Class")
        self.part.setAccessibleName("Part of the dataset")
        for box in (self.label, self.part):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(lambda _: self.changed.emit())
        self.disagree = QCheckBox("Methods disagree")
        self.disagree.setToolTip(
            "Only shapes on which the evaluated methods disagree: different answers, or a worst error"
            " of at least twice the best"
        )
        self.disagree.toggled.connect(lambda _: self.changed.emit())
        boxes = QHBoxLayout()
        boxes.setSpacing(GRID)
        boxes.addWidget(self.label, 1)
        boxes.addWidget(self.part, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.search)
        column.addLayout(boxes)
        column.addWidget(self.disagree)

    def offer(self, collection: Collection | None) -> None:
        """Reset the fields to the classes and parts of ``collection``."""
        self.label.clear()
        self.part.clear()
        self.search.clear()
        self.disagree.setChecked(False)
        if collection is not None:
            self.label.addItem("All classes", "")
            for name in collection.data.classes:
                self.label.addItem(in_words(name), name)
            self.part.addItem("All parts", "")
            for part, words in (("train", "Training"), ("validation", "Validation"), ("test", "Test")):
                self.part.addItem(words, part)

    def value(self, disagreeing: frozenset[int] | None) -> Filter:
        """The current filter.

        ``disagreeing`` are the rows of the shapes on which the methods disagree, None while unknown.
        """
        from apsnet_gui.dataset.collection import Filter

        return Filter(
            part=self.part.currentData() or "",
            label=self.label.currentData() or "",
            text=self.search.text(),
            disagreeing=(disagreeing or frozenset()) if self.disagree.isChecked() else None,
        )
