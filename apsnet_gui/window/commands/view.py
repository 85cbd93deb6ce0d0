"""How the shape is looked at."""

from __future__ import annotations

from apsnet_gui.state.session import Session
from apsnet_gui.viewport.navigation import VIEW_KEYS
from apsnet_gui.window.central import CentralView

LARGEST_POINT = 12


class ViewCommands:
    """The camera of the view that is looked at, the look of all views."""

    def __init__(self, session: Session, central: CentralView) -> None:
        self._session, self._central = session, central

    def move_camera(self, id: str) -> None:
        view = self._central.view
        key = next(key for key in VIEW_KEYS if key.id == id)
        view.move_camera(key.move(view.camera, (view.width(), view.height()), view.scene.up))

    def fit_view(self) -> None:
        self._central.view.fit()

    def undo_camera(self) -> None:
        self._central.view.undo_camera()

    def redo_camera(self) -> None:
        self._central.view.redo_camera()

    def turn_up(self) -> None:
        entry = self._session.document.active
        if entry is not None:
            self._session.edit(entry.id, "Turn the up axis", up="z" if entry.up == "y" else "y")

    def toggle_mesh(self) -> None:
        entry = self._session.document.active
        if entry is not None and entry.is_mesh:
            self._session.edit(entry.id, "Show mesh or cloud", as_mesh=not entry.as_mesh)

    def toggle_look(self, name: str) -> None:
        self._session.look(**{name: not getattr(self._session.document.look, name)})

    def colour_by(self, colouring: str) -> None:
        entry = self._session.document.active
        if entry is not None:
            self._session.edit(entry.id, "Change colouring", colouring=colouring)

    def set_background(self, background: str) -> None:
        self._session.look(background=background)

    def points_larger(self) -> None:
        self._session.look(point_size=min(self._session.document.look.point_size + 1, LARGEST_POINT))

    def points_smaller(self) -> None:
        self._session.look(point_size=max(self._session.document.look.point_size - 1, 1))
