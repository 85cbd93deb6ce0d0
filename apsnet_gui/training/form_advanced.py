"""The rarely used fields of a training, in groups; they are laid out after the form is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from apsnet_gui.style.stepping import go_through, made
from apsnet_gui.training.form_fields import Field
from apsnet_gui.widgets.form_rows import GRID, form, heading


class AdvancedFields(QWidget):
    """A heading and a form for each section of the config.

    It is hidden at first and laid out in small steps, so that the dialog opens without waiting for it.
    """

    def __init__(self, fields: Iterable[Field], labels: Mapping[str, str]) -> None:
        super().__init__()
        self._labels = labels
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        groups: dict[str, list[Field]] = {}
        for field in fields:
            groups.setdefault(field.key.rpartition(".")[0], []).append(field)
        go_through(self, self._go(groups))

    def _go(self, groups: Mapping[str, list[Field]]) -> Iterator[None]:
        yield
        yield from made(partial(self._lay_out, group, inside) for group, inside in groups.items())

    def _lay_out(self, group: str, fields: list[Field]) -> None:
        self._column.addWidget(heading(group.capitalize() or "Training"))
        self._column.addLayout(form(*((self._labels[field.key], field.widget) for field in fields)))
