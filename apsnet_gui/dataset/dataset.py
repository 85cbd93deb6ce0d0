"""The dataset feature: the open dataset, its evaluation, and the panels of both."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from apsnet_gui.dataset.evaluating import Evaluating
from apsnet_gui.dataset.open_dataset import CurrentDataset
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme

if TYPE_CHECKING:
    from apsnet_gui.dataset.evaluation_panel import EvaluationPanel
    from apsnet_gui.dataset.panel import DatasetPanel


class DatasetFeature(QObject):
    """Owns the open dataset, its evaluation and their panels.

    ``shown`` asks to show the panel of the dataset, ``evaluation_shown`` that of the evaluation. ``ask`` lets
    the user choose the folder of a dataset, ``export`` a folder for the report of an evaluation.
    """

    shown = Signal()
    evaluation_shown = Signal()

    def __init__(
        self,
        session: Session,
        background: Background,
        theme: Theme,
        weights_list: WeightsList,
        settings: Settings,
        ask: Callable[[], None],
        export: Callable[[], None],
    ) -> None:
        super().__init__(session)
        self.current_dataset = CurrentDataset(session, background)
        self.evaluating = Evaluating(session, background, self.current_dataset, settings.folder / "scores")
        self._session, self._background, self._theme, self._weights_list = (
            session, background, theme, weights_list,
        )  # fmt: skip
        self._ask, self._export = ask, export
        self.current_dataset.opened.connect(self.shown)
        self.current_dataset.changed.connect(self._look)

    # Both panels are created on first access.

    @cached_property
    def panel(self) -> DatasetPanel:
        """The panel with the shapes of the open dataset."""
        from apsnet_gui.dataset.panel import DatasetPanel

        return DatasetPanel(
            self._session,
            self._background,
            self._theme,
            self.current_dataset,
            self.evaluating,
            self._ask,
            self.evaluation_shown.emit,
        )

    @cached_property
    def evaluation(self) -> EvaluationPanel:
        """The panel with the evaluation of methods on the dataset."""
        from apsnet_gui.dataset.evaluation_panel import EvaluationPanel

        return EvaluationPanel(
            self._session,
            self._theme,
            self.current_dataset,
            self.evaluating,
            self._weights_list,
            self._export,
        )

    def _look(self) -> None:
        if self.current_dataset.reading:
            self.shown.emit()
