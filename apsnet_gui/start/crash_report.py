"""Report an unexpected exception with a sentence in the window and the traceback in the log."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

log = logging.getLogger("apsnet_gui")
KEEP_BYTES = 1 << 20


class CrashReport(QObject):
    """Replaces ``sys.excepthook`` and ``threading.excepthook``, and logs exceptions and Qt's messages.

    ``happened(sentence)`` is emitted on the GUI thread.
    """

    happened = Signal(str)
    _caught = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "apsnet-studio.log"
        if self.file.exists() and self.file.stat().st_size > KEEP_BYTES:
            self.file.replace(self.file.with_suffix(".old.log"))
        handler = logging.FileHandler(self.file, delay=True, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        self._handler = handler
        qInstallMessageHandler(_to_log)
        self._native = (folder / "native-crash.log").open("w")
        faulthandler.enable(self._native)
        self._caught.connect(self.happened, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._report
        threading.excepthook = lambda args: self._report(args.exc_type, args.exc_value, args.exc_traceback)

    def close(self) -> None:
        """Restore the hooks and close the log files."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)
        log.removeHandler(self._handler)
        self._handler.close()
        faulthandler.disable()
        self._native.close()

    def _report(
        self, kind: type[BaseException], why: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, why or kind(), trace)
            return
        log.error("unexpected %s", kind.__name__, exc_info=(kind, why or kind(), trace))
        self._caught.emit(
            f"An unexpected error occurred ({kind.__name__}: {why}). The details are in {self.file}"
        )


def _to_log(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Write a message of Qt to the log; Qt itself also prints fatal ones, which end the program."""
    level = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}.get(
        kind, logging.WARNING
    )
    log.log(level, "Qt: %s", text)
