"""The open document and its results. Views listen to the session, which does not depend on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.types import Changed
from apsnet_gui.state.document import Document
from apsnet_gui.state.messages import Remedy
from apsnet_gui.state.open_shape import Loaded, OpenShape, coloured
from apsnet_gui.state.results import Results
from apsnet_gui.state.selected import Selected
from apsnet_gui.state.undo import UndoHistory
from apsnet_gui.viewport.camera import Camera


class Session(Results):
    """The open document with its undo history, its results, and notices to the user.

    ``changed`` carries the `Document` before and after a change. ``changing`` is emitted before it, for parts
    that are made only when there is something to show, and ``followed`` with the same documents after all
    listeners have handled the change. ``notice`` carries a level (info, warning, error) and a text; ``told``
    adds the file that it is about and its `Remedy` or None. ``standing`` carries a topic and a text about its
    current state.
    """

    changing = Signal()
    changed = Signal(object, object)
    followed = Signal(object, object)
    history_changed = Signal()  # after each `changed`, and when the file that holds the document changes
    camera_changed = Signal(object)
    notice = Signal(str, str)
    standing = Signal(str, str)
    told = Signal(str, str, str, object)
    estimated = Signal()  # normals or curvature of a cloud are ready for its picture

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = Document()
        self.file: Path | None = None
        self.camera: Camera | None = None
        self.camera_fitted = False
        self.selected = Selected(self)
        self._undo = UndoHistory()
        self._saved = self.document

    # --- changes that can be undone ---

    def change(self, text: str, document: Document, key: str | None = None, dragging: bool = False) -> None:
        """Replace the document; quick changes with the same ``key`` become one undo step.

        With ``dragging``, all changes with that key merge into one undo step, however long they take.
        """
        before = self.document
        if document == before:
            return
        self._undo.add(text, before, document, key, dragging)
        self._show(document)

    def undo(self) -> None:
        """Undo the last change, if there is one."""
        if (document := self._undo.undo()) is not None:
            self._show(document)

    def redo(self) -> None:
        """Redo the change that was undone last, if there is one."""
        if (document := self._undo.redo()) is not None:
            self._show(document)

    @property
    def undo_text(self) -> str | None:
        """The change that `undo` would take back, in words; None if there is none."""
        return self._undo.undo_text

    @property
    def redo_text(self) -> str | None:
        """The change that `redo` would make again, in words; None if there is none."""
        return self._undo.redo_text

    def _show(self, document: Document) -> None:
        self.changing.emit()
        before, self.document = self.document, document
        if self.result is not None and document.entry(self.result.entry) is None:
            self.set_result(None)
        self.changed.emit(before, document)
        self.followed.emit(before, document)
        self.history_changed.emit()

    # --- actions of the user; ``changes`` are keyword arguments of `dataclasses.replace`, hence `Any` ---

    def add(self, entries: Sequence[OpenShape]) -> None:
        """Open shapes; the last one becomes current and the only visible one."""
        if not entries:
            return
        text = f"Open {entries[0].name}" if len(entries) == 1 else f"Open {len(entries)} shapes"
        *others, last = coloured(entries, self.document.entries)
        hidden = tuple(replace(entry, visible=False) for entry in (*self.document.entries, *others))
        self.change(text, replace(self.document, entries=(*hidden, last), current=last.id), key="open")

    def browse(self, entry: OpenShape) -> None:
        """Open a shape of the dataset in place of the shape that was browsed before."""
        key = "browse" if self.document.browsed else None
        self.change(f"Browse to {entry.name}", self.document.with_browsed(entry), key)

    def open_dataset(self, source: str | None) -> None:
        """Open another dataset, or none. The shape that was browsed last stays open."""
        text = "Close the dataset" if source is None else f"Open the dataset {Path(source).name}"
        self.change(text, replace(self.document, dataset=source, browsed=None))

    def keep_browsed(self) -> None:
        """Keep the browsed shape open; the next one is opened beside it."""
        self.change("Keep the shape", replace(self.document, browsed=None))

    def put(self, id: str, entry: OpenShape, text: str) -> None:
        """Replace the shape ``id`` by ``entry``: the same file read in another way, or a part of it.

        If the shape was current, ``entry`` becomes current.
        """
        before = self.document.entry(id)
        if before is not None:
            entry = replace(entry, colour=before.colour)
            entries = tuple(entry if each is before else each for each in self.document.entries)
            current = entry.id if self.document.current == id else self.document.current
            self.change(text, replace(self.document, entries=entries, current=current))

    def split(self, id: str, parts: Sequence[OpenShape], what: str = "Split {} into objects") -> None:
        """Hide all shapes and open the ``parts`` of the shape ``id`` below it; the first becomes current."""
        entries: list[OpenShape] = []
        for entry in self.document.entries:
            entries.append(replace(entry, visible=False))
            entries += coloured(parts, self.document.entries) if entry.id == id else []
        self.change(
            what.format(self._name(id)), replace(self.document, entries=tuple(entries), current=parts[0].id)
        )

    def remove(self, *ids: str) -> None:
        """Close shapes. If the current one is closed, the next one becomes current and visible."""
        document = self.document
        for id in ids:
            document = document.without(id)
        self.change(f"Close {self._names(ids)}", document)

    def found(self, id: str, loaded: Loaded, path: str) -> None:
        """Open a missing entry of the project from ``path``."""
        self.change("Locate a missing shape", self.document.with_found(id, loaded, path), key="locate")

    def forget_missing(self, id: str) -> None:
        """Remove a missing entry from the project."""
        left = tuple(each for each in self.document.missing if each.id != id)
        self.change("Remove a missing shape", replace(self.document, missing=left))

    def select(self, id: str) -> None:
        """Make a shape current and visible; the others stay as they are."""
        document = replace(self.document.with_entry(id, visible=True), current=id)
        self.change(f"Select {self._name(id)}", document, key="select")

    def show(self, ids: Collection[str], visible: bool) -> None:
        """Show or hide these shapes."""
        entries = tuple(replace(e, visible=visible) if e.id in ids else e for e in self.document.entries)
        text = f"{'Show' if visible else 'Hide'} {self._names(ids)}"
        self.change(text, replace(self.document, entries=entries))

    def show_only(self, ids: Collection[str]) -> None:
        """Show these shapes and hide all others; the current shape becomes one of them."""
        entries = tuple(replace(entry, visible=entry.id in ids) for entry in self.document.entries)
        kept = [entry.id for entry in entries if entry.visible]
        current = self.document.current if self.document.current in kept else next(iter(kept), None)
        text = f"Show only {self._names(ids)}"
        self.change(text, replace(self.document, entries=entries, current=current))

    def paint(self, ids: Collection[str], colour: str) -> None:
        """Give these shapes one plain colour."""
        entries = tuple(
            replace(entry, colour=colour, colouring="plain") if entry.id in ids else entry
            for entry in self.document.entries
        )
        self.change(f"Change the colour of {self._names(ids)}", replace(self.document, entries=entries))

    def edit(self, id: str, text: str, **changes: Changed) -> None:
        """Change fields of one entry, for example ``edit(id, "Rename", name="Chair")``."""
        self.change(text, self.document.with_entry(id, **changes), key=f"{id} {sorted(changes)}")

    def stand(self, id: str, up: str) -> None:
        """Make ``up``, an axis or a vector, the up direction of a shape, because the user chose it."""
        self.edit(id, "Turn the up axis", up=up, up_by_hand=True)

    def choose(self, **changes: Changed) -> None:
        """Change fields of the choice, for example ``choose(m=64)``."""
        self.change(
            "Change " + _words(changes),
            self.document.with_choice(**changes),
            key=f"choose {sorted(changes)}",
        )

    def line_up(self, text: str, **changes: Changed) -> None:
        """Change fields of the line-up, for example ``line_up("Select Voxel", selected=2)``."""
        self.change(text, self.document.with_lineup(**changes), key=f"line up {sorted(changes)}")

    def change_what_if(self, text: str, key: str | None = None, **changes: Changed) -> None:
        """Change fields of the what-if, for example ``change=Perturbation(noise=1)``."""
        what_if = replace(self.document.what_if, **changes)
        self.change(text, replace(self.document, what_if=what_if), key or f"what if {sorted(changes)}")

    def edit_samples(self, text: str, samples: str, edit: Edit | None, gesture: str | None = None) -> None:
        """Set the edits by hand of the samples with the key ``samples``; None removes them.

        All edits of one ``gesture`` are one undo step.
        """
        what_if = self.document.what_if.with_edit(samples, edit)
        self.change(text, replace(self.document, what_if=what_if), gesture, dragging=gesture is not None)

    def look(self, **changes: Changed) -> None:
        """Change fields of the look, for example ``look(ghost=False)``."""
        look = replace(self.document.look, **changes)
        self.change(
            "Change " + _words(changes), replace(self.document, look=look), key=f"look {sorted(changes)}"
        )

    # --- state that cannot be undone: the camera, notices ---

    def set_camera(self, camera: Camera | None, fitted: bool = False) -> None:
        """Set the camera that views share; ``fitted`` means that it was fitted to a view and not moved."""
        if camera != self.camera:
            self.camera_fitted = fitted
            self.camera = camera
            self.camera_changed.emit(camera)

    def tell(self, level: str, text: str, file: Path, remedy: Remedy | None = None) -> None:
        """Emit a notice about ``file``."""
        self.told.emit(level, text, str(file), remedy)

    # --- the file it is saved in ---

    @property
    def modified(self) -> bool:
        """Whether the document differs from its file."""
        return self.document != self._saved

    @property
    def has_unsaved_work(self) -> bool:
        """Whether closing would lose work; settings without any shape or file do not count."""
        return self.modified and (
            self.file is not None or bool(self.document.entries or self.document.missing)
        )

    def saved_as(self, file: Path | None) -> None:
        """Remember that ``file`` holds the current document."""
        self.file, self._saved = file, self.document
        self.history_changed.emit()

    def mark_unsaved(self) -> None:
        """Treat the current document as one that is not saved in any file."""
        self._saved = Document()
        self.history_changed.emit()

    def replace_all(
        self, document: Document, file: Path | None, camera: Camera | None, step: int | None = None
    ) -> None:
        """Open another document with its camera, and clear the undo history.

        Its first result shows ``step``, or the last step if it is None.
        """
        self._undo.clear()
        self.set_result(None)
        self._opened_at = step
        self._show(document)
        self.set_camera(camera)
        self.saved_as(file)

    def _name(self, id: str) -> str:
        entry = self.document.entry(id)
        return entry.name if entry else "shape"

    def _names(self, ids: Collection[str]) -> str:
        return self._name(next(iter(ids))) if len(ids) == 1 else f"{len(ids)} shapes"


def _words(names: Iterable[str]) -> str:
    words = {"m": "number of points", "as_mesh": "mesh", "order": "order labels", "sphere": "sample size"}
    words |= {"by": "division", "heat_from": "colour range", "heat_to": "colour range"}
    return ", ".join(words.get(name, name.replace("_", " ")) for name in names)
