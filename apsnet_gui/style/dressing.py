"""All widgets change their style step by step, and the window answers meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from apsnet_gui.style.stepping import go_through, in_slices

POLISHED = Qt.WidgetAttribute.WA_WState_Polished  # of what was dressed: Qt dresses it again
OWN = Qt.WidgetAttribute.WA_SetStyle  # of what has a style of its own: Qt does not tell it of another
Steps = Generator[None, None, None]


class Dressing(QObject):
    """Which widgets wait for the present style; those that are seen get it before the others."""

    def __init__(self, app: QApplication, parent: QObject, *first: Callable[[], object]) -> None:
        """``first`` is done before anything is dressed, each in a round of its own."""
        super().__init__(parent)
        self._app, self._first = app, first
        self._waiting: deque[QWidget] = deque()
        self._steps: Steps | None = None

    @property
    def is_done(self) -> bool:
        """Whether nothing waits."""
        return self._steps is None

    @contextmanager
    def passed_over(self) -> Iterator[None]:
        """A change of the application's style in here reaches no widget: all wait for `put_on`."""
        before = set(self._waiting)
        waiting = [
            each
            for each in self._widgets()
            if (each.testAttribute(POLISHED) or each in before) and not each.testAttribute(OWN)
        ]
        for each in waiting:
            each.setAttribute(POLISHED, False)
            each.setAttribute(OWN)
        try:
            yield
        finally:
            for each in waiting:
                each.setAttribute(OWN, False)
        self._waiting = deque(waiting)

    def put_on(self) -> None:
        """Begin with what comes first, and to dress what waits."""
        if self._steps is not None:
            self._steps.close()
        self._steps = self._go()
        go_through(self, self._steps)

    def _go(self) -> Steps:
        """What is seen first; in the end all is measured anew."""
        yield
        for act in self._first:
            act()
            yield
        # Each is taken out when it is dressed: of steps that are broken off, the rest still waits.
        yield from in_slices(self._dress_if_seen, range(len(self._waiting)))
        yield
        yield from in_slices(self._dress_next, range(len(self._waiting)))
        yield from in_slices(_measure, reversed(self._widgets()))
        self._steps = None

    def _dress_if_seen(self, _: int) -> None:
        widget = self._waiting.popleft()
        if isValid(widget):
            if widget.visibleRegion().isEmpty():
                self._waiting.append(widget)
            else:
                _dress(widget)

    def _dress_next(self, _: int) -> None:
        _dress(self._waiting.popleft())

    def _widgets(self) -> list[QWidget]:
        """All there are, parents before their children."""
        return [each for top in self._app.topLevelWidgets() for each in (top, *top.findChildren(QWidget))]


def _dress(widget: QWidget) -> None:
    """Give a widget that a change of the style passed over the present one."""
    if isValid(widget) and not widget.testAttribute(POLISHED):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.setAttribute(POLISHED)
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def _measure(widget: QWidget) -> None:
    """Let a widget forget the sizes that its parts had; Qt tells it of parts that are seen alone."""
    if isValid(widget) and (layout := widget.layout()) is not None:
        layout.invalidate()
        widget.updateGeometry()
        QCoreApplication.postEvent(widget, QEvent(QEvent.Type.LayoutRequest))
