"""The main window: it connects its parts, and ends them when it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QChildEvent, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QSessionManager,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QTabBar,
)

from apsnet_gui.state.document import Document
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.qt_types import Ignored
from apsnet_gui.window.action import is_compared, refresh
from apsnet_gui.window.beginning import Beginning
from apsnet_gui.window.menus import SEARCH
from apsnet_gui.window.parts import WindowParts
from apsnet_gui.window.view_menu import open_view_menu

if TYPE_CHECKING:
    from apsnet_gui.viewport.client import RenderClient
    from apsnet_gui.viewport.widget import ViewWidget

TITLE = 60  # most letters of a project's name in the title


class Window(WindowParts):
    """Owns the session and all parts that work on it.

    A given ``client`` is a renderer that other windows share, so closing leaves it running. ``seen`` is
    emitted once, when the window is visible to the user.
    """

    seen = Signal()

    def __init__(self, settings: Settings, theme: Theme, client: RenderClient | None = None) -> None:
        super().__init__(settings, theme, client)
        self._owns_client = client is None
        heavier = lambda: self.clouds.facts, lambda: self.central.compared
        self._beginning = Beginning(self, heavier, self._owns_client)
        self._beginning.begun.connect(self.seen)
        self._connect()
        self._retint()
        self._retitle()
        self.start_page.show_recent(settings.recent())
        self.setAcceptDrops(True)
        self.setAccessibleName("APSNet Studio")
        self.resize(1280, 800)
        self.docks.restore(settings)
        self._shown = False

    def _connect(self) -> None:
        session = self.session
        session.changing.connect(self._beginning.make)
        session.followed.connect(self._make_room)
        session.sampled.connect(self._refresh)
        session.history_changed.connect(self._refresh)
        session.selected.changed.connect(self._refresh)
        self.central.start_shown.connect(lambda: self.thumbnails.start())
        session.history_changed.connect(self._retitle)
        session.notice.connect(self.messages.tell)
        session.standing.connect(self.messages.restate)
        session.told.connect(self.messages.tell)
        self.weights_list.notice.connect(self.messages.tell)
        self.theme.changed.connect(self._retint)
        self.clouds.missing.locate.connect(lambda id: self.opening.locate(id))
        self.clouds.export_wanted.connect(lambda chosen: self.commands.exports.export_clouds(chosen))
        self.clouds.samples_wanted.connect(lambda chosen: self.commands.exports.sample_each(chosen))
        self.view_made.connect(self._listen)
        escape = QKeySequence(Qt.Key.Key_Escape)
        self.escape = QShortcut(escape, self, lambda: self.hand.escape(), enabled=False)
        self.tool_changed.connect(self._give_keys)
        self.background.unheard.connect(self.messages.fail)

    def _listen(self, view: ViewWidget) -> None:
        view.frame_drawn.connect(self.status.show_frame)
        view.hovered.connect(self.status.show_pick)
        self.hand.listen(view)
        self.measuring.listen(view)
        view.menu_wanted.connect(lambda at: open_view_menu(self, at, view))

    def _give_keys(self) -> None:
        """Send key presses to a tool that was just taken."""
        self.escape.setEnabled(self.hand.tool is not None)
        if self.hand.tool is not None:
            self.view.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            if is_compared(self.session):
                self._give_room(True)
            self._beginning.shown()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._beginning.painted()

    # --- keeping up ---

    def _refresh(self, *_: Ignored) -> None:
        refresh(self.all_actions, self.actions_by_id, self.session)

    def _retint(self) -> None:
        for action in self.all_actions:
            if action.icon:
                self.actions_by_id[action.id].setIcon(self.theme.icon(action.icon))
        self.search.setText(SEARCH)  # the button has another text than its action
        self._refresh()

    def _retitle(self) -> None:
        file = self.session.file
        name = f"{file.stem[:TITLE]}[*] – " if file else "[*]"
        self.setWindowTitle(f"{name}APSNet Studio")
        self.setWindowModified(self.session.modified)

    @property
    def is_complete(self) -> bool:
        """Whether all work is done and everything is drawn."""
        if not (self.docks.are_whole and self.theme.is_settled):
            return False
        busy = self.reading.busy or self.session.busy or self.comparing.busy or self.dataset.panel.is_stepping
        idle = not busy and not self.background.jobs and self.table.is_filled
        return idle and (self.session.document.active is None or self.central.is_settled)

    def _make_room(self, before: Document, after: Document) -> None:
        was, now = (each.lineup.shown and each.active is not None for each in (before, after))
        if was != now and self._shown:
            self._give_room(now)

    def _give_room(self, comparing: bool) -> None:
        free = self.docks["Table"].height() + self.central.height() - self.central.compared.wanted_height
        self.docks.make_room(comparing, min(self.table.wanted_height, free))
        if comparing:
            self.view.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Skip panels behind another tab and the tab bar of a single panel, which Qt would focus unseen."""
        start = self.focusWidget()
        while super().focusNextPrevChild(forward):
            part = focused = self.focusWidget()
            while (parent := part.parentWidget()) and parent is not self:
                part = parent
            if focused is start or not all(seen.visibleRegion().isEmpty() for seen in (focused, part)):
                return True
        return False

    def childEvent(self, event: QChildEvent) -> None:
        """Name the tab bars that Qt creates for tabbed docks whenever it needs them."""
        super().childEvent(event)
        # The child is fetched last, because hundreds are added and each would get a Python wrapper.
        if event.polished() and isinstance(tabs := event.child(), QTabBar):
            tabs.setAccessibleName("Panels")

    # --- in and out ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self.central.light_up(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.central.light_up(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.central.light_up(False)
        urls = event.mimeData().urls()
        self.opening.open_paths([url.toLocalFile() for url in urls if url.isLocalFile()])
        for url in urls:
            if not url.isLocalFile():
                said = "it is not on this machine: save it to a folder, and open that file"
                self.messages.warn(f"{url.toDisplayString()[:TITLE]}: {said}")
        event.acceptProposedAction()

    def end_session(self, manager: QSessionManager) -> None:
        """Handle a shutdown or logout; the user can cancel it because of unsaved work, as when closing."""
        if manager.allowsInteraction():
            if not self.commands.files.may_lose_changes():
                manager.cancel()
            manager.release()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self.commands.files.may_lose_changes() and self.training.may_close()):
            event.ignore()
            return
        self.docks.save(self.settings)
        self.settings.sync()
        self.thumbnails.close()
        self.reading.close()
        self.training.close()
        self.background.close()
        self.autosave.remove()
        self.claim.drop()
        if self._owns_client:
            self.client.shutdown()
        event.accept()
