"""Lists the objects of a scan by picture and size; the checked ones are opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QSize, Qt
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
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.camera import Camera, fit, standard_view
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import DepthCue, PointLayer, Scene, bounds
from apsnet_gui.widgets.form_rows import GRID, counted, faint

SIZE = 112, 96  # logical pixels of a picture
FEW = 20_000  # points are enough for one
COLOUR = (140, 150, 163)


class ObjectsDialog(QDialog):
    """``found`` are the objects of a ``scan``, the largest first; ``open_chosen`` gets the checked.

    The pictures are drawn by the renderer, one after another, and appear when they are there. It closes with
    the scan.
    """

    def __init__(
        self,
        parent: QWidget,
        client: RenderClient,
        session: Session,
        scan: OpenShape,
        found: Sequence[OpenShape],
        open_chosen: Callable[[list[OpenShape]], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Objects in {scan.name}")
        self._scan, self._found, self._open_chosen = scan.id, list(found), open_chosen
        self._client, self._view, self._drawn = client, client.open_view(), 0
        self.list = QListWidget()
        self.list.setAccessibleName("Objects")
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setIconSize(QSize(*SIZE))
        self.list.setGridSize(QSize(SIZE[0] + 9 * GRID, SIZE[1] + 7 * GRID))
        blank = QPixmap(*SIZE)
        blank.fill(Qt.GlobalColor.transparent)
        for number, entry in enumerate(self._found, 1):
            sides = " × ".join(f"{side:.3g}" for side in entry.extent)
            sides = f"{sides} {entry.shape.unit}".strip()
            item = QListWidgetItem(QIcon(blank), f"{number} · {counted(entry.count, 'point')}\n{sides}")
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
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
        column.addWidget(
            faint("What stands in the scan, without floor, walls and ground; the largest first.")
        )
        column.addWidget(self.list, 1)
        column.addWidget(self.buttons)
        self.resize(720, 520)
        self._count()
        client.ready.connect(self._draw_next)
        session.changed.connect(self._follow)
        self._draw_next()

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
        self.open_button.setEnabled(number > 0)

    def _check_all(self, state: Qt.CheckState) -> None:
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)

    def _accept(self) -> None:
        chosen = self.chosen
        self.close()
        self._open_chosen(chosen)

    def done(self, result: int) -> None:
        """Close, in whatever way that is done."""
        self._drawn = len(self._found)
        self._view.close()
        super().done(result)

    def _follow(self, before: Document, after: Document) -> None:
        if after.entry(self._scan) is None:
            self.close()

    def _draw_next(self) -> None:
        """Ask for the next picture; after a fault of the renderer the item keeps its words alone."""
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
        drawn.add_done_callback(lambda done: self._show(row, done))

    def _show(self, row: int, done: Future[QImage]) -> None:
        if row != self._drawn:
            return
        self._drawn += 1
        if done.exception() is None:
            picture = QPixmap.fromImage(done.result())
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            self.list.item(row).setIcon(QIcon(picture))
        self._draw_next()
