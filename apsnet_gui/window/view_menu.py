"""The context menu of a view: copying coordinates, and the actions that are used most often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from apsnet_core.placing import coordinates_text
from apsnet_gui.state.session import Session
from apsnet_gui.window.parts import WindowParts

if TYPE_CHECKING:
    from apsnet_gui.viewport.picking import Pick
    from apsnet_gui.viewport.scene import Scene
    from apsnet_gui.viewport.widget import ViewWidget

_ACTIONS = ("fit", "view.isometric", "view.front", "view.top", "", "copy", "screenshot", "copy-samples",
            "export", "", "samples", "order", "ghost", "axes", "", "compare")  # fmt: skip


def open_view_menu(window: WindowParts, at: QPoint, view: ViewWidget) -> None:
    """Open the context menu of a view at the pointer."""
    menu = QMenu(window)
    copy = menu.addAction("Copy coordinates")
    copy.setEnabled(False)

    def found(pick: Pick | None) -> None:
        if isValid(copy) and pick is not None:  # the menu is still open
            copy.setEnabled(True)
            copy.triggered.connect(lambda: _copy_coordinates(window.session, pick, view.scene))

    view.when_picked(view.mapFromGlobal(at).toPointF(), found)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for id in _ACTIONS:
        menu.addAction(window.actions_by_id[id]) if id else menu.addSeparator()
    menu.popup(at)


def _copy_coordinates(session: Session, pick: Pick, scene: Scene) -> None:
    from apsnet_gui.viewport.scene import bounds
    from apsnet_gui.views.readout import place_of

    text = coordinates_text(place_of(pick, scene, session), 2 * bounds(scene).radius)
    QGuiApplication.clipboard().setText(text)
    session.notice.emit("info", f"Copied: {text}")
