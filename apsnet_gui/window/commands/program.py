"""The program itself: trainings, theme, layout, help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.training import TrainingDesk
from apsnet_gui.window.docks import Docks


class ProgramCommands:
    """``show_palette`` opens the search through all actions."""

    def __init__(
        self,
        window: QWidget,
        settings: Settings,
        theme: Theme,
        training: TrainingDesk,
        docks: Docks,
        show_palette: Callable[[], None],
    ) -> None:
        self._window, self._settings, self._theme = window, settings, theme
        self._training, self._docks = training, docks
        self.show_palette = show_palette

    def new_training(self) -> None:
        self._training.new()

    def show_training(self) -> None:
        self._docks.show("Training")

    def set_theme(self, mode: str) -> None:
        self._theme.set_mode(mode)
        self._settings.put("theme", mode)

    def set_text_size(self, percent: str) -> None:
        self._theme.set_scale(int(percent))
        self._settings.put("text size", int(percent))

    def reset_layout(self) -> None:
        self._docks.reset()

    def open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._settings.folder)))

    def about(self) -> None:
        from importlib.metadata import version

        QMessageBox.about(
            self._window,
            "About APSNet Studio",
            f"<b>APSNet Studio {version('apsnet-studio')}</b><p>Open, sample and compare point clouds.</p>"
            "<p>APSNet: Attention Based Point Cloud Sampling, Ye et al., BMVC 2022.</p>",
        )
