"""The commands of the View menu."""

from __future__ import annotations

from apsnet_gui.state.session import Session
from apsnet_gui.viewport.navigation import VIEW_KEYS
from apsnet_gui.views.floor_picking import FloorPicking
from apsnet_gui.views.measuring import Measuring
from apsnet_gui.window.central import CentralView

LARGEST_POINT = 12
TURNS = ("y", "z", "x", "-y", "-z", "-x")  # the most likely up directions first


class ViewCommands:
    """Changes the camera of the current view and the look of all views."""

    def __init__(
        self, session: Session, central: CentralView, floor: FloorPicking, measuring: Measuring
    ) -> None:
        self._session, self._central, self._floor, self._measuring = session, central, floor, measuring

    def move_camera(self, id: str) -> None:
        """Apply the camera move of the row ``id`` of `VIEW_KEYS`."""
        view = self._central.view
        key = next(key for key in VIEW_KEYS if key.id == id)
        view.move_camera(key.move(view.camera, (view.width(), view.height()), view.scene.up))

    def fit_view(self) -> None:
        """Move the camera until everything is visible."""
        self._central.view.fit()

    def undo_camera(self) -> None:
        """Return to the previous camera."""
        self._central.view.undo_camera()

    def redo_camera(self) -> None:
        """Return to the camera that was undone last."""
        self._central.view.redo_camera()

    def turn_up(self) -> None:
        """Make the next of the six axis directions the up direction."""
        entry = self._session.document.active
        if entry is not None:
            now = TURNS.index(entry.up) if entry.up in TURNS else -1
            self._session.stand(entry.id, TURNS[(now + 1) % len(TURNS)])

    def stand(self, up: str) -> None:
        """Make ``up`` the up direction."""
        entry = self._session.document.active
        if entry is not None:
            self._session.stand(entry.id, up)

    def pick_floor(self) -> None:
        """Let the next click choose the face that becomes the floor."""
        self._floor.take()

    def measure(self) -> None:
        """Let two clicks measure a distance."""
        self._measuring.take()
        self._session.notice.emit(
            "info", "Click two points. The measurement stays; Delete clears it, Esc ends measuring."
        )

    def copy_measure(self) -> None:
        """Copy the measured distance to the clipboard."""
        if not self._measuring.copy():
            self._session.notice.emit(
                "info", "There is no measurement to copy: View > Measure takes two clicks"
            )

    def clear_measure(self) -> None:
        """Remove the measurement from the views."""
        there = self._measuring.measure is not None
        self._measuring.clear()
        self._session.notice.emit(
            "info", "The measurement is cleared" if there else "There is no measurement to clear"
        )

    def toggle_mesh(self) -> None:
        """Show the current shape as a mesh, or as points."""
        entry = self._session.document.active
        if entry is not None and entry.is_mesh:
            self._session.edit(entry.id, "Show mesh or cloud", as_mesh=not entry.as_mesh)

    def toggle_look(self, name: str) -> None:
        """Turn one part of the look on or off."""
        self._session.look(**{name: not getattr(self._session.document.look, name)})

    def colour_by(self, colouring: str) -> None:
        """Colour the current shape by this colouring."""
        entry = self._session.document.active
        if entry is not None:
            self._session.edit(entry.id, "Change colouring", colouring=colouring)

    def set_background(self, background: str) -> None:
        """Use another background."""
        self._session.look(background=background)

    def points_larger(self) -> None:
        """Draw larger points."""
        self._session.look(point_size=min(self._session.document.look.point_size + 1, LARGEST_POINT))

    def points_smaller(self) -> None:
        """Draw smaller points."""
        self._session.look(point_size=max(self._session.document.look.point_size - 1, 1))
