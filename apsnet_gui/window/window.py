"""The main window: connects its parts, and ends them when it is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QChildEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPaintEvent,
    QSessionManager,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QMenu,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from apsnet_core.placing import coordinates_text
from apsnet_gui.jobs.garbage import search_for_garbage
from apsnet_gui.jobs.qt_classes import make_classes
from apsnet_gui.state.document import Document
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.qt_types import Ignored
from apsnet_gui.window.action import is_compared, refresh
from apsnet_gui.window.later import import_later
from apsnet_gui.window.menus import SEARCH
from apsnet_gui.window.parts import WindowParts
from apsnet_gui.window.stepping import go_through, made

if TYPE_CHECKING:
    from apsnet_gui.viewport.client import RenderClient
    from apsnet_gui.viewport.picking import Pick
    from apsnet_gui.viewport.scene import Scene
    from apsnet_gui.viewport.widget import ViewWidget

AFTER_PAINTED_MS = 20
UNSEEN_MS = 1000  # after which a window that nothing paints, as one shown as an icon, begins all the same
VIEW_MENU = ("fit", "view.isometric", "view.front", "view.top", "", "copy", "screenshot", "copy-samples",
             "export", "", "samples", "order", "ghost", "axes", "", "compare")  # fmt: skip
TITLE = 60  # letters of a project's name in the title


class Window(WindowParts):
    """Owns the session and everything that works for it.

    A given ``client`` is a renderer that others share; the window leaves it running. ``seen`` is emitted
    once, when a person can see the window.
    """

    seen = Signal()

    def __init__(self, settings: Settings, theme: Theme, client: RenderClient | None = None) -> None:
        super().__init__(settings, theme, client)
        self._owns_client = client is None
        self._connect()
        self._retint()
        self._retitle()
        self.start_page.show_recent(settings.recent())
        self.setAcceptDrops(True)
        self.setAccessibleName("APSNet Studio")
        self.resize(1280, 800)
        self.docks.restore(settings)
        self._shown = self._painted = self._begun = False
        self._heavier: tuple[Callable[[], QWidget], ...] = (
            lambda: self.clouds.facts,
            lambda: self.central.compared,
        )

    def _connect(self) -> None:
        session = self.session
        session.changing.connect(self._follow)
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
        view.menu_wanted.connect(lambda at: self._open_view_menu(at, view))

    def _give_keys(self) -> None:
        """Let a tool that was just taken hear the keys."""
        self.escape.setEnabled(self.hand.tool is not None)
        if self.hand.tool is not None:
            self.view.setFocus()

    def _open_view_menu(self, at: QPoint, view: ViewWidget) -> None:
        """Open the menu of a view at the pointer."""
        menu = QMenu(self)
        copy = menu.addAction("Copy coordinates")
        copy.setEnabled(False)

        def found(pick: Pick | None) -> None:
            if isValid(copy) and pick is not None:  # the menu is still open
                copy.setEnabled(True)
                copy.triggered.connect(lambda: self._copy_coordinates(pick, view.scene))

        view.when_picked(view.mapFromGlobal(at).toPointF(), found)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for id in VIEW_MENU:
            menu.addAction(self.actions_by_id[id]) if id else menu.addSeparator()
        menu.popup(at)

    def _copy_coordinates(self, pick: Pick, scene: Scene) -> None:
        from apsnet_gui.viewport.scene import bounds
        from apsnet_gui.views.readout import place_of

        extent = 2 * bounds(scene).radius
        text = coordinates_text(place_of(pick, scene, self.session), extent)
        QGuiApplication.clipboard().setText(text)
        self.session.notice.emit("info", f"Copied: {text}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            if is_compared(self.session):
                self._give_room(True)
            QTimer.singleShot(UNSEEN_MS, self, self._begin)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(AFTER_PAINTED_MS, self, self._begin)

    def _begin(self) -> None:
        """Do what can wait until the window is visible; once."""
        if self._begun:
            return
        self._begun = True
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()  # style hidden widgets now, so that they appear without a pause
        self.seen.emit()
        go_through(self, chain(made(self.followers()), self._warm()))

    def _follow(self) -> None:
        """Make at once what hears of the document, which is about to change."""
        for make in (*self.followers(), *self._heavier):
            make()

    def _warm(self) -> Iterator[None]:
        """Starts processes, and what loads the rest."""
        from apsnet_core.scratch import sweep

        if self._owns_client:
            self.client.start()
        yield
        self.reading.warm()
        yield
        if not self.reading.busy:
            self.thumbnails.start()
        yield
        self.background.start("Tidying up after windows that were killed", lambda _: sweep(), at_once=True)
        self.weights_list.refresh().ended.connect(self._load_torch)

    def _tell_of_plugins(self) -> None:
        """Read the rows of plug-ins into every table, and tell what was left out."""
        from apsnet_core.tables import ask_all

        for trouble in ask_all():
            self.session.notice.emit("warning", trouble)

    def _load_torch(self) -> None:
        self.network_device.used.connect(self.status.show_device)
        self.network_device.load().ended.connect(lambda: go_through(self, self._load_the_rest()))

    def _load_the_rest(self) -> Iterator[None]:
        yield from make_classes()
        self.background.start("Loading the panels", import_later, at_once=True).ended.connect(self._work)

    def _work(self) -> None:
        """Release the jobs and watch trainings: all that they need is loaded."""
        search_for_garbage()
        self._tell_of_plugins()
        # Not beside the imports, with which they would share Python's lock.
        self.seen.emit()
        go_through(self, chain(made(self._heavier), self.docks.the_rest()))
        self.background.release()
        self.training.training.look()

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
        """Whether everything that was asked for is done and drawn."""
        if not self.docks.are_whole:
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

    def offer_restore(self) -> None:
        """Where a crash left an autosave, tell so and offer to open it."""
        from apsnet_gui.jobs.autosave import left_behind

        text = "APSNet Studio did not end as it should last time. What you had open was saved."
        if left := left_behind(self.settings.folder):
            remedy = "Restore", lambda: self.opening.open_project(left[0], autosaved=True)
            self.messages.tell("warning", text, remedy=remedy, stays=True)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Skip panels behind another tab, and tabs of a single panel, which Qt would focus out of sight."""
        start = self.focusWidget()
        while super().focusNextPrevChild(forward):
            part = focused = self.focusWidget()
            while (parent := part.parentWidget()) and parent is not self:
                part = parent
            if focused is start or not all(seen.visibleRegion().isEmpty() for seen in (focused, part)):
                return True
        return False

    def childEvent(self, event: QChildEvent) -> None:
        """Qt makes tabs for docks that lie behind one another, whenever it needs some."""
        super().childEvent(event)
        # asked for only now: hundreds of children come, and each would be wrapped
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
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        self.opening.open_paths(paths)
        event.acceptProposedAction()

    def end_session(self, manager: QSessionManager) -> None:
        """The system shuts down or the user logs out; unsaved work can put that off as it can closing."""
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
