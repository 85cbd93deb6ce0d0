"""The `apsnet` command: one module per group of commands, each light to import."""

from __future__ import annotations

import io
import logging
import signal
import sys
import threading
from collections.abc import Sequence

from apsnet_core import own_process, worker


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of `apsnet`; exits with 0, 1 (a sentence says what failed), 2 (usage) or 130 (Ctrl-C)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [worker.FLAG]:
        sys.exit(worker.main(given[1:]))
    from apsnet_core.cli.app import run
    from apsnet_core.scratch import sweep

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name need not be text
    if threading.current_thread() is threading.main_thread():
        # SIGTERM ends as Ctrl-C does, so that no half-written file stays.
        signal.signal(signal.SIGTERM, _end)
    own_process.claim()
    logging.basicConfig(format="apsnet: %(message)s")  # to standard error; run sets what is said
    threading.Thread(target=sweep, name="sweep").start()
    sys.exit(run(given))


def _end(*_: object) -> None:
    """The handler of Ctrl-C. It is set even where a shell starts the command with SIGINT ignored ("&")."""
    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, signal.SIG_DFL, None):
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)
