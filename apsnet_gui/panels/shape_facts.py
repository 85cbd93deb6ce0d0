"""The facts of the current shape, and the fields that choose how it is shown."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_gui.colourings.registry import colourings
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.fields import ComboBox, Slider
from apsnet_gui.widgets.form_rows import GRID, faint, form, grouped, heading, value


class ShapeFacts(QWidget):
    """Shows the document's current shape; the panel hides it while there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("panelBody")
        self._session = session
        self.kind, self.extent, self.remarks = value("Kind"), value("Extents"), faint()
        self.up = QPushButton()
        self.up.setToolTip("Turn the up axis: y to z, z to y")
        self.up.clicked.connect(self._turn)
        self.lies = faint("It seems to lie down: the networks were trained on shapes that stand. Turn it?")
        self.lies.setProperty("role", "warning")
        self.colouring = ComboBox()
        self.colouring.setAccessibleName("Colour by")
        self.colouring.activated.connect(
            lambda: self._edit("Change colouring", colouring=self.colouring.currentData())
        )
        self.point_size = Slider()
        self.point_size.setRange(1, 12)
        self.point_size.setAccessibleName("Point size")
        self.point_size.valueChanged.connect(lambda size: session.look(point_size=size))
        self.as_mesh = QCheckBox("Show as mesh")
        self.as_mesh.clicked.connect(lambda on: self._edit("Show mesh or cloud", as_mesh=on))
        self._rows = form(
            ("Kind", self.kind),
            ("Extents", self.extent),
            ("Up axis", self.up),
            ("", self.lies),
            ("Colour by", self.colouring),
            ("Point size", self.point_size),
            ("", self.as_mesh),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
        column.setSpacing(GRID)
        column.addWidget(heading("Current shape"))
        column.addLayout(self._rows)
        column.addWidget(self.remarks)
        session.changed.connect(self._show)
        self._show()

    def _show(self, *_: object) -> None:
        entry = self._session.document.active
        if entry is None:
            return
        self.kind.setText(kind(entry))
        self.extent.setText(" × ".join(f"{side:.4g}" for side in entry.extent))
        self.up.setText(f"{entry.up} is up  ·  turn")
        self._rows.setRowVisible(self.lies, entry.lies_down)
        self._offer_colourings(entry)
        self.as_mesh.setVisible(entry.is_mesh)
        self.as_mesh.setChecked(entry.as_mesh)
        self.point_size.setValue(self._session.document.look.point_size)
        said = remarks(entry)
        self.remarks.setText("\n".join(said))
        self.remarks.setVisible(bool(said))

    def _offer_colourings(self, entry: OpenShape) -> None:
        """Offer all colourings; those that need what the shape lacks are disabled and say why."""
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

    def _turn(self) -> None:
        entry = self._session.document.active
        if entry is not None:
            self._edit("Turn the up axis", up="z" if entry.up == "y" else "y")

    def _edit(self, text: str, **changes: Any) -> None:
        current = self._session.document.current
        if current is not None:
            self._session.edit(current, text, **changes)


def remarks(entry: OpenShape) -> list[str]:
    """Sentences about points that were dropped, what the reader noted, and guessed columns."""
    dropped = entry.shape.dropped
    said = [f"{grouped(dropped)} points were not finite and left out"] if dropped else []
    said += entry.shape.notes
    if guessed := guessed_columns(entry):
        said.append(guessed)
    return said


def guessed_columns(entry: OpenShape) -> str:
    """The guessed roles of the file's columns in a sentence, empty where nothing was guessed."""
    roles = entry.shape.roles if isinstance(entry.shape, PointCloud) else ()
    if not any(role.known == "guess" for role in roles):
        return ""
    return f"columns guessed: {', '.join(role.role for role in roles)} (File, Columns of the file…)"


def kind(entry: OpenShape) -> str:
    """Whether it is a mesh or a cloud, and what its points have, in words."""
    shape = entry.shape
    known = [
        name for name, there in (("colours", shape.rgb), ("normals", shape.normals)) if there is not None
    ]
    if isinstance(shape, TriangleMesh):
        return ", ".join([f"mesh, {grouped(len(shape.faces))} triangles", *known])
    return ", ".join(["point cloud", *known, *list(shape.attributes)[:3]])
