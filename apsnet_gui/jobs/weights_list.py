"""The list of weights for the panels, which is read on a worker thread."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from apsnet_core.atomic import atomic_path
from apsnet_gui.jobs.background import Background, Job
from apsnet_gui.jobs.importing import import_alone
from apsnet_gui.state.document import Choice

if TYPE_CHECKING:
    from apsnet_core.weights.listing import Entry


class WeightsList(QObject):
    """The known weights. ``changed`` reports a new list; ``notice(level, text)`` an import or a failure."""

    changed = Signal()
    notice = Signal(str, str)

    def __init__(self, background: Background) -> None:
        super().__init__(background)
        self._background = background
        self._all: list[Entry] = []

    def refresh(self) -> Job:
        """List the weights again."""
        job = self._background.start("Looking for weights", _look, lane="weights", at_once=True, needed=True)
        job.done.connect(self._take)
        job.failed.connect(lambda why: self.notice.emit("error", f"The weights could not be listed: {why}"))
        return job

    def fitting(self, choice: Choice) -> list[Entry]:
        """The weights for the method and task of ``choice``, the shipped ones first."""
        wanted = (choice.spec.row.trained_as, choice.task)
        found = [e for e in self._all if (e.metadata.method, e.metadata.task) == wanted]
        return sorted(found, key=lambda e: (e.origin != "shipped", e.metadata.sizes))

    def task_nets(self) -> list[Entry]:
        """The weights of task nets."""
        return [entry for entry in self._all if entry.metadata.method is None]

    def sizes(self, choice: Choice) -> tuple[int, ...]:
        """The sizes for which the chosen weights were trained, or all fitting weights if none are chosen."""
        fitting = self.fitting(choice)
        if choice.spec.weights:
            fitting = [entry for entry in fitting if entry.name == choice.spec.weights]
        return tuple(sorted({size for entry in fitting for size in entry.metadata.sizes}))

    def import_file(self, path: Path, task: str) -> None:
        """Copy a file of weights to the user's own weights; a published .pth is converted for ``task``.

        The copy gets an unused name, so that no other weights are replaced.
        """

        def work(_: object) -> str:
            from apsnet_core.weights.listing import free_name, user_weights

            if path.parent.resolve() == user_weights().resolve() and path.suffix == ".safetensors":
                raise ValueError("it is among your own weights already")
            target = user_weights() / f"{free_name(path.stem)}.safetensors"
            if path.suffix == ".safetensors":
                from apsnet_core.weights.metadata import load_metadata

                load_metadata(path)
                with atomic_path(target) as beside:
                    shutil.copyfile(path, beside)
            else:
                from apsnet_core.weights.importing import import_published

                import_published(path, target, task=task)
            return target.stem

        job = self._background.start(f"Importing {path.name}", work)
        job.done.connect(lambda name: self.notice.emit("info", f"Imported the weights {name}"))
        job.done.connect(lambda _: self.refresh())
        job.failed.connect(lambda why: self.notice.emit("error", f"{path.name} was not imported: {why}"))

    def _take(self, found: list[Entry]) -> None:
        if found != self._all:
            self._all = found
            self.changed.emit()


def _look(_: object) -> list[Entry]:
    # This import loads pydantic; it is here, on the worker thread, so that the window starts sooner.
    import_alone("apsnet_core.weights.listing")
    from apsnet_core.weights.listing import catalogue

    return catalogue().entries
