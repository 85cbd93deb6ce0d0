"""The work of a window after its first paint: make, start and load the other parts step by step."""

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
UNSEEN_MS = 1000  # a window that is not painted, for example a minimized one, begins after this time


class Beginning(QObject):
    """Begins once, soon after the window is `shown` and `painted`, and then emits ``begun``.

    The ``heavier`` parts are made last. ``starts_renderer`` says that the renderer belongs to this window.
    """

    begun = Signal()

    def __init__(
        self, window: WindowParts, heavier: tuple[Callable[[], QWidget], ...], starts_renderer: bool
    ) -> None:
        super().__init__(window)
        self._window, self._heavier, self._starts_renderer = window, heavier, starts_renderer
        self._painted = self._begun = False

    def shown(self) -> None:
        """Tell that the window is shown; the work begins after `UNSEEN_MS` even if nothing is painted."""
        QTimer.singleShot(UNSEEN_MS, self, self._begin)

    def painted(self) -> None:
        """Tell that the window was painted; only the first call has an effect."""
        if not self._painted:
            self._painted = True
            QTimer.singleShot(AFTER_PAINTED_MS, self, self._begin)

    def make(self) -> None:
        """Make the parts that listen to the document now, because the document is about to change."""
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
        """Start the renderer, the reader process and the jobs that load the remaining modules."""
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
        """Run the waiting jobs and watch trainings, now that all modules that they need are loaded."""
        search_for_garbage()
        self._tell_of_plugins()
        # These steps start after the imports, with which they would compete for the interpreter lock.
        go_through(self, chain(made(self._heavier), self._window.docks.the_rest()))
        self._window.background.release()
        self._window.training.training.look()

    def _tell_of_plugins(self) -> None:
        """Read the rows of plug-ins into every table, and report the rows that were left out."""
        from apsnet_core.tables import ask_all

        for trouble in ask_all():
            self._window.session.notice.emit("warning", trouble)
