"""What a window does once it is painted: it makes, starts and loads the rest, a step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from apsnet_gui.jobs.garbage import search_for_garbage
from apsnet_gui.jobs.qt_classes import make_classes
from apsnet_gui.style.stepping import go_through, made
from apsnet_gui.window.later import import_later
from apsnet_gui.window.parts import WindowParts

AFTER_PAINTED_MS = 20
UNSEEN_MS = 1000  # after which a window that nothing paints, as one shown as an icon, begins all the same


class Beginning(QObject):
    """Begins once, soon after the window is `shown` and `painted`; ``begun`` tells of it.

    The ``heavier`` parts are made last. ``starts_renderer``: the renderer is the window's own.
    """

    begun = Signal()

    def __init__(
        self, window: WindowParts, heavier: tuple[Callable[[], QWidget], ...], starts_renderer: bool
    ) -> None:
        super().__init__(window)
        self._window, self._heavier, self._starts_renderer = window, heavier, starts_renderer
        self._painted = self._begun = False

    def shown(self) -> None:
        """The window is shown, and may be painted."""
        QTimer.singleShot(UNSEEN_MS, self, self._begin)

    def painted(self) -> None:
        """The window was painted; only the first time counts."""
        if not self._painted:
            self._painted = True
            QTimer.singleShot(AFTER_PAINTED_MS, self, self._begin)

    def make(self) -> None:
        """Make at once what hears of the document, which is about to change."""
        for make in (*self._window.followers(), *self._heavier):
            make()

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        for widget in self._window.findChildren(QWidget):
            widget.ensurePolished()  # style hidden widgets now, so that they appear without a pause
        self.begun.emit()
        go_through(self, chain(made(self._window.followers()), self._warm()))

    def _warm(self) -> Iterator[None]:
        """Starts processes, and what loads the rest."""
        from apsnet_core.scratch import sweep

        window = self._window
        if self._starts_renderer:
            window.client.start()
        yield
        window.reading.warm()
        yield
        if not window.reading.busy:
            window.thumbnails.start()
        yield
        window.background.start(
            "Tidying up after windows that were killed", lambda _: sweep(), at_once=True, needed=True
        )
        window.weights_list.refresh().ended.connect(self._load_torch)

    def _load_torch(self) -> None:
        device = self._window.network_device
        device.used.connect(self._window.status.show_device)
        device.load().ended.connect(lambda: go_through(self, self._load_the_rest()))

    def _load_the_rest(self) -> Iterator[None]:
        yield from make_classes()
        job = self._window.background.start("Loading the panels", import_later, at_once=True, needed=True)
        job.ended.connect(self._work)

    def _work(self) -> None:
        """Release the jobs and watch trainings: all that they need is loaded."""
        search_for_garbage()
        self._tell_of_plugins()
        # Not beside the imports, with which they would share Python's lock.
        go_through(self, chain(made(self._heavier), self._window.docks.the_rest()))
        self._window.background.release()
        self._window.training.training.look()

    def _tell_of_plugins(self) -> None:
        """Read the rows of plug-ins into every table, and tell what was left out."""
        from apsnet_core.tables import ask_all

        for trouble in ask_all():
            self._window.session.notice.emit("warning", trouble)
