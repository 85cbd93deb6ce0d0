"""The commands of an open dataset."""

from __future__ import annotations

from apsnet_gui.dataset.dataset import DatasetFeature
from apsnet_gui.state.session import Session
from apsnet_gui.window.commands.file_names import FileNames
from apsnet_gui.window.docks import Docks


class DatasetCommands:
    """The commands of the Dataset menu."""

    def __init__(self, session: Session, dataset: DatasetFeature, docks: Docks, names: FileNames) -> None:
        self._session, self._dataset, self._docks, self._names = session, dataset, docks, names

    def step_shape(self, by: str) -> None:
        """Go ``by`` shapes forward, or backward if ``by`` is negative."""
        self._dataset.panel.step(int(by))

    def keep_shape(self) -> None:
        """Keep the shape open when the next one is opened."""
        self._session.keep_browsed()

    def close_dataset(self) -> None:
        """Close the dataset; kept shapes stay open."""
        self._session.open_dataset(None)

    def show_evaluation(self) -> None:
        """Bring the Evaluation panel to the front."""
        self._docks.show("Evaluation")

    def export_evaluation(self) -> None:
        """Ask for a folder and write the evaluation's report to it."""
        folder = self._names.ask_folder("Folder for the table")
        if folder is not None:
            self._dataset.evaluating.export(folder)
