"""One reader process for all windows, because starting one takes longer than reading most files."""

from __future__ import annotations

import pytest

from apsnet_core import plugins
from apsnet_core.child import Child
from apsnet_gui.jobs import reading
from apsnet_gui.jobs.reader_process import ReaderProcess


class LentReader(ReaderProcess):
    """The shared process as the reader of one window; ``ended`` after this window has closed it."""

    def __init__(self, process: Child) -> None:
        self._child = process
        self.ended = False

    def close(self) -> None:
        self.ended = True


def lend(process: Child, monkeypatch: pytest.MonkeyPatch) -> list[LentReader]:
    """Let windows read with ``process``; those with plug-ins start their own, which loads the plug-ins."""
    lent: list[LentReader] = []

    def make() -> ReaderProcess:
        if plugins.files():
            return ReaderProcess()
        lent.append(LentReader(process))
        return lent[-1]

    monkeypatch.setattr(reading, "ReaderProcess", make)
    return lent
