"""The facts of the active shape, and the fields that choose how it is shown."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.ops.orientation import DIRECTIONS
from apsnet_core.placing import left_out
from apsnet_core.types import Changed
from apsnet_core.units import readable
from apsnet_gui.colourings.registry import colourings_for
from apsnet_gui.panels.colour_scale import ColourScale
from apsnet_gui.panels.own_size import OwnSize
from apsnet_gui.state.open_shape import OpenShape, signed
from apsnet_gui.state.session import Session
from apsnet_gui.views.floor_picking import FloorPicking
from apsnet_gui.widgets.fields import ComboBox, Slider
from apsnet_gui.widgets.form_rows import GRID, counted, faint, form, grouped, heading, value
from apsnet_gui.widgets.qt_types import Ignored

PICK = "pick"


class ShapeFacts(QWidget):
    """Shows the facts of the active shape; the panel hides this widget while there is none."""

    def __init__(self, session: Session, floor: FloorPicking, scale: ColourScale) -> None:
        super().__init__()
        self.setObjectName("panelBody")
        self._session, self._floor, self.scale = session, floor, scale
        self.kind, self.extent, self.remarks = value("Kind"), value("Extents"), faint()
        self.up = ComboBox()
        self.up.setAccessibleName("Up axis")
        self.up.setToolTip("The up axis. Ctrl+U takes the next one")
        self.up.setMinimumContentsLength(6)
        self.up.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.up.activated.connect(self._stand)
        self.lies = faint(
            "It seems to lie on its side, but the networks were trained on upright shapes. Turn it?"
        )
        self.lies.setProperty("role", "warning")
        self.wanted = faint("Click the face that should lie on the floor. Esc cancels.")
        self.colouring = ComboBox()
        self.colouring.setAccessibleName("Colour by")
        self.colouring.setMinimumContentsLength(6)
        self.colouring.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.colouring.activated.connect(
            lambda: self._edit("Change colouring", colouring=self.colouring.currentData())
        )
        self.point_size = Slider()
        self.point_size.setRange(1, 12)
        self.point_size.setAccessibleName("Point size")
        self.point_size.valueChanged.connect(lambda size: session.look(point_size=size))
        self.own_size = OwnSize(session)
        self.depth_cue = Slider()
        self.depth_cue.setRange(0, 100)
        self.depth_cue.setAccessibleName("Depth")
        self.depth_cue.setToolTip(
            "How strongly the picture shows depth: edges darken, sparse clouds fade with the distance"
        )
        self.depth_cue.valueChanged.connect(lambda percent: session.look(depth=percent))
        self.lit = QCheckBox("Light by normals")
        self.lit.clicked.connect(lambda on: session.look(lit=on))
        self.as_mesh = QCheckBox("Show as mesh")
        self.as_mesh.clicked.connect(lambda on: self._edit("Show mesh or cloud", as_mesh=on))
        self._rows = form(
            ("Kind", self.kind),
            ("Extents", self.extent),
            ("Up axis", self.up),
            ("", self.lies),
            ("", self.wanted),
            ("Colour by", self.colouring),
            ("Point size", self.point_size),
            ("Own size", self.own_size),
            ("Depth", self.depth_cue),
            ("", self.lit),
            ("", self.as_mesh),
        )
        row, _ = cast(tuple[int, object], self._rows.getWidgetPosition(self.colouring))
        self._rows.insertRow(row + 1, self.scale)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 4, GRID // 2, GRID + 4, GRID)
        column.setSpacing(GRID)
        column.addWidget(heading("Current shape"))
        column.addLayout(self._rows)
        column.addWidget(self.remarks)
        session.changed.connect(self._show)
        floor.changed.connect(self._show)
        self._show()

    def _show(self, *_: Ignored) -> None:
        entry = self._session.document.active
        if entry is None:
            return
        self.kind.setText(kind(entry))
        sides = " × ".join(readable(side, ".4g") for side in entry.extent)
        self.extent.setText(f"{sides} {entry.shape.unit}".strip())
        self._offer_directions(entry)
        self._rows.setRowVisible(self.lies, entry.lies_down and not self._floor.held)
        self._rows.setRowVisible(self.wanted, self._floor.held)
        self._offer_colourings(entry)
        self._rows.setRowVisible(self.lit, not entry.is_mesh)
        self.lit.setChecked(self._session.document.look.lit)
        estimated = "" if entry.shape.normals is not None else ", by normals estimated from their neighbours"
        self.lit.setToolTip(f"Lights the points like a surface{estimated}")
        self.as_mesh.setVisible(entry.is_mesh)
        self.as_mesh.setChecked(entry.as_mesh)
        self.point_size.setValue(self._session.document.look.point_size)
        self.own_size.show_entry(entry)
        self._rows.setRowVisible(self.own_size, not entry.as_mesh)
        self.depth_cue.setValue(self._session.document.look.depth)
        said = remarks(entry)
        self.remarks.setText("\n".join(said))
        self.remarks.setVisible(bool(said))

    def _offer_colourings(self, entry: OpenShape) -> None:
        """Offer all colourings; those for which the shape lacks data are disabled, with a tooltip why."""
        rows = colourings_for(entry.shape)
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

    def _offer_directions(self, entry: OpenShape) -> None:
        """Offer the six axis directions, a picked direction if there is one, and an item that picks one."""
        picked = [] if entry.up in DIRECTIONS else [entry.up]
        offered = [*picked, *DIRECTIONS, PICK]
        if [self.up.itemData(i) for i in range(self.up.count())] != offered:
            self.up.clear()
            for up in offered:
                self.up.addItem("Pick the floor…" if up == PICK else f"{signed(up)} is up", up)
            for at, up in enumerate(picked):
                self.up.setItemText(at, "as picked")
                self.up.setItemData(at, f"The direction {up} points up", Qt.ItemDataRole.ToolTipRole)
        self.up.setCurrentIndex(self.up.findData(PICK if self._floor.held else entry.up))

    def _stand(self) -> None:
        current, up = self._session.document.current, self.up.currentData()
        if up == PICK:
            self._floor.take()
        elif current is not None:
            self._floor.put_down()
            self._session.stand(current, up)

    def _edit(self, text: str, **changes: Changed) -> None:
        current = self._session.document.current
        if current is not None:
            self._session.edit(current, text, **changes)


def remarks(entry: OpenShape) -> list[str]:
    """Sentences about dropped and hidden points, cuts, notes of the reader, and guessed columns."""
    said = [*left_out(entry.shape.dropped), *entry.cuts, *entry.shape.notes]
    if (hidden := entry.hidden_of_cloud) is not None:
        which = "all" if hidden.chosen == hidden.count else "some"
        said.append(f"{which} of its points are hidden, and sampled all the same: Shift+H shows them")
    elif entry.hidden is not None:
        then = counted(entry.hidden.count, "point")
        said.append(f"its hidden points are shown: the file had {then} when they were hidden")
    if not any(entry.extent):
        said.append(
            "All its points are at one place: it has no shape to sample"
            if entry.count > 1
            else "It is a single point: it has no shape to sample"
        )
    if guessed := guessed_columns(entry):
        said.append(guessed)
    return [line[:1].upper() + line[1:] for line in said]


def guessed_columns(entry: OpenShape) -> str:
    """A sentence with the guessed roles of the file's columns; empty if nothing was guessed."""
    roles = entry.shape.roles if isinstance(entry.shape, PointCloud) else ()
    if not any(role.known == "guess" for role in roles):
        return ""
    return f"columns guessed: {', '.join(role.role for role in roles)} (File, Columns of the file…)"


def kind(entry: OpenShape) -> str:
    """A text with the kind of shape, mesh or cloud, and the attributes of its points."""
    shape = entry.shape
    known = [
        name for name, there in (("colours", shape.rgb), ("normals", shape.normals)) if there is not None
    ]
    if isinstance(shape, TriangleMesh):
        return ", ".join([f"mesh, {grouped(len(shape.faces))} triangles", *known])
    return ", ".join(["point cloud", *known, *list(shape.attributes)[:3]])
