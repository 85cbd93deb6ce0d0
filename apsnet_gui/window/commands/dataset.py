"""What is done with an open dataset."""

from __future__ import annotations

from apsnet_gui.dataset.dataset import DatasetFeature
from apsnet_gui.state.session import Session
from apsnet_gui.window.commands.file_names import FileNames
from apsnet_gui.window.docks import Docks


class DatasetCommands:
    """The Dataset menu."""

    def __init__(self, session: Session, dataset: DatasetFeature, docks: Docks, names: FileNames) -> None:
        self._session, self._dataset, self._docks, self._names = session, dataset, docks, names

    def step_shape(self, by: str) -> None:
        self._dataset.panel.step(int(by))

    def keep_shape(self) -> None:
        self._session.keep_browsed()

    def close_dataset(self) -> None:
        self._session.open_dataset(None)

    def show_evaluation(self) -> None:
        self._docks.show("Evaluation")

    def export_evaluation(self) -> None:
        folder = self._names.ask_folder("Folder for the table")
        if folder is not None:
            self._dataset.evaluating.export(folder)
