"""The dialog for the look of a figure that is written to a file."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, form
from apsnet_gui.window.dialogs import save_buttons

WIDTHS = {"Width of a text, 6.9 in": "text", "Column, 3.3 in": "column", "Slide, 12 in": "slide"}
THEMES = {"Light": "light", "Dark": "dark", "Print, in black": "print"}
FONTS = {"Sans serif": "sans", "Serif": "serif"}


class FigureDialog(QDialog):
    """Asks for the width, the colours and the font of a figure."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Look of the figure")
        self.boxes: dict[str, ComboBox] = {}
        choices = (("width", WIDTHS), ("theme", THEMES), ("font", FONTS))
        for name, texts in choices:
            box = self.boxes[name] = ComboBox()
            box.setAccessibleName(f"{name.capitalize()} of the figure")
            for text, value in texts.items():
                box.addItem(text, value)
        buttons = save_buttons(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addLayout(form(*((name.capitalize(), box) for name, box in self.boxes.items())))
        column.addWidget(buttons)

    @property
    def look(self) -> dict[str, str]:
        """The choices, as the core's `Look.of` takes them."""
        return {name: box.currentData() for name, box in self.boxes.items()}
