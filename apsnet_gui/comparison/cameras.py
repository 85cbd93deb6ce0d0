"""The cameras of the comparison: all views share one, except those with a camera of their own."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import ref

from PySide6.QtCore import QObject

from apsnet_core.arrays import np
from apsnet_gui.comparison.method_view import MethodView
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.state.document import Document, Lineup, MethodAtSize
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.camera import Camera, fit_scene, standard_view
from apsnet_gui.viewport.projection import in_sight
from apsnet_gui.viewport.scene import PointLayer, Scene, bounds
from apsnet_gui.viewport.widget import ViewWidget


class Cameras(QObject):
    """Sets the cameras of the ``cells`` and of further views that share the session's camera."""

    def __init__(
        self,
        session: Session,
        results: ComparisonResults,
        cells: Mapping[MethodAtSize, MethodView],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._results, self._cells = session, results, cells
        self._sharing: list[ViewWidget] = []
        self._camera: Camera | None = None  # the shared camera, None before the first samples
        self._fitted = True  # the camera was not moved, so it is fitted again when the views' sizes change
        self._base: Camera | None = None  # has the orientation for fitting, None for the isometric view
        self._found: tuple[object, Camera] | None = None  # the input and the result of the last fit
        self._turned: set[MethodAtSize] = set()  # the views whose own camera a user has moved
        session.changed.connect(self._on_change)
        session.camera_changed.connect(self._take)
        results.part_changed.connect(self._look)

    def add(self, cell: MethodView) -> None:
        """Give a new cell the shared camera, and follow the moves in its view."""
        if self._camera is not None:
            cell.view.camera = self._camera
        cell.view.camera_changed.connect(lambda camera: self._moved(cell.place, camera))

    def share(self, view: ViewWidget) -> None:
        """Let a view outside the grid use the shared camera."""
        self._sharing.append(view)
        view.camera_changed.connect(self._session.set_camera)
        if self._camera is not None:
            view.camera = self._camera
            self.refit()

    def refit(self) -> None:
        """Fit the shared camera to the shape again, because the sizes of the views have changed."""
        if self._fitted and self._camera is not None:
            self._fit()

    @property
    def _lineup(self) -> Lineup:
        return self._session.document.lineup

    def _on_change(self, before: Document, after: Document) -> None:
        selected = self._cells.get(after.lineup.place)
        if after.lineup.linked and not before.lineup.linked and selected is not None:
            self._spread(selected.view.camera)
        joined = set(before.lineup.apart) - set(after.lineup.apart)
        for place, cell in self._cells.items():
            if place.method in joined and self._camera is not None:
                self._turned.discard(place)
                cell.view.camera = self._camera
        if before.current != after.current or before.up != after.up:
            self._camera, self._base, self._fitted = None, None, True
            self._turned.clear()

    def _look(self, place: MethodAtSize) -> None:
        """Fit the camera when the first result is there, because the cloud is not known earlier."""
        part = self._results.parts.get(place)
        if place in self._cells and part is not None and part.result is not None and self._camera is None:
            self._fit()

    def _moved(self, place: MethodAtSize, camera: Camera) -> None:
        """Handle a move of the camera by a user in the view of ``place``."""
        if place.method in self._lineup.apart:
            self._turned.add(place)
            return
        self._fitted = False
        if self._lineup.linked:
            self._spread(camera, place)
        elif place == self._lineup.place:
            self._camera = camera  # set here, because the other views must not get this camera
        else:
            return
        self._session.set_camera(camera)

    def _take(self, camera: Camera | None) -> None:
        """Use a camera that was set elsewhere: by a project, or in the single view."""
        if camera is not None and camera != self._camera:
            self._fitted = self._session.camera_fitted
            self._base = camera
            self._spread(camera)
            self.refit()  # the camera was fitted to a view of another size

    def _spread(self, camera: Camera, source: MethodAtSize | None = None) -> None:
        self._camera = camera
        for view in self._sharing:
            view.camera = camera
        for place, cell in self._cells.items():
            apart = place.method in self._lineup.apart and (not self._fitted or place in self._turned)
            if place != source and not apart:
                cell.view.camera = camera

    def _fit(self) -> None:
        """Fit the shared camera to the cloud, without the samples, because all methods share it."""
        part = next((part for part in self._results.parts.values() if part.result is not None), None)
        views = [cell.view for cell in self._cells.values() if cell.isVisible()]
        views += [view for view in self._sharing if view.isVisible()]
        if part is None or part.result is None or not views:
            return
        up, cloud = self._session.document.up, part.result.cloud
        view = min(views, key=lambda view: view.width() / max(view.height(), 1))
        size = max(view.width(), 1), max(view.height(), 1)
        asked = ref(cloud), up, size, self._base
        if self._fitted and self._found is not None and self._found[0] == asked:  # e.g. for each new view
            self._spread(self._found[1])
            return
        scene = Scene((PointLayer("cloud", cloud.xyz, np.zeros(cloud.xyz.shape, np.uint8)),), up=up)
        camera = self._session.camera
        if not self._fitted and camera is not None and in_sight(camera, bounds(scene), size):
            self._spread(camera)
            return
        usual = standard_view(Camera(), "isometric", scene.up)
        self._found = asked, fit_scene(self._base or usual, scene, size)
        self._spread(self._found[1])
