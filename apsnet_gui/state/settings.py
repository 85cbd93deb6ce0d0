"""The settings, in the program's own folder, which also holds autosaves, logs and cached pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from apsnet_core.own_folder import own_folder

RECENT = 12


class Settings:
    """Typed access to one INI file in ``folder``."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or own_folder()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._values = QSettings(str(self.folder / "settings.ini"), QSettings.Format.IniFormat)

    def text(self, key: str, default: str) -> str:
        """The value of ``key`` as text."""
        return str(self._values.value(key, default))

    def number(self, key: str, default: int) -> int:
        """The value of ``key`` as a whole number, ``default`` if it is not one."""
        try:
            return int(self.text(key, str(default)))
        except ValueError:
            return default

    def state(self, key: str) -> QByteArray:
        """A window's geometry or dock layout as Qt stored it, empty when there is none."""
        value = self._values.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def _texts(self, key: str) -> list[str]:
        """A list of texts; QSettings returns a list of one text as the text itself."""
        value = self._values.value(key, [])
        return list(map(str, value)) if isinstance(value, list) else [str(value)] if value else []

    def put(self, key: str, value: str | int | list[str] | QByteArray) -> None:
        """Store a value."""
        self._values.setValue(key, value)

    def _change(self, key: str, change: Callable[[list[str]], list[str]]) -> None:
        """Change a list as stored on the disk, where another program may have changed it meanwhile."""
        self.sync()
        self.put(key, change(self._texts(key)))
        self.sync()

    def recent(self) -> list[str]:
        """The files that were opened last, the newest first."""
        return self._texts("recent")

    def add_recent(self, path: str) -> None:
        """Put a file first in the list of recent files."""
        self._change("recent", lambda old: [path, *(other for other in old if other != path)][:RECENT])

    def forget_recent(self, path: str | None = None) -> None:
        """Remove one path from the list of recent files, or all for None."""
        self._change("recent", lambda old: [other for other in old if path is not None and other != path])

    def plugins(self) -> list[str]:
        """The paths of the plug-in files that are loaded at the start."""
        return self._texts("plugins")

    def add_plugin(self, path: str) -> None:
        """Load this plug-in file from the next start on."""
        self._change("plugins", lambda old: [*old, *([] if path in old else [path])])

    def remove_plugin(self, path: str) -> None:
        """Stop loading this plug-in file from the next start on."""
        self._change("plugins", lambda old: [other for other in old if other != path])

    def columns(self) -> dict[str, str]:
        """The columns of text files by the layout of the file, see `Preview.layout`."""
        self._values.beginGroup("columns")
        found = {key: str(self._values.value(key)).replace(";", ",") for key in self._values.childKeys()}
        self._values.endGroup()
        return found

    def remember_columns(self, layout: str, columns: str) -> None:
        """Store the columns of text files with that ``layout``."""
        self.put(f"columns/{layout}", columns.replace(",", ";"))  # QSettings would read commas as a list

    def sync(self) -> None:
        """Write to the disk now, and read what other programs wrote there."""
        self._values.sync()
