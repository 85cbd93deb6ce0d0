"""The panel of open shapes: the list, the facts of the active shape, and shapes whose files are missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QMenu, QScrollArea, QVBoxLayout, QWidget

from apsnet_gui.panels.clouds_table import EYE, NAME, CloudsModel, CloudsTable
from apsnet_gui.panels.missing import MissingShapes
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.empty_panel import empty_panel
from apsnet_gui.widgets.form_rows import scrolling
from apsnet_gui.widgets.qt_types import Ignored

if TYPE_CHECKING:
    from apsnet_gui.panels.shape_facts import ShapeFacts


class CloudsPanel(QWidget):
    """Lists the session's entries; while there are none, it offers ``open_files``.

    ``export_wanted`` asks to write the selected entries to a folder, ``samples_wanted`` to write samples of
    them; both carry the entries.
    """

    export_wanted = Signal(list)
    samples_wanted = Signal(list)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        make_facts: Callable[[], ShapeFacts],
        open_files: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._make_facts = session, make_facts
        self.model = CloudsModel(session, theme)
        self.table = CloudsTable(self.model, theme)
        self.table.pressed_button.connect(self._click)
        self.table.key_pressed.connect(self._on_key)
        self.table.doubleClicked.connect(lambda _: session.show_only(self._selected_ids()))
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.selectionModel().currentRowChanged.connect(self._select)
        self.missing = MissingShapes(session)
        self.empty = empty_panel(
            "Meshes and point clouds you open are listed here, with their colours and sizes.",
            ("Open…", open_files),
        )
        outer = self._column = QVBoxLayout(self)
        self._facts_area: QScrollArea | None = None
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.table, 1)
        outer.addWidget(self.missing)
        outer.addWidget(self.empty)
        session.changed.connect(self._show)
        self._show()

    @cached_property
    def facts(self) -> ShapeFacts:
        """The facts of the active shape; created when the first shape is opened."""
        made = self._make_facts()
        self._facts_area = scrolling(made, "Facts of the current shape")
        self._column.insertWidget(self._column.indexOf(self.empty), self._facts_area)
        # Set this only after the insertion: without a parent, the area would appear as a window.
        self._facts_area.setVisible(self._session.document.active is not None)
        return made

    def rename(self) -> None:
        """Start to edit the name of the active shape."""
        self.table.setFocus()
        self.table.edit(self.model.index(self._row(), NAME))

    def _row(self) -> int:
        ids = [entry.id for entry in self.model.entries]
        current = self._session.document.current
        return ids.index(current) if current in ids else -1

    def _show(self, *_: Ignored) -> None:
        is_open = self._session.document.active is not None
        self.empty.setVisible(not is_open)
        self.table.setVisible(is_open)
        if self._facts_area is not None:
            self._facts_area.setVisible(is_open)
        if is_open:
            self.facts.show()
            self.table.select_row(self._row())

    def _select(self, index: QModelIndex) -> None:
        if index.isValid() and self.model.entries[index.row()].id != self._session.document.current:
            self._session.select(self.model.entries[index.row()].id)

    def _click(self, index: QModelIndex) -> None:
        entry = self.model.entries[index.row()]
        if index.column() == EYE:
            self._session.show([entry.id], not entry.visible)
        else:
            self._paint([entry])

    def _on_key(self, key: int) -> None:
        if key == Qt.Key.Key_Space:
            chosen = self.selected
            self._session.show(self._selected_ids(), not all(entry.visible for entry in chosen))
        else:
            self._session.remove(*self._selected_ids())

    @property
    def selected(self) -> list[OpenShape]:
        """The selected entries, in the order of the list."""
        return [self.model.entries[row] for row in self.table.selected_rows]

    def _selected_ids(self) -> list[str]:
        return [entry.id for entry in self.selected]

    def _paint(self, entries: list[OpenShape]) -> None:
        title = f"Colour of {entries[0].name}" if len(entries) == 1 else f"Colour of {len(entries)} shapes"
        colour = QColorDialog.getColor(QColor(entries[0].colour), self, title)
        if colour.isValid():
            self._session.paint([entry.id for entry in entries], colour.name())

    def _open_menu(self, at: QPoint) -> None:
        if self.selected:
            self.menu().exec(self.table.viewport().mapToGlobal(at))

    def menu(self) -> QMenu:
        """The context menu of the selected shapes."""
        chosen, ids, session = self.selected, self._selected_ids(), self._session
        several = len(chosen) > 1
        menu = QMenu(self)
        for text, possible, act in (
            ("Show", not all(entry.visible for entry in chosen), lambda: session.show(ids, True)),
            ("Hide", any(entry.visible for entry in chosen), lambda: session.show(ids, False)),
            ("Only these" if several else "Only this", True, lambda: session.show_only(ids)),
            ("Colour…", True, lambda: self._paint(chosen)),
            ("Rename", not several, self.rename),
            ("Export…" if not several else "Export all to a folder…", True,
             lambda: self.export_wanted.emit(chosen)),
            ("Sample to a folder…" if not several else "Sample one after another to a folder…", True,
             lambda: self.samples_wanted.emit(chosen)),
            ("Close", True, lambda: session.remove(*ids)),
        ):  # fmt: skip
            action = menu.addAction(text)
            action.setEnabled(possible)
            action.triggered.connect(act)
        return menu
