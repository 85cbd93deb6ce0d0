"""Fields for several values of a setting: a queue trains each combination of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from apsnet_core.training.config import ConfigError, make_config, override
from apsnet_core.training.order import Order
from apsnet_gui.training.form_fields import Field, choice, flat
from apsnet_gui.widgets.fold import Fold
from apsnet_gui.widgets.form_rows import GRID, faint, form

SETTINGS = (
    ("seed", "Seeds", "0, 1, 2"),
    ("sizes", "Sizes, each alone", "8, 16, 32"),
    ("loss.weight", "Sampling loss", "0.3, 1, 3"),
    ("optimisation.learning_rate", "Learning rate", "0.001, 0.002"),
)
OF_SAMPLERS = ("sizes", "loss.weight")
PURPOSE = "Each combination of these values is a training; they run in turn. Empty: as above."


class GridFields(QWidget):
    """A text field for each of `SETTINGS`, folded at first; ``changed`` is called on each change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self.lines: dict[str, QLineEdit] = {}
        self._grid: dict[str, tuple[str, ...]] = {}  # the last values that `trouble` accepted
        for key, label, example in SETTINGS:
            line = QLineEdit(placeholderText=example)
            line.setAccessibleName(f"Several values: {label}")
            line.textChanged.connect(changed)
            self.lines[key] = line
        self.at_once = times_at_once(changed)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GRID)
        inside.addWidget(faint(PURPOSE))
        rows = [(label, self.lines[key]) for key, label, _ in SETTINGS]
        self._rows = form(*rows, ("At a time", self.at_once.widget))
        inside.addLayout(self._rows)
        self.fold = Fold("Several values", body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.fold)
        column.addWidget(body)

    def suit(self, sampler: bool) -> None:
        """Show the settings of a sampler, or only those of a task net if ``sampler`` is False."""
        for key in OF_SAMPLERS:
            self._rows.setRowVisible(self.lines[key], sampler)
            if not sampler:
                self.lines[key].clear()

    @property
    def values(self) -> dict[str, list[str]]:
        """The entered values of each setting; settings without values are left out."""
        typed = {
            key: [part.strip() for part in line.text().split(",") if part.strip()]
            for key, line in self.lines.items()
        }
        return {key: several for key, several in typed.items() if several}

    @property
    def count(self) -> int:
        """The number of trainings, which is the product of the numbers of values."""
        return math.prod(len(several) for several in self.values.values())

    def trouble(self, config: Mapping[str, Any]) -> str:
        """Check the values as settings of ``config`` and return the error; empty if there is none."""
        labels = {key: label for key, label, _ in SETTINGS}
        try:
            found = {key: self._taken(key, config, labels[key]) for key in self.values}
        except ConfigError as why:
            return str(why)
        for key, several in found.items():
            if twice := next((value for value in several if several.count(value) > 1), None):
                return f"{labels[key]}: {twice} is listed twice"
        self._grid = {key: tuple(map(str, several)) for key, several in found.items()}
        return ""

    def _taken(self, key: str, config: Mapping[str, Any], label: str) -> list[Any]:
        """The values of a setting as the config parses them: 0.5 for ".5", which a queue could not read."""
        taken: list[Any] = []
        for value in self.values[key]:
            told = f"[{value}]" if key == "sizes" else value
            made = flat(make_config(override(config, [f"{key}={told}"]), label).model_dump())[key]
            taken += made if key == "sizes" else [made]
        return taken

    def order(self, recipe: str) -> Order:
        """The order for a queue: the recipe's file name and the values that `trouble` last accepted."""
        grid = tuple(f"{key}=[{', '.join(several)}]" for key, several in self._grid.items())
        return Order((recipe,), grid, at_once=self.at_once.get())


def times_at_once(changed: Callable[[], None]) -> Field:
    """Make the field for the number of trainings that a queue runs at a time; they share the cores."""
    field = choice("at_once", [(str(count), count) for count in (1, 2, 3, 4, 6, 8)], changed)
    field.widget.setAccessibleName("Trainings at a time")
    field.widget.setToolTip("They share the processor's cores")
    return field
