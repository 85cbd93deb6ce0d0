"""Everything of an open dataset in one place: its panel, the evaluation over it, and that one's panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from apsnet_gui.dataset.evaluating import Evaluating
from apsnet_gui.dataset.evaluation_panel import EvaluationPanel
from apsnet_gui.dataset.open_dataset import Shelf
from apsnet_gui.dataset.panel import DatasetPanel
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme


class DatasetDesk(QObject):
    """``shown`` asks for the dataset's panel to be seen, ``evaluation_shown`` for that of the evaluation.

    ``ask`` asks for the folder of a dataset, ``export`` for one to write an evaluation's report to.
    """

    shown = Signal()
    evaluation_shown = Signal()

    def __init__(
        self,
        session: Session,
        background: Background,
        theme: Theme,
        settings: Settings,
        ask: Callable[[], None],
        export: Callable[[], None],
    ) -> None:
        super().__init__(session)
        self.shelf = Shelf(session, background)
        self.evaluating = Evaluating(session, background, self.shelf, settings.folder / "scores")
        self.panel = DatasetPanel(
            session, background, theme, self.shelf, self.evaluating, ask, self.evaluation_shown.emit
        )
        self.evaluation = EvaluationPanel(session, theme, self.shelf, self.evaluating, export)
        self.shelf.opened.connect(self.shown)
        self.shelf.changed.connect(self._look)

    def _look(self) -> None:
        if self.shelf.reading:
            self.shown.emit()
