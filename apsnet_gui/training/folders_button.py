"""A button with a menu for the folders of trainings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton

from apsnet_core.weights.run_folders import choose_run_folders
from apsnet_gui.training.watch import TrainingWatch


class FoldersButton(QToolButton):
    """A button whose menu opens, chooses, adds and removes folders; `apsnet runs` uses the same list."""

    def __init__(self, training: TrainingWatch) -> None:
        super().__init__()
        self._training = training
        self.setText("Folders")
        self.setAccessibleName("Folders of trainings")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)
        self._show()

    def fill(self) -> None:
        """Fill the menu with the current folders."""
        menu, folders = self.menu(), self._training.folders
        menu.clear()
        for folder in folders:
            item = menu.addAction(f"Open {folder}")
            item.triggered.connect(
                lambda _=False, at=folder: QDesktopServices.openUrl(QUrl.fromLocalFile(str(at)))
            )
        menu.addSeparator()
        menu.addAction("Put new trainings into…").triggered.connect(lambda: self._ask("first"))
        menu.addAction("Add a folder of older trainings…").triggered.connect(lambda: self._ask("add"))
        for folder in folders[1:]:
            item = menu.addAction(f"Leave out {folder}")
            item.triggered.connect(lambda _=False, at=folder: self._choose(drop=at))

    def _ask(self, what: str) -> None:
        title = "Folder of new trainings" if what == "first" else "Folder of older trainings"
        chosen = QFileDialog.getExistingDirectory(self, title, str(self._training.folders[0]))
        if chosen:
            self._choose(**{what: Path(chosen)})

    def _choose(self, **changes: Path) -> None:
        try:
            choose_run_folders(**changes)
        except OSError as why:
            self._training.notice.emit("error", f"The list of folders was not written: {why.strerror}")
        self._training.look()
        self._show()

    def _show(self) -> None:
        places = "\n".join(map(str, self._training.folders))
        self.setToolTip(f"New trainings are put into the first of these:\n{places}")
