"""Change the style of all widgets in small steps, between which the window stays responsive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from apsnet_gui.style.stepping import go_through, in_slices

POLISHED = Qt.WidgetAttribute.WA_WState_Polished  # set on widgets that Qt has styled and will style again
OWN = Qt.WidgetAttribute.WA_SetStyle  # set on widgets with their own style, which Qt does not restyle
Steps = Generator[None, None, None]


class Dressing(QObject):
    """A queue of the widgets that wait for the current style; visible ones get it before the others."""

    def __init__(self, app: QApplication, parent: QObject, *first: Callable[[], object]) -> None:
        """The functions ``first`` are called before any widget is styled, each in a separate step."""
        super().__init__(parent)
        self._app, self._first = app, first
        self._waiting: deque[QWidget] = deque()
        self._steps: Steps | None = None

    @property
    def is_done(self) -> bool:
        """Whether no widget waits."""
        return self._steps is None

    @contextmanager
    def passed_over(self) -> Iterator[None]:
        """Keep all widgets from a change of the application's style in this block; they wait for `put_on`."""
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
        """Start the steps that call the functions ``first`` and then style the waiting widgets."""
        if self._steps is not None:
            self._steps.close()
        self._steps = self._go()
        go_through(self, self._steps)

    def _go(self) -> Steps:
        """Style the visible widgets, then the others, and finally update the layout of all."""
        yield
        for act in self._first:
            act()
            yield
        # A widget leaves the queue when it is styled, so the rest still waits if the steps are interrupted.
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
        """All widgets, parents before their children."""
        return [each for top in self._app.topLevelWidgets() for each in (top, *top.findChildren(QWidget))]


def _dress(widget: QWidget) -> None:
    """Apply the current style to a widget that the change of the style has skipped."""
    if isValid(widget) and not widget.testAttribute(POLISHED):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.setAttribute(POLISHED)
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def _measure(widget: QWidget) -> None:
    """Invalidate the layout of a widget, because Qt reports changed sizes only of visible children."""
    if isValid(widget) and (layout := widget.layout()) is not None:
        layout.invalidate()
        widget.updateGeometry()
        QCoreApplication.postEvent(widget, QEvent(QEvent.Type.LayoutRequest))
