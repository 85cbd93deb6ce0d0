"""The dialog that lists the plug-in files and their errors."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core import plugins
from apsnet_gui.state.settings import Settings
from apsnet_gui.widgets.form_rows import GRID, faint


class PluginsDialog(QDialog):
    """Edits the list of plug-in files for the next start; installed packages need no entry."""

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self.setWindowTitle("Plug-ins")
        self._settings = settings
        self.files = QListWidget()
        self.files.ensurePolished()  # so that the first row already has the height of the style
        self.files.setAccessibleName("Plug-in files")
        add, remove = QPushButton("Add a file…"), QPushButton("Remove")
        add.clicked.connect(self._ask)
        remove.clicked.connect(self._remove)
        self.files.currentRowChanged.connect(lambda row: remove.setEnabled(row >= 0))
        remove.setEnabled(False)
        settings.sync()
        self._show_files(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        for button in (add, remove):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        said = faint(
            "Python files with additional methods, tasks or formats. They run as part of the program, so add "
            "only files you trust. Changes take effect at the next start."
        )
        said.setWordWrap(True)
        column.addWidget(said)
        column.addWidget(self.files)
        self.troubles = faint("\n".join(plugins.troubles()))
        self.troubles.setWordWrap(True)
        self.troubles.setVisible(bool(plugins.troubles()))
        column.addWidget(self.troubles)
        column.addLayout(row)
        self.resize(520, 320)

    def add(self, path: str) -> None:
        """Load the file from the next start on."""
        self._settings.add_plugin(path)
        self._show_files(self._settings.plugins().index(path))

    def _ask(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "A plug-in", "", "Python files (*.py)")
        if path:
            self.add(path)

    def _remove(self) -> None:
        row = self.files.currentRow()
        self._settings.remove_plugin(self.files.item(row).text())
        self._show_files(row)

    def _show_files(self, chosen: int) -> None:
        """Show the files in the settings, where another window may have added some; select row ``chosen``."""
        self.files.clear()
        self.files.addItems(self._settings.plugins())
        self.files.setCurrentRow(min(chosen, self.files.count() - 1))
