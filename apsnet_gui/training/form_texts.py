"""The recipe and the command that correspond to the form, to copy; or the reason why there are none."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from apsnet_gui.style.theme import fixed
from apsnet_gui.widgets.form_rows import GRID, heading

RECIPE = "recipe.toml"


class RecipeTexts(QWidget):
    """Shows the recipe and its command; ``put`` shows both, ``withhold`` hides both."""

    def __init__(self) -> None:
        super().__init__()
        self.toml, self.command = QPlainTextEdit(readOnly=True), QPlainTextEdit(readOnly=True)
        self.toml.setAccessibleName("The recipe as TOML")
        self.command.setAccessibleName("The equivalent command")
        self.command.setFixedHeight(self.fontMetrics().height() * 4 + 2 * GRID)
        self._copies: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.file = heading(RECIPE)
        for title, text, field in (
            (self.file, RECIPE, self.toml),
            (heading("Command"), "command", self.command),
        ):
            field.setFont(fixed())
            head = QHBoxLayout()
            head.addWidget(title, 1)
            head.addWidget(self._copy(text, field))
            column.addLayout(head)
            column.addWidget(field)

    def put(self, toml: str, command: str, file: str = RECIPE) -> None:
        """Show a recipe under the name of its ``file``, and the command that trains it."""
        self.file.setText(file)
        self._show(toml, command, True)

    def withhold(self, why: str) -> None:
        """Show the reason ``why`` there is no recipe and no command, as a comment in both fields."""
        said = "".join(f"# {line}\n" for line in f"None yet. {why}".splitlines())
        self._show(said, said, False)

    def _show(self, toml: str, command: str, there: bool) -> None:
        self.toml.setPlainText(toml)
        self.command.setPlainText(command)
        for button in self._copies:
            button.setEnabled(there)

    def _copy(self, text: str, field: QPlainTextEdit) -> QPushButton:
        button = QPushButton("Copy")
        button.setAccessibleName(f"Copy the {text}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: QGuiApplication.clipboard().setText(field.toPlainText()))
        self._copies.append(button)
        return button
