"""The commands that write samplings, clouds and pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from apsnet_core.files import WriteError
from apsnet_gui.jobs.background import Background, JobProgress
from apsnet_gui.jobs.export import write_cloud, write_clouds, write_result, write_samples
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.window.central import CentralView
from apsnet_gui.window.commands.file_names import PICTURES, FileNames, save_filters
from apsnet_gui.window.dialogs import PictureDialog
from apsnet_gui.window.save_pictures import PictureWriter


class ExportCommands:
    """Commands that write files on worker threads; a notice reports each result."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        background: Background,
        central: CentralView,
        pictures: PictureWriter,
        names: FileNames,
    ) -> None:
        self._window, self._session, self._background = window, session, background
        self._central, self._pictures, self._names = central, pictures, names

    def export_sampling(self) -> None:
        """Ask for a file and write the samples to it."""
        result, entry = self._session.result, self._session.document.active
        if result is None or entry is None:
            return
        name = f"{Path(entry.path).stem}-{result.choice.method}-{result.sampling.m}.ply"
        path = self._names.ask_target("Export sampling", name, save_filters())
        if path is not None:
            self._write(path, lambda: write_result(result, path))

    def export_cloud(self) -> None:
        """Ask for a file and write the current shape to it."""
        entry = self._session.document.active
        if entry is None:
            return
        filters = save_filters(mesh=entry.is_mesh)
        path = self._names.ask_target("Export cloud", f"{entry.name}.ply", filters)
        if path is not None:
            self._write(path, lambda: write_cloud(entry.shape, path))

    def export_clouds(self, entries: list[OpenShape]) -> None:
        """Ask for a folder and write each shape to a file in it, or ask for a file for the current shape."""
        if len(entries) == 1 and entries[0].id == self._session.document.current:
            self.export_cloud()
            return
        self._to_folder("Export to a folder", partial(write_clouds, entries))

    def sample_each(self, entries: list[OpenShape]) -> None:
        """Ask for a folder, sample each shape with the current settings, and write the samples to it."""
        self._to_folder("Sample to a folder", partial(write_samples, self._session.document, entries))

    def save_picture(self) -> None:
        """Ask for the scale and a file, and write a picture of the view."""
        view = self._central.view
        dialog = PictureDialog(self._window, view.size().toSizeF() * view.devicePixelRatioF())
        if dialog.exec() != PictureDialog.DialogCode.Accepted:
            return
        transparent = dialog.transparent.isChecked()
        filters = "PNG (*.png)" if transparent else PICTURES
        path = self._names.ask_target("Save picture of the view", "view.png", filters)
        if path is not None:
            self._pictures.save_view(path, dialog.scale.currentData(), transparent)

    def save_window_picture(self) -> None:
        """Ask for a file and write a picture of the window."""
        path = self._names.ask_target("Save picture of the window", "window.png", PICTURES)
        if path is not None:
            self._pictures.save_window(path)

    def save_steps(self) -> None:
        """Ask for a file and write a picture of every step."""
        filters = "Animated GIF (*.gif);;A PNG for each step (*.png)"
        path = self._names.ask_target("Save the steps", "steps.gif", filters, self._pictures.steps_files)
        if path is not None:
            self._pictures.save_steps(path)

    def _to_folder(self, title: str, work: Callable[[Path, JobProgress], int]) -> None:
        folder = self._names.ask_folder(title)
        if folder is None:
            return
        job = self._background.start(title, lambda progress: work(folder, progress))
        job.done.connect(lambda count: self._session.tell("info", f"Wrote {count} files to {folder}", folder))
        job.failed.connect(lambda why: self._session.tell("error", sentence(why, folder), folder))

    def _write(self, path: Path, work: Callable[[], None]) -> None:
        job = self._background.start(f"Writing {path.name}", lambda _: work())
        job.done.connect(lambda _: self._session.tell("info", f"Wrote {path}", path))
        job.failed.connect(lambda why: self._session.tell("error", sentence(why, path), path))


def sentence(why: Exception, path: Path) -> str:
    """A sentence that says why a file was not written."""
    return str(why) if isinstance(why, WriteError) else f"{path.name} was not written: {why}"
