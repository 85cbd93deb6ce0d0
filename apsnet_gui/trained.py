"""Which weights there are for each learned method: looked up on a worker thread, kept for the panels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from apsnet_gui.document import Choice
from apsnet_gui.jobs.background import Background, Progress


@dataclass(frozen=True)
class Weights:
    """One entry of the catalogue."""

    name: str
    method: str
    task: str
    sizes: tuple[int, ...]


class Trained(QObject):
    """``changed`` once the list is there, or is another one."""

    changed = Signal()

    def __init__(self, background: Background) -> None:
        super().__init__(background)
        self._background = background
        self._all: tuple[Weights, ...] = ()

    def refresh(self) -> None:
        job = self._background.start("Looking for weights", _look, lane="weights")
        job.done.connect(self._take)

    def names(self, choice: Choice) -> list[str]:
        """The weights that fit the method and task, best first."""
        return [entry.name for entry in self._fitting(choice)]

    def sizes(self, choice: Choice) -> tuple[int, ...]:
        """The sizes that the chosen weights were trained for."""
        fitting = self._fitting(choice)
        if choice.weights:
            fitting = [entry for entry in fitting if entry.name == choice.weights]
        return tuple(sorted({size for entry in fitting for size in entry.sizes}))

    def _fitting(self, choice: Choice) -> list[Weights]:
        return [entry for entry in self._all if (entry.method, entry.task) == (choice.method, choice.task)]

    def _take(self, found: tuple[Weights, ...]) -> None:
        if found != self._all:
            self._all = found
            self.changed.emit()


def _look(progress: Progress) -> tuple[Weights, ...]:
    return ()
