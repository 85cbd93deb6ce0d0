"""Views side by side, one for each place of the document's line-up, all through the same camera."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from apsnet_gui.board import Board
from apsnet_gui.comparison.arrange import arrange
from apsnet_gui.comparison.cell import Cell
from apsnet_gui.comparison.methods import fill, next_seed, offered
from apsnet_gui.document import Document, Lineup, Place
from apsnet_gui.jobs.background import Background
from apsnet_gui.session import Session
from apsnet_gui.theme import Theme
from apsnet_gui.trained import Trained
from apsnet_gui.viewport.camera import Camera, fit_scene, standard_view
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import PointLayer, Scene, Up
from apsnet_gui.viewport.widget import ViewWidget


class Grid(QWidget):
    """Follows the session's line-up and the board. ``made`` comes with each new cell."""

    made = Signal(object)

    def __init__(
        self,
        session: Session,
        background: Background,
        theme: Theme,
        client: RenderClient,
        board: Board,
        trained: Trained,
    ) -> None:
        super().__init__()
        self.setObjectName("grid")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._background, self._theme = session, background, theme
        self._client, self._board, self._trained = client, board, trained
        self.cells: dict[Place, Cell] = {}
        self._sharing: list[ViewWidget] = []
        self._alone: Place | None = None
        self._camera: Camera | None = None  # that of all linked views, once there is something to see
        self._fitted = True  # the camera still is what suits the shape: it follows the views' size
        self.setAccessibleName("Methods side by side")
        session.changed.connect(self._on_change)
        session.step_changed.connect(self._refresh)
        session.camera_changed.connect(self._take_camera)
        board.part_changed.connect(self._show_part)
        board.whole_changed.connect(self._show_all)
        self._line_up()

    # --- what others ask of it ---

    @property
    def selected(self) -> Cell | None:
        return self.cells.get(self._lineup.place)

    @property
    def ordered(self) -> list[Cell]:
        """The cells in the order of the line-up."""
        return [self.cells[place] for place in self._lineup.places if place in self.cells]

    def share_camera(self, view: ViewWidget) -> None:
        """Let a view of another's look through the linked camera; what suits the shape suits it too."""
        self._sharing.append(view)
        view.camera_changed.connect(self._session.set_camera)
        if self._camera is not None:
            view.camera = self._camera
            self._refit()

    @property
    def is_settled(self) -> bool:
        """Whether every view shows all that is known."""
        return all(cell.is_settled for cell in self.cells.values())

    def set_alone(self, place: Place | None) -> None:
        """Show one place alone, or all of them for None."""
        self._alone = place if place in self.cells else None
        for cell in self.cells.values():
            cell.set_large(cell.place == self._alone)
        self._arrange()

    @property
    def _lineup(self) -> Lineup:
        return self._session.document.lineup

    # --- which cells there are ---

    def _on_change(self, before: Document, after: Document) -> None:
        if before.lineup != after.lineup:
            self._line_up()
        if after.lineup.linked and not before.lineup.linked and self.selected is not None:
            self._spread(self.selected.view.camera)
        if before.current != after.current or _up(before) != _up(after):
            self._camera, self._fitted = None, True
        shows = before.lineup.show, before.look, before.entries
        if after.lineup.shown and shows != (after.lineup.show, after.look, after.entries):
            self._refresh()

    def _line_up(self) -> None:
        lineup = self._lineup
        wanted = lineup.places if lineup.shown else ()
        for place in [place for place in self.cells if place not in wanted]:
            cell = self.cells.pop(place)
            cell.hide()
            cell.deleteLater()
        for place in wanted:
            if place not in self.cells:
                self.cells[place] = self._make(place)
        if self._alone not in self.cells:
            self._alone = None
        for place in wanted:
            self.cells[place].set_selected(place == lineup.place)
        if self._alone is not None and self._alone != lineup.place:
            self.set_alone(lineup.place)
        self._arrange()

    def _make(self, place: Place) -> Cell:
        cell = Cell(
            place,
            self._session,
            self._background,
            self._theme,
            self._client,
            lambda menu: self._fill_menu(place, menu),
        )
        cell.setParent(self)
        if self._camera is not None:
            cell.view.camera = self._camera
        cell.view.camera_changed.connect(lambda camera: self._on_camera(place, camera))
        cell.view.clicked.connect(lambda _: self.select(place))
        cell.header.pressed.connect(lambda: self.select(place))
        cell.header.double_clicked.connect(lambda: self._toggle_alone(place))
        cell.header.dragged.connect(self._aim)
        cell.header.dropped.connect(lambda at: self._drop(place, at))
        cell.worded.connect(self._place_words)
        cell.reshaped.connect(lambda: QTimer.singleShot(0, self, self._refit))
        cell.large.clicked.connect(lambda: self._toggle_alone(place))
        self.made.emit(cell)
        cell.show_part(self._board.parts.get(place), self._board.whole)
        cell.show()
        return cell

    def _show_part(self, place: Place) -> None:
        cell, part = self.cells.get(place), self._board.parts.get(place)
        if cell is None:
            return
        if part is not None and part.result is not None and self._camera is None:
            self._fit_all()
        cell.show_part(part, self._board.whole)

    def _show_all(self) -> None:
        for place, cell in self.cells.items():
            cell.show_part(self._board.parts.get(place), self._board.whole)

    def _refresh(self, *_: object) -> None:
        for cell in self.cells.values():
            cell.refresh()

    # --- what can be done with a cell ---

    def select(self, place: Place) -> None:
        self._session.line_up(
            f"Select {self.cells[place].spec.label}", selected=self._index(place.method), row=place.row
        )

    def add(self, method: str, after: str | None = None) -> None:
        """Behind all others, or right ``after`` one."""
        methods = list(self._lineup.methods)
        at = len(methods) if after is None else methods.index(after) + 1
        methods.insert(at, method)
        self._session.line_up("Add a method", methods=tuple(methods), selected=at)

    def swap(self, method: str, other: str) -> None:
        """Put another method in the place of one."""
        methods = tuple(other if each == method else each for each in self._lineup.methods)
        self._session.line_up("Swap a method", methods=methods, selected=self._index(method))

    def remove(self, method: str) -> None:
        """The last one stays."""
        methods = tuple(each for each in self._lineup.methods if each != method)
        if methods:
            self._session.line_up("Remove a method", methods=methods, selected=self._lineup.selected)

    def place_at(self, method: str, to: int) -> None:
        """To another place in the order."""
        methods = [each for each in self._lineup.methods if each != method]
        methods.insert(max(to, 0), method)
        self._session.line_up("Reorder methods", methods=tuple(methods), selected=methods.index(method))

    def fill_add(self, menu: QMenu) -> None:
        """What can be added, for a button's menu."""
        fill(menu, self._offered(), self._lineup.methods, self.add)

    def _fill_menu(self, place: Place, menu: QMenu) -> None:
        method = place.method
        swaps = menu.addMenu("Swap for")
        fill(swaps, self._offered(), self._lineup.methods, lambda other: self.swap(method, other))
        at, last = self._index(method), len(self._lineup.methods) - 1
        again = next_seed(method, self._lineup.methods, self._session.document.choice.seed)
        items: tuple[tuple[str, bool, Callable[[], None]], ...] = (
            ("Add with another seed", True, lambda: self.add(again, after=method)),
            ("Move back", at > 0, lambda: self.place_at(method, at - 1)),
            ("Move on", at < last, lambda: self.place_at(method, at + 1)),
            ("Remove", last > 0, lambda: self.remove(method)),
        )
        for text, possible, act in items:
            item = menu.addAction(text)
            item.setEnabled(possible)
            item.triggered.connect(act)

    def _offered(self) -> list[str]:
        return offered(self._trained, self._session.document.choice)

    def _index(self, method: str) -> int:
        return self._lineup.methods.index(method)

    def _toggle_alone(self, place: Place) -> None:
        self.select(place)
        self.set_alone(None if self._alone else place)

    def _at(self, position: QPoint) -> Cell | None:
        here = self.mapFromGlobal(position)
        return next((cell for cell in self.cells.values() if cell.geometry().contains(here)), None)

    def _aim(self, position: QPoint) -> None:
        target = self._at(position)
        for cell in self.cells.values():
            cell.set_target(cell is target)

    def _drop(self, place: Place, position: QPoint) -> None:
        target = self._at(position)
        for cell in self.cells.values():
            cell.set_target(False)
        if target is not None and target.place.method != place.method:
            self.place_at(place.method, self._index(target.place.method))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._alone is not None:
            self.set_alone(None)
        else:
            super().keyPressEvent(event)

    # --- where they stand ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        shown = [cell for cell in self.ordered if self._alone in (None, cell.place)]
        for cell in self.cells.values():
            cell.setVisible(cell in shown)
        of_each = len(self._lineup.sizes) if self._alone is None else 1
        for cell, where in zip(shown, arrange(len(shown), self.width(), self.height(), of_each), strict=True):
            cell.setGeometry(where)
        self._place_words()
        self._refit()

    def _place_words(self) -> None:
        """All in the same place, so that they can be compared: beside the names only if all fit there."""
        shown = [cell for cell in self.cells.values() if not cell.isHidden()]
        beside = all(cell.words_fit for cell in shown)
        for cell in shown:
            cell.place_words(beside)

    # --- the camera ---

    def _refit(self) -> None:
        """After the views' sizes have changed."""
        if self._fitted and self._camera is not None:
            self._fit_all()

    def _on_camera(self, place: Place, camera: Camera) -> None:
        self._fitted = False
        if self._lineup.linked:
            self._spread(camera, place)
        if place == self._lineup.place or self._lineup.linked:
            self._session.set_camera(camera)

    def _take_camera(self, camera: Camera | None) -> None:
        """One that was set elsewhere: by a project, or in the single view."""
        if camera is not None and camera != self._camera:
            self._fitted = False
            self._spread(camera)

    def _spread(self, camera: Camera, source: Place | None = None) -> None:
        self._camera = camera
        for view in self._sharing:
            view.camera = camera
        for place, cell in self.cells.items():
            if place != source:
                cell.view.camera = camera

    def _fit_all(self) -> None:
        """The camera that suits the cloud; it is the same for all, whatever their samples are."""
        part = next((part for part in self._board.parts.values() if part.result is not None), None)
        views = [cell.view for cell in self.ordered if cell.isVisible()]
        views += [view for view in self._sharing if view.isVisible()]
        if part is None or part.result is None or not views:
            return
        if not self._fitted and self._session.camera is not None:
            self._spread(self._session.camera)
            return
        up = _up(self._session.document)
        xyz = part.result.cloud.xyz
        scene = Scene((PointLayer("cloud", xyz, np.zeros(xyz.shape, np.uint8)),), up=up)
        view = min(views, key=lambda view: view.width() / max(view.height(), 1))
        size = max(view.width(), 1), max(view.height(), 1)
        self._spread(fit_scene(standard_view(Camera(), "isometric", scene.up), scene, size))


def _up(document: Document) -> Up:
    return "z" if document.active is not None and document.active.up == "z" else "y"
