"""Opens paths: files, bundled shapes, folders, datasets and projects."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_core.files import StoredArray, can_be_read
from apsnet_core.files.format import Preview
from apsnet_gui.dataset.open_dataset import CurrentDataset
from apsnet_gui.jobs.reading import Reading
from apsnet_gui.state import project_file as project
from apsnet_gui.state.document_json import from_json
from apsnet_gui.state.open_shape import Loaded, OpenShape, new_entry, restored, uncut
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.state.project_claim import ProjectClaim
from apsnet_gui.state.project_file import Project
from apsnet_gui.state.read_request import ReadRequest
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.window.columns_dialog import ColumnsDialog
from apsnet_gui.window.dialogs import choose_row


class Opening(QObject):
    """Opens files and projects in the session, and reports errors as notices of the session.

    ``recent_changed`` is emitted for a new recent file, ``restored`` after an autosave was opened.
    ``may_replace`` asks whether a project may replace the open document; ``take_over`` keeps an autosave that
    was opened.
    """

    recent_changed = Signal()
    restored = Signal()

    def __init__(
        self,
        session: Session,
        reading: Reading,
        current_dataset: CurrentDataset,
        settings: Settings,
        window: QWidget,
        claim: ProjectClaim,
        may_replace: Callable[[], bool],
        take_over: Callable[[Path], None],
    ) -> None:
        super().__init__(window)
        self._session, self._reading, self._settings, self._window = session, reading, settings, window
        self._current_dataset, self._claim = current_dataset, claim
        self._may_replace, self._take_over = may_replace, take_over
        self._project: Project | None = None
        self._shapes: dict[str, Loaded] = {}
        self._failed: dict[str, str] = {}
        self._located: dict[ReadRequest, str] = {}
        self._again: dict[ReadRequest, str] = {}
        self._autosaved = False
        reading.columns.update(settings.columns())
        reading.loaded.connect(self._take)
        reading.failed.connect(self._fail)
        reading.undecided.connect(self._ask)
        reading.idle.connect(self._finish_project)

    def open_paths(self, paths: Sequence[str]) -> None:
        """Open each path: a file, a dataset, a folder of files, or a project."""
        files: list[str] = []
        for path in paths:
            if Path(path).is_dir():
                self.open_folder(Path(path).absolute())
            elif path.endswith(project.SUFFIX):
                self.open_project(Path(path))
            else:
                files.append(path)
        self._reading.read([ReadRequest(str(Path(file).absolute())) for file in files])

    def open_folder(self, folder: Path) -> None:
        """Open a folder as a dataset; if it is not a dataset, open the files in it."""
        self._current_dataset.open(str(folder), lambda: self._open_files_of(folder))
        self._remember(folder)

    def open_dataset(self, source: str) -> None:
        """Open a dataset by its folder, or a bundled one by its name."""
        self._current_dataset.open(source)

    def _open_files_of(self, folder: Path) -> None:
        inside = [str(p) for p in sorted(folder.iterdir()) if can_be_read(p)]
        if inside:
            self._reading.read([ReadRequest(path) for path in inside])
        else:
            why = "there is no dataset in this folder, and no file that can be opened"
            self._session.tell("warning", f"{folder.name}: {why}", folder)

    def open_project(self, file: Path, autosaved: bool = False) -> None:
        """Replace the document by a project once its shapes are read."""
        try:
            opened = project.load(file)
        except ProjectError as why:
            again = "Open again", lambda: self.open_project(file, autosaved)
            self._session.tell("error", f"{file.name}: {why}", file, again)
            return
        if not self._may_replace():
            return
        self._project, self._autosaved = opened, autosaved
        self._shapes, self._failed = {}, {}
        if opened.requests:
            self._reading.read(list(opened.requests.values()))
        else:
            self._finish_project()

    def locate(self, id: str) -> None:
        """Ask for the file of a missing shape, and look for other missing shapes relative to it."""
        missing = {each.id: each for each in self._session.document.missing}
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, f"Locate {missing[id].name}", self._settings.text("folder", str(Path.home()))
        )
        if not chosen:
            return
        before, now = Path(missing[id].path).parent, Path(chosen).parent
        places = {id: Path(chosen)}
        for other in missing.values():
            beside = Path(os.path.normpath(now / os.path.relpath(other.path, before)))
            found = [path for path in (beside, now / Path(other.path).name) if path.is_file()]
            if other.id != id and found:
                places[other.id] = found[0]
        for each, path in places.items():
            values = missing[each].values
            how = (values.get("dataset"), values.get("row"), values.get("columns"), restored(values)["kept"])
            self._located[ReadRequest(str(path), *how)] = each
        self._reading.read(list(self._located))

    def choose_columns(self) -> None:
        """Ask for the columns of the current shape's file, and read it again."""
        entry = self._session.document.active
        if entry is None:
            return
        job = self._reading.look(entry.path)
        job.done.connect(lambda first: self._ask_columns(entry, first))
        job.failed.connect(lambda why: self._session.tell("error", str(why), Path(entry.path)))

    def bring_back(self) -> None:
        """Read all points of the current shape's file again, without its cuts."""
        entry = self._session.document.active
        if entry is not None and entry.kept is not None:
            request = ReadRequest(entry.path, entry.dataset, entry.row, entry.columns)
            self._again[request] = entry.id
            self._reading.read([request])

    def _ask_columns(self, entry: OpenShape, first: Preview | None) -> None:
        if first is None or not isinstance(entry.shape, PointCloud):
            return
        roles = {role.number: role.role for role in entry.shape.roles}
        dialog = ColumnsDialog(self._window, entry.path, first, roles)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        if dialog.remember.isChecked():
            self._reading.columns[first.layout] = dialog.columns
            self._settings.remember_columns(first.layout, dialog.columns)
        request = ReadRequest(entry.path, entry.dataset, entry.row, dialog.columns)
        self._again[request] = entry.id
        self._reading.read([request])

    def _take(self, request: ReadRequest, loaded: Loaded) -> None:
        wanted = self._wanted(request)
        if wanted:
            self._shapes |= dict.fromkeys(wanted, loaded)
            return
        if (missing := self._located.pop(request, None)) is not None:
            if missing in {each.id for each in self._session.document.missing}:
                self._session.found(missing, loaded, request.path)
            return
        entry = new_entry(loaded, request.path, request.dataset, request.row, request.columns)
        if (before := self._again.pop(request, None)) is not None:
            now = self._session.document.entry(before)
            if now is not None and now.kept is not None and now.columns == request.columns:
                self._session.put(before, uncut(now, loaded), f"Bring back all points of {now.name}")
            else:
                self._session.put(before, entry, f"Columns of {entry.name}")
            return
        self._session.add([entry])
        self._remember(Path(request.path))

    def _remember(self, path: Path) -> None:
        """Add a path to the recent ones; the next file dialog opens in its folder, unless it is bundled."""
        self._settings.add_recent(str(path))
        if path.parent != asset("shapes"):
            self._settings.put("folder", str(path.parent))
        self.recent_changed.emit()

    def _wanted(self, request: ReadRequest) -> list[str]:
        """The ids of the entries of the opening project that need the shape of this request."""
        requests = self._project.requests if self._project else {}
        return [id for id, other in requests.items() if other == request]

    def _fail(self, request: ReadRequest, why: str) -> None:
        self._failed |= dict.fromkeys(self._wanted(request), why)
        self._located.pop(request, None)
        self._again.pop(request, None)
        again = "Open again", lambda: self._reading.read([request])
        path = Path(request.path)
        self._session.tell("error", f"{path.name}: {why}", path, again)

    def _ask(self, path: str, datasets: list[StoredArray]) -> None:
        request = choose_row(self._window, path, datasets)
        if request is not None:
            self._reading.read([request])

    def _finish_project(self) -> None:
        opened, self._project = self._project, None
        if opened is None:
            return
        try:
            document = from_json(opened.values, self._shapes, self._failed)
        except ProjectError as why:
            self._session.tell("error", f"{opened.file.name}: {why}", opened.file)
            return
        if self._autosaved:
            self._session.replace_all(document, None, opened.camera, opened.step)
            self._session.mark_unsaved()
            self._take_over(opened.file)
            self.restored.emit()
        else:
            self._session.replace_all(document, opened.file, opened.camera, opened.step)
            if not self._claim.take(opened.file, opened.seen):
                said = f"{opened.file.name} is open in another window too: neither overwrites what the other"
                self._session.tell("warning", f"{said} saved without asking.", opened.file)
            self._remember(opened.file)
        if document.unknown.names:
            self._session.tell("warning", f"{opened.file.name}: {document.unknown}.", opened.file)
