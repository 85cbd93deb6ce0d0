"""The page that is shown while nothing is open: ways to open files, bundled shapes, recent files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_gui.widgets.form_rows import GRID, faint, heading
from apsnet_gui.window.bundled import SIZE, bundled

RECENT_SHOWN, RECENT_BESIDE = 6, 2
RECENT_WIDE = 36  # width of the name and folder of a recent file in grid units


class StartPage(QScrollArea):
    """``open_path`` is called with the path of a shape, project or folder that a user clicks."""

    def __init__(
        self,
        open_files: Callable[[], None],
        open_path: Callable[[str], None],
        open_furniture: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._open_path = open_path
        self._paths: list[str] = []
        self._stale = False
        body = QWidget()
        body.setObjectName("startBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(GRID * 5, GRID * 4, GRID * 5, GRID * 4)
        column.setSpacing(GRID)

        name = QLabel("APSNet Studio")
        name.setProperty("role", "title")
        column.addWidget(name)
        column.addWidget(
            faint("Open a mesh or a point cloud, sample it, and see which points were chosen and why.")
        )
        row = self._ways_in(open_files, open_furniture)
        column.addSpacing(GRID)
        column.addLayout(row)
        column.addSpacing(GRID * 2)

        self._recent_heading = heading("Recent")
        self._recent = QGridLayout()
        self._recent.setVerticalSpacing(0)
        self._recent.setHorizontalSpacing(GRID)
        self._recent.setColumnStretch(RECENT_BESIDE, 1)
        self._recent.setContentsMargins(0, 0, 0, GRID * 2)
        column.addWidget(self._recent_heading)
        column.addLayout(self._recent)  # above the shapes, which can fill the window

        column.addWidget(heading("Shapes to begin with"))
        self.cards: dict[Path, QToolButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID)
        self._columns = 0
        for path in bundled():
            self.cards[path] = self._card(path)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.setWidget(body)
        self._arrange(self.width())

    def _ways_in(self, open_files: Callable[[], None], open_furniture: Callable[[], None]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID * 2)
        button = QPushButton("Open a file…")
        button.setProperty("primary", True)
        button.clicked.connect(open_files)
        row.addWidget(button)
        self.furniture = QPushButton("Browse the bundled furniture")
        self.furniture.setToolTip("298 labelled shapes: step through them, evaluate methods on them")
        self.furniture.clicked.connect(open_furniture)
        row.addWidget(self.furniture)
        row.addWidget(faint("or drop files, or the folder of a dataset, anywhere in the window"), 1)
        return row

    def show_thumbnail(self, path: Path, picture: QPixmap) -> None:
        """Show the picture of a bundled shape."""
        if path in self.cards:
            self.cards[path].setIcon(QIcon(picture))

    def show_recent(self, paths: list[str]) -> None:
        """Show the ``paths`` that were opened last, the newest first, once the page is visible."""
        self._paths, self._stale = paths, True
        if self.isVisible():
            self._fill_recent()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill_recent()

    def _fill_recent(self) -> None:
        if not self._stale:
            return
        self._stale = False
        while item := self._recent.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        there = [path for path in self._paths if Path(path).exists()][:RECENT_SHOWN]
        self._recent_heading.setVisible(bool(there))
        for at, path in enumerate(there):
            button = QToolButton()
            words = f"{Path(path).name}    {Path(path).parent}"
            wide, middle = GRID * RECENT_WIDE, Qt.TextElideMode.ElideMiddle
            button.setText(button.fontMetrics().elidedText(words, middle, wide))
            button.setToolTip(path)
            button.setAccessibleName(f"Open {Path(path).name}")
            button.clicked.connect(lambda _=False, path=path: self._open_path(path))
            place = divmod(at, RECENT_BESIDE)
            self._recent.addWidget(button, *place, Qt.AlignmentFlag.AlignLeft)

    def _card(self, path: Path) -> QToolButton:
        card = QToolButton()
        card.setObjectName("card")
        card.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        card.setIconSize(QSize(*SIZE))
        blank = QPixmap(*SIZE)
        blank.fill(Qt.GlobalColor.transparent)
        card.setIcon(QIcon(blank))
        words = path.stem.replace("_", " ")
        card.setText(words.capitalize())
        card.setAccessibleName(f"Open the bundled {words}")
        card.clicked.connect(lambda: self._open_path(str(path)))
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        columns = max(1, (width - GRID * 10) // (SIZE[0] + GRID * 3))
        if columns == self._columns:
            return
        self._columns = columns
        for i, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, i // columns, i % columns)
        for i in range(self._grid.columnCount()):
            self._grid.setColumnStretch(i, 0)
        self._grid.setColumnStretch(columns, 1)
