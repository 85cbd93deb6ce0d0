"""The commands for the program itself: trainings, theme, layout, help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from apsnet_core.assets import document, site
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.training.training import TrainingFeature
from apsnet_gui.window.docks import Docks
from apsnet_gui.window.help import ShortcutsDialog, TextDialog
from apsnet_gui.window.plugins_dialog import PluginsDialog

LOG_LINES = 200
BIBTEX = """@inproceedings{apsnet2022,
  title     = {APSNet: Attention Based Point Cloud Sampling},
  author    = {Ye, Yang and Yang, Xiulong and Ji, Shihao},
  booktitle = {British Machine Vision Conference},
  year      = {2022}
}"""


class ProgramCommands:
    """The commands of the Training, Window and Help menus.

    ``choose_device`` sets the device that networks run on; ``show_palette`` opens the search through all
    actions.
    """

    def __init__(
        self,
        window: QWidget,
        settings: Settings,
        theme: Theme,
        training: TrainingFeature,
        docks: Docks,
        choose_device: Callable[[str], None],
        show_palette: Callable[[], None],
    ) -> None:
        self._window, self._settings, self._theme = window, settings, theme
        self._training, self._docks = training, docks
        self.set_device = choose_device
        self.show_palette = show_palette

    def new_training(self) -> None:
        """Open the form of a new training."""
        self._training.new()

    def new_plan(self) -> None:
        """Open the dialog for the trainings of a plan."""
        self._training.new_plan()

    def show_training(self) -> None:
        """Bring the Training panel to the front."""
        self._docks.show("Training")

    def show_messages(self) -> None:
        """Bring the Messages panel to the front."""
        self._docks.show("Messages")

    def set_theme(self, mode: str) -> None:
        """Use the "system", "light" or "dark" theme from now on."""
        self._theme.set_mode(mode)
        self._settings.put("theme", mode)

    def set_text_size(self, percent: str) -> None:
        """Use a text size of ``percent`` from now on."""
        self._theme.set_scale(int(percent))
        self._settings.put("text size", int(percent))

    def show_plugins(self) -> None:
        """Open the dialog of plug-in files."""
        PluginsDialog(self._window, self._settings).show()

    def reset_layout(self) -> None:
        """Restore the initial layout of the panels."""
        self._docks.reset()

    def full_screen(self) -> None:
        """Enter or leave full screen."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_shortcuts(self) -> None:
        """Open the list of shortcuts."""
        ShortcutsDialog(self._window).show()

    def show_guide(self) -> None:
        """Open the guide in the browser, or its text in a dialog if it was not built or no browser opens."""
        first = site()
        if first is None or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(first))):
            TextDialog(self._window, "Guide", document("index.md")).show()

    def show_news(self) -> None:
        """Open the list of changes."""
        TextDialog(self._window, "What's new", document("CHANGELOG.md")).show()

    def report_problem(self) -> None:
        """Copy the versions, the machine and the end of the log to the clipboard, for a problem report."""
        from apsnet_core.doctor import installed_versions, machine

        log = self._settings.folder / "apsnet-studio.log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
        facts = [f"{name} {version}" for name, version in installed_versions().items() if version]
        host = [f"{name}: {value}" for name, value in machine().items()]
        end = text.splitlines()[-LOG_LINES:] or ["(empty)"]
        said = ["### Versions", *facts, "", "### Machine", *host, "", "### Log", *end]
        QGuiApplication.clipboard().setText("\n".join(said))
        QMessageBox.information(
            self._window,
            "Report a problem",
            "Versions, machine and the end of the log are on the clipboard. Paste them into your report, say "
            "what you did and what you expected, and add the file if you may share it.",
        )

    def cite(self) -> None:
        """Copy the paper's BibTeX entry."""
        QGuiApplication.clipboard().setText(BIBTEX)
        QMessageBox.information(self._window, "Cite", f"On the clipboard:\n\n{BIBTEX}")

    def open_log(self) -> None:
        """Open the folder of the log."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._settings.folder)))

    def about(self) -> None:
        """Show the version of the program."""
        from importlib.metadata import version

        QMessageBox.about(
            self._window,
            "About APSNet Studio",
            f"<b>APSNet Studio {version('apsnet-studio')}</b><p>Open, sample and compare point clouds.</p>"
            "<p>APSNet: Attention Based Point Cloud Sampling, Ye et al., BMVC 2022.</p>",
        )
