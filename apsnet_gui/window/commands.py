"""What the actions do: one method for each name in `actions.ACTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from apsnet_core.files import WriteError
from apsnet_core.files.formats import formats, kinds, readable
from apsnet_gui.comparison import plot_panel as curves
from apsnet_gui.comparison import report as reporting
from apsnet_gui.comparison.compute import Question
from apsnet_gui.dataset.open_dataset import FURNITURE
from apsnet_gui.jobs.background import Progress
from apsnet_gui.jobs.export import write_cloud, write_clouds, write_result, write_samples
from apsnet_gui.state import project_file as project
from apsnet_gui.state.document import Document, Entry
from apsnet_gui.state.method_names import command
from apsnet_gui.state.project_file import SUFFIX
from apsnet_gui.viewport.navigation import VIEW_KEYS
from apsnet_gui.window.dialogs import PictureDialog

if TYPE_CHECKING:
    from apsnet_core.weights.metadata import TaskName
    from apsnet_gui.window.window import Window

PICTURES = "PNG (*.png);;JPEG (*.jpg)"


class Commands:
    """Works on the window's session and asks where a file name is needed."""

    def __init__(self, window: Window) -> None:
        self._window, self._session = window, window.session

    # --- files ---

    def open_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self._window, "Open", self._folder(), open_filters())
        if paths:
            self._remember(paths[0])
            self._window.opening.open_paths(paths)

    def open_dataset(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, "Open a dataset: its folder", self._folder())
        if chosen:
            self._remember(chosen)
            self._window.opening.open_folder(Path(chosen))

    def open_furniture(self) -> None:
        self._window.desk.shelf.open(FURNITURE)

    def open_project(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Open project", self._folder(), f"APSNet Studio project (*{SUFFIX})"
        )
        if path and self._window.may_lose_changes():
            self._remember(path)
            self._window.opening.open_project(Path(path))

    def new_project(self) -> None:
        if self._window.may_lose_changes():
            self._session.replace_all(Document(choice=self._session.document.choice), None, None)

    def save_project(self) -> bool:
        return self._save(self._session.file) if self._session.file else self.save_project_as()

    def save_project_as(self) -> bool:
        path = self._ask_target("Save project", "project" + SUFFIX, f"APSNet Studio project (*{SUFFIX})")
        if path is None:
            return False
        return self._save(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    def _save(self, file: Path) -> bool:
        try:
            project.save(self._session, file)
        except OSError as why:
            self._session.notice.emit("error", f"{file.name} was not saved: {why.strerror}")
            return False
        self._session.saved_as(file)
        self._window.settings.add_recent(str(file))
        self._session.notice.emit("info", f"Saved {file.name}")
        return True

    def export_sampling(self) -> None:
        result, entry = self._session.result, self._session.document.active
        if result is None or entry is None:
            return
        name = f"{Path(entry.path).stem}-{result.choice.method}-{result.sampling.m}.ply"
        path = self._ask_target("Export sampling", name, save_filters())
        if path is not None:
            self._run(f"Writing {path.name}", path, lambda: write_result(result, path))

    def export_cloud(self) -> None:
        entry = self._session.document.active
        if entry is None:
            return
        path = self._ask_target("Export cloud", f"{entry.name}.ply", save_filters(mesh=entry.is_mesh))
        if path is not None:
            self._run(f"Writing {path.name}", path, lambda: write_cloud(entry.shape, path))

    def export_clouds(self, entries: list[Entry]) -> None:
        """Several to a folder, one to a file."""
        if len(entries) == 1 and entries[0].id == self._session.document.current:
            self.export_cloud()
            return
        self._to_folder("Export to a folder", partial(write_clouds, entries))

    def sample_each(self, entries: list[Entry]) -> None:
        """One after another, as the current shape is sampled."""
        self._to_folder("Sample to a folder", partial(write_samples, self._session.document, entries))

    def _to_folder(self, title: str, work: Callable[[Path, Progress], int]) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, title)
        if not chosen:
            return
        folder = Path(chosen)
        job = self._window.background.start(title, lambda progress: work(folder, progress))
        job.done.connect(lambda count: self._session.notice.emit("info", f"Wrote {count} files to {folder}"))
        job.failed.connect(lambda why: self._session.notice.emit("error", sentence(why, folder)))

    def _run(self, title: str, path: Path, work: object) -> None:
        job = self._window.background.start(title, lambda _: work())  # type: ignore[operator]
        job.done.connect(lambda _: self._session.notice.emit("info", f"Wrote {path.name}"))
        job.failed.connect(lambda why: self._session.notice.emit("error", sentence(why, path)))

    def save_picture(self) -> None:
        view = self._window.view
        dialog = PictureDialog(self._window, view.size() * view.devicePixelRatioF())
        if dialog.exec() != PictureDialog.DialogCode.Accepted:
            return
        transparent = dialog.transparent.isChecked()
        filters = "PNG (*.png)" if transparent else PICTURES
        path = self._ask_target("Save picture of the view", "view.png", filters)
        if path is not None:
            self._window.pictures.save_view(path, dialog.scale.currentData(), transparent)

    def save_window_picture(self) -> None:
        path = self._ask_target("Save picture of the window", "window.png", PICTURES)
        if path is not None:
            self._window.pictures.save_window(path)

    def save_steps(self) -> None:
        path = self._ask_target(
            "Save the steps", "steps.gif", "Animated GIF (*.gif);;A PNG for each step (*.png)"
        )
        if path is not None:
            self._window.pictures.save_steps(path)

    def close_shape(self) -> None:
        if self._session.document.current is not None:
            self._session.remove(self._session.document.current)

    def quit(self) -> None:
        self._window.close()

    # --- editing ---

    def undo(self) -> None:
        self._session.undo()

    def redo(self) -> None:
        self._session.redo()

    def rename_shape(self) -> None:
        self._window.clouds.rename()

    def copy_command(self) -> None:
        entry = self._session.document.active
        if entry is not None:
            text = self._command(entry)
            QGuiApplication.clipboard().setText(text)
            self._session.notice.emit("info", f"Copied: {text}")

    def _command(self, entry: Entry) -> str:
        """Of a cloud that is supposed to be another only `apsnet compare` knows."""
        document = self._session.document
        choice, what_if = document.choice, document.what_if
        if not what_if.change:
            return command(choice, entry)
        question = Question(
            entry, choice, (choice.spec,), (choice.m,), what_if, document.entry(what_if.other)
        )
        return reporting.command(question, question.methods, [choice.m])

    def copy_camera(self) -> None:
        self._window.view.copy_camera()

    def paste_camera(self) -> None:
        self._window.view.paste_camera()

    # --- the view ---

    def move_camera(self, id: str) -> None:
        view = self._window.view
        key = next(key for key in VIEW_KEYS if key.id == id)
        view.move_camera(key.move(view.camera, (view.width(), view.height()), view.scene.up))

    def fit_view(self) -> None:
        self._window.view.fit()

    def undo_camera(self) -> None:
        self._window.view.undo_camera()

    def redo_camera(self) -> None:
        self._window.view.redo_camera()

    def turn_up(self) -> None:
        entry = self._session.document.active
        if entry is not None:
            self._session.edit(entry.id, "Turn the up axis", up="z" if entry.up == "y" else "y")

    def toggle_mesh(self) -> None:
        entry = self._session.document.active
        if entry is not None and entry.is_mesh:
            self._session.edit(entry.id, "Show mesh or cloud", as_mesh=not entry.as_mesh)

    def toggle_look(self, name: str) -> None:
        self._session.look(**{name: not getattr(self._session.document.look, name)})

    def colour_by(self, colouring: str) -> None:
        entry = self._session.document.active
        if entry is not None:
            self._session.edit(entry.id, "Change colouring", colouring=colouring)

    def set_background(self, background: str) -> None:
        self._session.look(background=background)

    def points_larger(self) -> None:
        self._session.look(point_size=min(self._session.document.look.point_size + 1, 12))

    def points_smaller(self) -> None:
        self._session.look(point_size=max(self._session.document.look.point_size - 1, 1))

    # --- methods side by side ---

    def toggle_comparison(self) -> None:
        lineup = self._session.document.lineup
        text = "Leave the comparison" if lineup.shown else "Compare methods"
        self._session.line_up(text, shown=not lineup.shown)

    def show_what_if(self) -> None:
        self._window.show_what_if()

    def save_report(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, "Folder for the report", self._folder())
        question = self._window.comparing.question()
        if chosen and question is not None:
            self.write_report(question, Path(chosen))

    def write_report(self, question: Question, folder: Path) -> None:
        """Of the methods that gave samples of every size."""
        parts = self._window.board.parts
        missing = {p.method for p in question.places if p not in parts or parts[p].result is None}
        methods = tuple(method for method in question.methods if method not in missing)
        if not methods:
            self._session.notice.emit("warning", "No method gave samples: there is nothing to report.")
            return
        job = self._window.background.start(
            "Writing the report", lambda progress: reporting.write(question, methods, folder, progress)
        )
        results = [part.result for place, part in parts.items() if place.method in methods]
        edited = any(result.edit for result in results if result)
        own = " It is of the methods' own samples: what was edited by hand is not in it." if edited else ""
        job.done.connect(lambda page: self._session.notice.emit("info", f"Wrote {page}.{own}"))
        job.failed.connect(
            lambda why: self._session.notice.emit("error", f"The report was not written: {why}")
        )

    def export_curves(self) -> None:
        path = self._ask_target("Export the plot", "plot.png", curves.FORMATS)
        if path is not None:
            try:
                self._window.curves.save(path)
            except OSError as why:
                self._session.notice.emit("error", f"{path.name} was not written: {why.strerror}")
            else:
                self._session.notice.emit("info", f"Wrote {path.name}")

    # --- sampling ---

    def sample_again(self) -> None:
        self._window.sampling_job.restart()
        self._window.comparing.restart()

    def next_seed(self) -> None:
        self._window.sampling.next_seed()

    def halve(self) -> None:
        self._window.sampling.choose(m=max(self._session.document.choice.m // 2, 1))

    def double(self) -> None:
        result = self._session.result
        limit = len(result.cloud) if result else 2048
        self._window.sampling.choose(m=min(self._session.document.choice.m * 2, limit))

    def play(self) -> None:
        self._window.attention.toggle_play()

    def step_by(self, by: str) -> None:
        self._session.set_step(self._session.step + int(by))

    def toggle_sum(self) -> None:
        mode = "step" if self._session.document.look.attention_mode == "sum" else "sum"
        self._session.look(attention_mode=mode)

    def import_weights(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Import weights", self._folder(), "Weights (*.safetensors *.pth)"
        )
        if path:
            self._window.trained.import_file(Path(path), cast("TaskName", self._session.document.choice.task))

    # --- the dataset ---

    def step_shape(self, by: str) -> None:
        self._window.desk.panel.step(int(by))

    def keep_shape(self) -> None:
        self._session.keep_browsed()

    def close_dataset(self) -> None:
        self._session.open_dataset(None)

    def show_evaluation(self) -> None:
        self._window.show_evaluation()

    def export_evaluation(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, "Folder for the table", self._folder())
        if chosen:
            self._window.desk.evaluating.export(Path(chosen))

    # --- training ---

    def new_training(self) -> None:
        self._window.training.new()

    def show_training(self) -> None:
        self._window.show_training()

    # --- the program ---

    def set_theme(self, mode: str) -> None:
        self._window.theme.set_mode(mode)
        self._window.settings.put("theme", mode)

    def set_text_size(self, percent: str) -> None:
        self._window.theme.set_scale(int(percent))
        self._window.settings.put("text size", int(percent))

    def reset_layout(self) -> None:
        self._window.reset_layout()

    def show_palette(self) -> None:
        self._window.show_palette()

    def open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._window.settings.folder)))

    def about(self) -> None:
        from importlib.metadata import version

        QMessageBox.about(
            self._window,
            "About APSNet Studio",
            f"<b>APSNet Studio {version('apsnet-studio')}</b><p>Open, sample and compare point clouds.</p>"
            "<p>APSNet: Attention Based Point Cloud Sampling, Ye et al., BMVC 2022.</p>",
        )

    # --- file names ---

    def _folder(self) -> str:
        return self._window.settings.text("folder", str(Path.home()))

    def _remember(self, path: str) -> None:
        self._window.settings.put("folder", str(Path(path).parent))

    def _ask_target(self, title: str, name: str, filters: str) -> Path | None:
        path, chosen = QFileDialog.getSaveFileName(
            self._window, title, str(Path(self._folder()) / name), filters
        )
        if not path:
            return None
        self._remember(path)
        suffix = chosen[chosen.find("*.") + 1 : -1].split()[0] if "*." in chosen else ""
        return Path(path) if Path(path).suffix else Path(path + suffix)


def open_filters() -> str:
    """A filter for everything, for each kind, and for each format."""
    filters = [("All that can be opened", (*readable(), SUFFIX)), *kinds().items()]
    filters += [(format.title, format.suffixes) for format in formats()]
    return ";;".join([*(_filter(title, suffixes) for title, suffixes in filters), "All files (*)"])


def save_filters(mesh: bool = False) -> str:
    """A filter for each format that can be written."""
    able = [format for format in formats() if (format.write_mesh if mesh else format.write)]
    return ";;".join(_filter(format.title, format.suffixes[:1]) for format in able)


def _filter(title: str, suffixes: Sequence[str]) -> str:
    return f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})"


def sentence(why: Exception, path: Path) -> str:
    """Why a file was not written."""
    return str(why) if isinstance(why, WriteError) else f"{path.name} was not written: {why}"
