"""The tools that a user can hold, one at a time; the held tool gets the mouse and key events of the views."""

from __future__ import annotations

from typing import TypeGuard
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from shiboken6 import isValid

from apsnet_gui.state.document import Document
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.widget import ViewWidget

_SKIPS = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents


class Tool(QObject):
    """A tool: it gets the mouse and key events of all views while it is `held`.

    An event method that returns True keeps the event from the view. ``keys`` are the keys, with modifiers,
    that the tool gets before the window's shortcuts. With ``takes_drags`` the tool uses drags with the left
    button, so that the right button turns the camera. ``changed`` is emitted when the tool was taken or put
    down.
    """

    changed = Signal()
    cursor = Qt.CursorShape.CrossCursor
    keys: frozenset[int] = frozenset()
    takes_drags = False

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self.hand = hand

    @property
    def held(self) -> bool:
        """Whether the tool is held."""
        return self.hand.tool is self

    def take(self) -> None:
        """Take the tool if a shape is open."""
        if self.hand.session.document.active is not None:
            self.hand.take(self)

    def put_down(self) -> None:
        """Put the tool down without changing the document."""
        if self.held:
            self.hand.take(None)

    def begin(self) -> None:
        """Called after the tool was taken."""

    def end(self) -> None:
        """Called after the tool was put down: discard any unfinished work."""

    def drop(self) -> bool:
        """Discard the unfinished drawing; if this returns False, there was none, and Esc ends the tool."""
        return False

    def stays(self, before: Document, after: Document) -> bool:
        """Whether the tool remains held after this change of the document."""
        return before.current == after.current

    def press(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """Called when a button was pressed in ``view``."""
        return False

    def move(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """Called when the pointer moved, with or without a button."""
        return False

    def release(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """Called when a button was released."""
        return False

    def double_click(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """Called when a button was double-clicked."""
        return False

    def key(self, view: ViewWidget, event: QKeyEvent) -> bool:
        """Called when a key was pressed."""
        return False

    def paint(self, view: ViewWidget, painter: QPainter) -> None:
        """Draw over the picture of ``view``, in logical pixels."""


class Hand(QObject):
    """Holds one `Tool` or none. Taking another tool puts the previous one down; Esc puts the tool down.

    While the held tool ``takes_drags``, the right button turns the camera, the middle button moves it, and
    the tool gets every position of the pointer.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.session = session
        self._skips = QCoreApplication.testAttribute(_SKIPS)  # the default of this platform
        self.tool: Tool | None = None
        self._views = WeakSet[ViewWidget]()
        session.changed.connect(self._follow)

    def listen(self, view: ViewWidget) -> None:
        """Send the events of ``view`` to the held tool, and let the tool draw in the view."""
        self._views.add(view)
        view.installEventFilter(self)
        view.draw_over.append(self._paint)
        self._adapt(view)

    @property
    def views(self) -> list[ViewWidget]:
        """The views in which the tools work."""
        return [view for view in self._views if isValid(view)]

    def take(self, tool: Tool | None) -> None:
        """Hold ``tool`` instead of the present one; None holds no tool."""
        if tool is self.tool:
            return
        before, self.tool = self.tool, tool
        if before is not None:
            before.end()
        # With compressed events a busy window gets only the last of several moves, and paths lose corners.
        QCoreApplication.setAttribute(_SKIPS, self._skips and not (tool is not None and tool.takes_drags))
        if tool is not None:
            tool.begin()
        for view in self.views:
            self._adapt(view)
        if before is not None:
            before.changed.emit()
        if tool is not None:
            tool.changed.emit()
        self.changed.emit()

    def escape(self) -> None:
        """Handle Esc: discard the tool's unfinished drawing, or put the tool down if there is none."""
        if self.tool is not None and not self.tool.drop():
            self.take(None)

    def works_on(self, pick: Pick | None) -> TypeGuard[Pick]:
        """Whether a click hit the current shape or one of its samples; if not, a message is shown."""
        if pick is None:
            self.missed()
            return False
        document = self.session.document
        other, active = document.entry(pick.key), document.active
        if other is None or active is None or other is active:
            return True
        self.session.notice.emit(
            "warning", f"That is {other.name}, and {active.name} is current: choose it in Clouds first."
        )
        return False

    def missed(self) -> None:
        """Show the message that a click hit no point."""
        self.session.notice.emit("info", "There is no point under the pointer. Esc puts the tool away.")

    def redraw(self) -> None:
        """Repaint the views, because the drawing of the tool has changed."""
        for view in self.views:
            view.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the tool takes the event; the view gets all other events."""
        tool = self.tool
        if tool is None or not isinstance(watched, ViewWidget):
            return False
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            if kind == QEvent.Type.ShortcutOverride:  # keys of the tool must not trigger window shortcuts
                modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
                if taken := (event.key() | modifiers.value) in tool.keys:
                    event.accept()
                return taken
            if tool.key(watched, event):
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.escape()
                return True
        elif isinstance(event, QMouseEvent):
            match kind:
                case QEvent.Type.MouseButtonPress:
                    return tool.press(watched, event)
                case QEvent.Type.MouseMove:
                    return tool.move(watched, event)
                case QEvent.Type.MouseButtonRelease:
                    return tool.release(watched, event)
                case QEvent.Type.MouseButtonDblClick:
                    return tool.double_click(watched, event)
        return False

    def _adapt(self, view: ViewWidget) -> None:
        tool = self.tool
        drags = tool is not None and tool.takes_drags
        view.turns_with = Qt.MouseButton.RightButton if drags else Qt.MouseButton.LeftButton
        view.hover(not drags)
        view.in_hand = tool is not None
        if tool is not None:
            view.setCursor(tool.cursor)
        else:
            view.unsetCursor()
        view.update()

    def _paint(self, view: ViewWidget, painter: QPainter) -> None:
        if self.tool is not None:
            self.tool.paint(view, painter)

    def _follow(self, before: Document, after: Document) -> None:
        if self.tool is not None and not self.tool.stays(before, after):
            self.take(None)
