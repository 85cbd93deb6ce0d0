"""The file dialogs; each opens in the folder of the last file that was opened or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from apsnet_gui.state.project_file import SUFFIX
from apsnet_gui.state.settings import Settings
from apsnet_gui.widgets.save_dialog import Files, ask_target

PROJECTS = f"APSNet Studio project (*{SUFFIX})"
PICTURES = "PNG (*.png);;JPEG (*.jpg)"


class FileNames:
    """Dialogs in front of ``window``. Each method returns None when the dialog is cancelled."""

    def __init__(self, window: QWidget, settings: Settings) -> None:
        self._window, self._settings = window, settings

    def ask_files(self, title: str, filters: str) -> list[str] | None:
        """Ask for existing files."""
        paths, _ = QFileDialog.getOpenFileNames(self._window, title, self._folder, filters)
        if not paths:
            return None
        self._remember(paths[0])
        return paths

    def ask_file(self, title: str, filters: str) -> Path | None:
        """Ask for one existing file."""
        path, _ = QFileDialog.getOpenFileName(self._window, title, self._folder, filters)
        return Path(self._remember(path)) if path else None

    def ask_folder(self, title: str) -> Path | None:
        """Ask for a folder."""
        path = QFileDialog.getExistingDirectory(self._window, title, self._folder)
        return Path(self._remember(path)) if path else None

    def ask_target(
        self, title: str, name: str, filters: str, files: Files = lambda path: [path]
    ) -> Path | None:
        """Ask for a file to write, as `save_dialog.ask_target` does."""
        path = ask_target(self._window, title, Path(self._folder) / name, filters, files)
        if path is not None:
            self._remember(str(path))
        return path

    @property
    def _folder(self) -> str:
        return self._settings.text("folder", str(Path.home()))

    def _remember(self, path: str) -> str:
        self._settings.put("folder", str(Path(path).parent))
        return path


def open_filters() -> str:
    """Filters for reading: one for all files, one for each kind, one for each format."""
    from apsnet_core.files.formats import formats, kinds, readable  # the window opens without them

    filters = [("All that can be opened", (*readable(), SUFFIX)), *kinds().items()]
    filters += [(format.title, format.suffixes) for format in formats()]
    return ";;".join([*(_filter(title, suffixes) for title, suffixes in filters), "All files (*)"])


def save_filters(mesh: bool = False) -> str:
    """Filters for writing: one for each format."""
    from apsnet_core.files.formats import formats

    able = [format for format in formats() if (format.write_mesh if mesh else format.write)]
    return ";;".join(_filter(format.title, format.suffixes[:1]) for format in able)


def _filter(title: str, suffixes: Sequence[str]) -> str:
    return f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})"
