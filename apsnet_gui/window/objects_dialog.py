"""The dialog that lists the objects of a scan with picture and size, and opens the checked ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_gui.jobs.cutting import FoundObjects
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.camera import Camera, fit, standard_view
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import DepthCue, PointLayer, Scene, bounds
from apsnet_gui.widgets.form_rows import GRID, counted, faint, grouped
from apsnet_gui.window.objects_apart import ObjectsApart

SIZE = 112, 96  # logical pixels of a picture
FEW = 20_000  # points are enough for a picture
COLOUR = (140, 150, 163)


class ObjectsDialog(QDialog):
    """Lists the objects ``found`` in a ``scan``; ``open_chosen`` is called with the checked ones.

    ``asked`` carries the largest gap within an object when the objects are to be found again. `show_found`
    then takes the new objects, and `rest` ends the waiting state. The renderer draws the pictures one after
    another, and each appears when it is ready. The dialog closes with the scan.
    """

    asked = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        client: RenderClient,
        session: Session,
        scan: OpenShape,
        found: FoundObjects,
        open_chosen: Callable[[list[OpenShape]], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Objects in {scan.name}")
        self._scan, self._open_chosen, self._selected = scan.id, open_chosen, session.selected
        self._found: list[OpenShape] = []
        self._client, self._view, self._drawn, self._picture = client, client.open_view(), 0, 0
        self._closed = self._looking = False
        self._said = ""  # a sentence about the list, shown while no search runs
        self.apart = ObjectsApart(session.selected, scan.shape.unit)
        self.apart.asked.connect(self._ask)
        self.list = QListWidget()
        self.list.setAccessibleName("Objects")
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setIconSize(QSize(*SIZE))
        self.list.setGridSize(QSize(SIZE[0] + 9 * GRID, SIZE[1] + 7 * GRID))
        self.list.itemChanged.connect(lambda _: self._count())
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_button = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        for text, state in (("All", Qt.CheckState.Checked), ("None", Qt.CheckState.Unchecked)):
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, state=state: self._check_all(state))
            self.buttons.addButton(button, QDialogButtonBox.ButtonRole.ResetRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        self.about = faint()
        column.addWidget(self.about)
        column.addWidget(self.apart)
        column.addWidget(self.list, 1)
        column.addWidget(self.buttons)
        self.resize(720, 520)
        client.ready.connect(self._draw_next)
        session.changed.connect(self._follow)
        self.show_found(found)
        self.rest()

    def show_found(self, found: FoundObjects) -> None:
        """List these objects, all checked, instead of the previous ones."""
        if self._closed:
            return
        self._found, self._drawn = list(found.parts), 0
        self._picture += 1
        listed = len(found.parts)
        more = f"The {listed} largest of {grouped(found.count)} are listed; apsnet segment writes all."
        self._said = "The largest first." if found.count == listed else more
        self.apart.show_found(found)
        blank = QPixmap(*SIZE)
        blank.fill(Qt.GlobalColor.transparent)
        self.list.clear()
        for number, entry in enumerate(self._found, 1):
            sides = " × ".join(f"{side:.3g}" for side in entry.extent)
            sides = f"{sides} {entry.shape.unit}".strip()
            item = QListWidgetItem(QIcon(blank), f"{number} · {counted(entry.count, 'point')}\n{sides}")
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self._count()
        self._draw_next()

    def rest(self) -> None:
        """End the waiting state: no search runs any more."""
        if not self._closed:
            self._looking = False
            self._count()
            self.about.setText(f"The objects of the scan, without floor, walls and ground. {self._said}")

    def _ask(self, reach: float | None) -> None:
        self._looking = True
        self._count()
        self.about.setText("Looking for objects…")
        self.asked.emit(reach)

    @property
    def chosen(self) -> list[OpenShape]:
        """The checked objects."""
        checked = Qt.CheckState.Checked
        return [e for row, e in enumerate(self._found) if self.list.item(row).checkState() == checked]

    @property
    def is_drawn(self) -> bool:
        """Whether every object has its picture."""
        return self._drawn == len(self._found)

    def _count(self) -> None:
        number = len(self.chosen)
        self.open_button.setText(f"Open {counted(number, 'object')}")
        self.open_button.setEnabled(number > 0 and not self._looking)

    def _check_all(self, state: Qt.CheckState) -> None:
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)

    def _accept(self) -> None:
        chosen = self.chosen
        self.close()
        self._open_chosen(chosen)

    def done(self, result: int) -> None:
        """Close the dialog and its view. Qt calls this for every way of closing."""
        self._drawn, self._closed = len(self._found), True
        self._view.close()
        super().done(result)

    def _follow(self, before: Document, after: Document) -> None:
        if after.entry(self._scan) is None:
            self.close()

    def _draw_next(self) -> None:
        """Ask for the next picture; if the renderer fails, the item keeps only its text."""
        if self._drawn >= len(self._found) or not self._client.is_ready:
            return
        row = self._drawn
        entry = self._found[row]
        assert isinstance(entry.shape, PointCloud)
        xyz = np.ascontiguousarray(entry.shape.xyz[:: -(-len(entry.shape) // FEW)])
        layer = PointLayer("object", xyz, np.tile(np.array(COLOUR, np.uint8), (len(xyz), 1)))
        scene = Scene((layer,), up=entry.up, show_axes=False, depth=DepthCue(edges=0.8))
        camera = fit(standard_view(Camera(), "isometric", entry.up), bounds(scene), SIZE, margin=0.85)
        ratio = self.devicePixelRatioF()
        size = (round(SIZE[0] * ratio), round(SIZE[1] * ratio))
        self._view.set_scene(scene)
        drawn = self._view.snapshot(camera, size, ratio, True)
        listed = self._picture
        drawn.add_done_callback(lambda done: self._show(listed, row, done))

    def _show(self, listed: int, row: int, done: Future[QImage]) -> None:
        if listed != self._picture or row != self._drawn or self._closed:
            return
        self._drawn += 1
        if done.exception() is None:
            picture = QPixmap.fromImage(done.result())
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            self.list.item(row).setIcon(QIcon(picture))
        self._draw_next()
