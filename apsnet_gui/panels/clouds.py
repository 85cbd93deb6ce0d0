"""What is open: visibility, colour, name and size of each shape, and the facts of the current one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPixmap, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QColorDialog,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.placing import counted
from apsnet_gui.colourings.registry import colourings
from apsnet_gui.panels.missing import MissingShapes
from apsnet_gui.state.document import Document, OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.widgets.fields import ComboBox, Slider
from apsnet_gui.widgets.form_rows import GRID, faint, form, grouped, heading, panel, value

Index = QModelIndex | QPersistentModelIndex
EYE, COLOUR, NAME, COUNT = range(4)


class CloudsModel(QAbstractTableModel):
    """The document's entries as rows; edits go to the session."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session)
        self._session, self._theme = session, theme
        session.changed.connect(self._update)

    @property
    def entries(self) -> tuple[OpenShape, ...]:
        """The open shapes."""
        return self._session.document.entries

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 4

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, column = self.entries[index.row()], index.column()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            seen = "shown" if entry.visible else "hidden"
            return {EYE: seen, COLOUR: entry.colour, NAME: entry.name, COUNT: counted(entry.count, "point")}[
                column
            ]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole) and column == NAME:
            return entry.name
        if role == Qt.ItemDataRole.DisplayRole and column == COUNT:
            return grouped(entry.count)
        if role == Qt.ItemDataRole.DecorationRole and column == EYE:
            tint = self._theme.colours.text if entry.visible else self._theme.colours.disabled
            return self._theme.icon("eye" if entry.visible else "eye-slash", tint)
        if role == Qt.ItemDataRole.DecorationRole and column == COLOUR:
            return _swatch(entry.colour)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == COUNT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return {
                EYE: "Show or hide (Space)",
                COLOUR: "Colour",
                NAME: entry.path,
                COUNT: "Points or vertices",
            }[column]
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not text:
            return False
        self._session.edit(self.entries[index.row()].id, "Rename", name=text)
        return True

    def _update(self, before: Document, after: Document) -> None:
        if [entry.id for entry in before.entries] != [entry.id for entry in after.entries]:
            self.beginResetModel()
            self.endResetModel()
        elif before.entries != after.entries or before.current != after.current:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.entries) - 1, COUNT))


class _Table(QTableView):
    """Several rows can be selected. A click on an eye or a colour selects nothing: it is a button."""

    pressed_button = Signal(QModelIndex)
    key_pressed = Signal(int)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.column() in (EYE, COLOUR):
            self.pressed_button.emit(index)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).column() not in (EYE, COLOUR):
            super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.column() in (EYE, COLOUR):
            self.pressed_button.emit(index)
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if not editing and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.key_pressed.emit(event.key())
        else:
            super().keyPressEvent(event)


class CloudsPanel(QWidget):
    """A view of the session's entries; ``open_files`` is what it offers while there are none.

    ``export_wanted`` and ``samples_wanted`` carry the selected entries, to be written to a folder.
    """

    export_wanted = Signal(list)
    samples_wanted = Signal(list)

    def __init__(self, session: Session, theme: Theme, open_files: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._session, self._theme = session, theme
        self.model = CloudsModel(session, theme)
        self.table = _Table()
        self.table.pressed_button.connect(self._click)
        self.table.key_pressed.connect(self._on_key)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Open shapes")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.table.doubleClicked.connect(lambda _: session.show_only(self._selected_ids()))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setFont(tabular(self.table.font()))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().hide()
        self.table.setIconSize(QSize(16, 16))
        self.table.selectionModel().currentRowChanged.connect(self._select)
        self._layout_columns()
        theme.changed.connect(self._layout_columns)

        self._facts, _, column = panel("Facts of the current shape")
        self.up = QPushButton()
        self.up.setToolTip("Turn the up axis: y to z, z to y")
        self.up.clicked.connect(self._turn)
        self.colouring = ComboBox()
        self.colouring.setAccessibleName("Colour by")
        self.colouring.activated.connect(
            lambda: self._edit("Change colouring", colouring=self.colouring.currentData())
        )
        self.as_mesh = QCheckBox("Show as mesh")
        self.as_mesh.clicked.connect(lambda on: self._edit("Show mesh or cloud", as_mesh=on))
        self.point_size = Slider()
        self.point_size.setRange(1, 12)
        self.point_size.setAccessibleName("Point size")
        self.point_size.valueChanged.connect(lambda size: session.look(point_size=size))
        self.kind, self.extent, self.remarks = value("Kind"), value("Extents"), faint()
        self.lies = faint("It seems to lie down: the networks were trained on shapes that stand. Turn it?")
        self.lies.setProperty("role", "warning")
        rows = form(
            ("Kind", self.kind),
            ("Extents", self.extent),
            ("Up axis", self.up),
            ("", self.lies),
            ("Colour by", self.colouring),
            ("Point size", self.point_size),
            ("", self.as_mesh),
        )
        column.addWidget(heading("Current shape"))
        self._rows = rows
        column.addLayout(rows)
        column.addWidget(self.remarks)

        self.missing = MissingShapes(session)
        self.empty = QWidget()
        self.empty.setObjectName("panelBody")
        hint = QVBoxLayout(self.empty)
        hint.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        hint.addWidget(
            faint("Meshes and point clouds you open are listed here, with their colours and sizes.")
        )
        button = QPushButton("Open…")
        button.clicked.connect(open_files)
        hint.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        hint.addStretch(1)

        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.table, 1)
        outer.addWidget(self.missing)
        outer.addWidget(self._facts)
        outer.addWidget(self.empty)
        session.changed.connect(self._show)
        self._show()

    def rename(self) -> None:
        """Begin to edit the current shape's name."""
        self.table.setFocus()
        self.table.edit(self.model.index(self._row(), NAME))

    def _row(self) -> int:
        ids = [entry.id for entry in self.model.entries]
        current = self._session.document.current
        return ids.index(current) if current in ids else -1

    def _show(self, *_: object) -> None:
        entry = self._session.document.active
        self.empty.setVisible(entry is None)
        self.table.setVisible(entry is not None)
        self._facts.setVisible(entry is not None)
        if entry is None:
            return
        index = self.model.index(self._row(), NAME)
        if self.table.currentIndex().row() != index.row() or not self.table.selectionModel().hasSelection():
            self.table.selectionModel().setCurrentIndex(
                index,
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )
        self.kind.setText(kind(entry))
        self.extent.setText(" × ".join(f"{side:.4g}" for side in entry.extent))
        self.up.setText(f"{entry.up} is up  ·  turn")
        self._rows.setRowVisible(self.lies, entry.lies_down)
        self._offer_colourings(entry)
        self.as_mesh.setVisible(entry.is_mesh)
        self.as_mesh.setChecked(entry.as_mesh)
        self.point_size.setValue(self._session.document.look.point_size)
        remarks = [*entry.shape.notes]
        if entry.shape.dropped:
            remarks.insert(0, f"{grouped(entry.shape.dropped)} points were not finite and left out")
        if guessed := guessed_columns(entry):
            remarks.append(guessed)
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))

    def _offer_colourings(self, entry: OpenShape) -> None:
        """All of the table, with the sentence about each; what the shape lacks cannot be chosen."""
        rows = colourings()
        if [self.colouring.itemData(i) for i in range(self.colouring.count())] != [row.name for row in rows]:
            self.colouring.clear()
            for row in rows:
                self.colouring.addItem(row.label.replace("&", ""), row.name)
        model = cast(QStandardItemModel, self.colouring.model())
        for i, row in enumerate(rows):
            missing = row.missing(entry.shape)
            model.item(i).setEnabled(missing is None)
            model.item(i).setToolTip(missing or row.about)
        self.colouring.setCurrentIndex(self.colouring.findData(entry.colouring))

    def _layout_columns(self) -> None:
        line = self.table.fontMetrics().height()
        header = self.table.horizontalHeader()
        header.setMinimumSectionSize(16)
        self.table.verticalHeader().setDefaultSectionSize(line + 12)
        for column, width in ((EYE, line + 14), (COLOUR, line + 10)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)

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
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        return [entry for row, entry in enumerate(self.model.entries) if row in rows]

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
        """What can be done with the selected shapes."""
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

    def _turn(self) -> None:
        entry = self._session.document.active
        if entry is not None:
            self._edit("Turn the up axis", up="z" if entry.up == "y" else "y")

    def _edit(self, text: str, **changes: Any) -> None:
        current = self._session.document.current
        if current is not None:
            self._session.edit(current, text, **changes)


def guessed_columns(entry: OpenShape) -> str:
    """What the columns of its file were taken for, where that is a guess; else nothing."""
    roles = entry.shape.roles if isinstance(entry.shape, PointCloud) else ()
    if not any(role.known == "guess" for role in roles):
        return ""
    return f"columns guessed: {', '.join(role.role for role in roles)} (File, Columns of the file…)"


def kind(entry: OpenShape) -> str:
    """What a shape is and of how many points, in words."""
    shape = entry.shape
    known = [
        name for name, there in (("colours", shape.rgb), ("normals", shape.normals)) if there is not None
    ]
    if isinstance(shape, TriangleMesh):
        return ", ".join([f"mesh, {grouped(len(shape.faces))} triangles", *known])
    return ", ".join(["point cloud", *known, *list(shape.attributes)[:3]])


def _swatch(colour: str) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRect(4, 4, 24, 24), 8, 8)
    painter.end()
    return QIcon(pixmap)
