"""One process that reads the files of all windows: to start one takes longer than to read most files."""

from __future__ import annotations

import pytest

from apsnet_core import plugins
from apsnet_core.child import Child
from apsnet_gui.jobs import reading
from apsnet_gui.jobs.reader_process import ReaderProcess


class LentReader(ReaderProcess):
    """The process in the hands of a window, which ``ended`` it for its part."""

    def __init__(self, process: Child) -> None:
        self._child = process
        self.ended = False

    def close(self) -> None:
        self.ended = True


def lend(process: Child, monkeypatch: pytest.MonkeyPatch) -> list[LentReader]:
    """Windows read with the ``process`` from now on; those with plug-ins start one that knows them."""
    lent: list[LentReader] = []

    def make() -> ReaderProcess:
        if plugins.files():
            return ReaderProcess()
        lent.append(LentReader(process))
        return lent[-1]

    monkeypatch.setattr(reading, "ReaderProcess", make)
    return lent
