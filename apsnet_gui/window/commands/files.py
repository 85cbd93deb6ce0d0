"""The commands of the File menu that open, save and close."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from apsnet_gui.dataset.open_dataset import FURNITURE
from apsnet_gui.state import project_file
from apsnet_gui.state.document import Document
from apsnet_gui.state.project_claim import ProjectClaim, stamp
from apsnet_gui.state.project_file import SUFFIX
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.window.commands.file_names import PROJECTS, FileNames, open_filters
from apsnet_gui.window.opening import Opening
from apsnet_gui.window.unsaved import Overwrite, Unsaved, ask_about_overwriting, ask_about_unsaved


class FileCommands:
    """Opens, saves and closes. No command loses unsaved work without asking."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Settings,
        opening: Opening,
        claim: ProjectClaim,
        names: FileNames,
    ) -> None:
        self._window, self._session, self._settings = window, session, settings
        self._opening, self._claim, self._names = opening, claim, names

    def open_files(self) -> None:
        """Ask for files and open them."""
        paths = self._names.ask_files("Open", open_filters())
        if paths:
            self._opening.open_paths(paths)

    def open_dataset(self) -> None:
        """Ask for a folder and open it as a dataset."""
        folder = self._names.ask_folder("Open a dataset: its folder")
        if folder is not None:
            self._opening.open_folder(folder)

    def open_furniture(self) -> None:
        """Open the bundled dataset."""
        self._opening.open_dataset(FURNITURE)

    def choose_columns(self) -> None:
        """Ask for the columns of the current shape's file, and read it again."""
        self._opening.choose_columns()

    def bring_back(self) -> None:
        """Restore all points of the current shape's file."""
        self._opening.bring_back()

    def open_project(self) -> None:
        """Ask for a project and open it."""
        file = self._names.ask_file("Open project", PROJECTS)
        if file is not None:
            self._opening.open_project(file)

    def new_project(self) -> None:
        """Close everything; the choice of method and size is kept."""
        if self.may_lose_changes():
            self._claim.drop()
            self._session.replace_all(Document(choice=self._session.document.choice), None, None)

    def may_lose_changes(self) -> bool:
        """Ask about unsaved work and save it on request; False if the user cancels or saving fails."""
        session = self._session
        if not session.has_unsaved_work:
            return True
        answer = ask_about_unsaved(self._window, session.file.name if session.file else None)
        return answer is Unsaved.DISCARD or (answer is Unsaved.SAVE and self.save_project())

    def save_project(self) -> bool:
        """Save to the project's file, or ask for one."""
        return self._save(self._session.file) if self._session.file else self.save_project_as()

    def save_project_as(self) -> bool:
        """Ask for a file and save the project to it."""
        name = "project" + SUFFIX
        path = self._names.ask_target("Save project", name, PROJECTS, lambda path: [_project_file(path)])
        return path is not None and self._save(_project_file(path))

    def _save(self, file: Path) -> bool:
        if (why := self._claim.in_the_way(file)) is not None:
            answer = ask_about_overwriting(self._window, why)
            if answer is not Overwrite.YES:
                return answer is Overwrite.ELSEWHERE and self.save_project_as()
        try:
            project_file.save(self._session, file)
        except OSError as error:
            self._session.tell("error", f"{file.name} was not saved: {error.strerror}", file)
            return False
        self._claim.take(file, stamp(file))
        self._session.saved_as(file)
        self._settings.add_recent(str(file))
        self._session.tell("info", f"Saved {file}", file)
        return True

    def close_shape(self) -> None:
        """Close the current shape."""
        if self._session.document.current is not None:
            self._session.remove(self._session.document.current)

    def quit(self) -> None:
        """Close the window."""
        self._window.close()


def _project_file(path: Path) -> Path:
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
