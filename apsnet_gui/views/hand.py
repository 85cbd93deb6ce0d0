"""The hand of a user, and the tools that it can hold, one at a time: they get the mouse and keys of views."""

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
    """Gets the mouse and the keys of all views while it is `held`; a method that gives True keeps an event.

    ``keys`` are those, with their modifiers, that it wants before the window's shortcuts. ``takes_drags``:
    dragging with the left button is the tool's, so that the right one turns the camera. ``changed``: it was
    taken or put down.
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
        """Whether it is in the hand."""
        return self.hand.tool is self

    def take(self) -> None:
        """Take it into the hand, if a shape is open to work on."""
        if self.hand.session.document.active is not None:
            self.hand.take(self)

    def put_down(self) -> None:
        """Leave it; nothing changes."""
        if self.held:
            self.hand.take(None)

    def begin(self) -> None:
        """It was just taken."""

    def end(self) -> None:
        """It was just put down: forget what was begun."""

    def drop(self) -> bool:
        """Forget what is being drawn, and say whether there was something; if not, Esc puts the tool down."""
        return False

    def stays(self, before: Document, after: Document) -> bool:
        """Whether it stays in the hand after this change of the document."""
        return before.current == after.current

    def press(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """A button was pressed in ``view``."""
        return False

    def move(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """The pointer moved, with a button or without."""
        return False

    def release(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """A button was released."""
        return False

    def double_click(self, view: ViewWidget, event: QMouseEvent) -> bool:
        """A button was pressed for the second time."""
        return False

    def key(self, view: ViewWidget, event: QKeyEvent) -> bool:
        """A key was pressed."""
        return False

    def paint(self, view: ViewWidget, painter: QPainter) -> None:
        """Draw over the picture of ``view``, in logical pixels."""


class Hand(QObject):
    """Holds a `Tool` or none. Taking another puts the one before down; Esc empties the hand.

    While a tool ``takes_drags``, the right button turns the camera, the middle one moves it, and the tool
    gets every place where the pointer has been.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.session = session
        self._skips = QCoreApplication.testAttribute(_SKIPS)  # on this platform
        self.tool: Tool | None = None
        self._views = WeakSet[ViewWidget]()
        session.changed.connect(self._follow)

    def listen(self, view: ViewWidget) -> None:
        """Let tools work in ``view``."""
        self._views.add(view)
        view.installEventFilter(self)
        view.draw_over.append(self._paint)
        self._adapt(view)

    @property
    def views(self) -> list[ViewWidget]:
        """The views that the tools work in."""
        return [view for view in self._views if isValid(view)]

    def take(self, tool: Tool | None) -> None:
        """Hold ``tool`` instead of what is held, or nothing."""
        if tool is self.tool:
            return
        before, self.tool = self.tool, tool
        if before is not None:
            before.end()
        # A window that is busy would get only the last of several moves, and the path would be cut short.
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
        """Drop what the tool draws, or else the tool: what Esc does, wherever the keys go."""
        if self.tool is not None and not self.tool.drop():
            self.take(None)

    def works_on(self, pick: Pick | None) -> TypeGuard[Pick]:
        """Whether a click hit the current shape, or a sample of it; if not, the user is told."""
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
        """Tell that a click hit nothing."""
        self.session.notice.emit("info", "There is no point under the pointer. Esc puts the tool away.")

    def redraw(self) -> None:
        """Draw what the tool shows over the views anew."""
        for view in self.views:
            view.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether the tool takes the event; all others go to the view."""
        tool = self.tool
        if tool is None or not isinstance(watched, ViewWidget):
            return False
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            if kind == QEvent.Type.ShortcutOverride:  # a key of the tool is no shortcut of the window
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
